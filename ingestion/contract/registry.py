"""All entities of the contract, and the ways to look one up.

The entities themselves are declared by domain in the neighbouring modules.
"""

from __future__ import annotations

from ingestion.contract import crm, crm_relations, email, reference, social, web
from ingestion.contract.model import Entity

ENTITIES: tuple[Entity, ...] = (
    *crm.ENTITIES,
    *crm_relations.ENTITIES,
    *web.ENTITIES,
    *social.ENTITIES,
    *email.ENTITIES,
    *reference.ENTITIES,
)

_BY_PATH = {entity.path: entity for entity in ENTITIES}
_BY_TABLE = {entity.table: entity for entity in ENTITIES}


def entity_at(path: str) -> Entity | None:
    """The entity whose inbox folder is `path` (for example `crm/orders`), or None for a folder the contract lacks."""
    return _BY_PATH.get(path)


def entity_named(table: str) -> Entity:
    """The entity stored in table `table` (for example `crm_orders`). Raises KeyError with the choices."""
    try:
        return _BY_TABLE[table]
    except KeyError:
        raise KeyError(f"no entity {table!r} in the contract; choose from {sorted(_BY_TABLE)}") from None


def entities_of(domain: str) -> tuple[Entity, ...]:
    """All entities of one domain, in contract order."""
    return tuple(entity for entity in ENTITIES if entity.domain == domain)
