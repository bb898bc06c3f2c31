"""The data contract: which entities exist, their columns, types, keys and privacy classes.

This package is the one home of every delivered column. Raw tables, file reading, the raw checks and the data
dictionary are derived from it. What happens to a column after raw (renaming, casting, joining) lives in `dbt_project/`.
"""

from ingestion.contract.model import Column, Entity, EntityKind, Pii, ValueType
from ingestion.contract.registry import ENTITIES, entities_of, entity_at, entity_named

__all__ = [
    "ENTITIES",
    "Column",
    "Entity",
    "EntityKind",
    "Pii",
    "ValueType",
    "entities_of",
    "entity_at",
    "entity_named",
]
