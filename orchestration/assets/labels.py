"""What Dagster shows beside an asset: the domain it belongs to, the privacy class of what it holds, links to read on.

Nothing is declared here: domain and class follow from the contract and from dbt's manifest, links from where the
project keeps its documents. What a single model says of itself in its meta comes first.
"""

import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import dagster as dg

from ingestion.contract import ENTITIES, Entity, Pii
from ingestion.settings import PROJECT_ROOT, Settings
from orchestration.documents import document_url

STRICTEST_FIRST = (Pii.DIRECT, Pii.QUASI, Pii.NONE)
DICTIONARY = PROJECT_ROOT / "docs" / "data-dictionary.md"
_ENTITIES = {entity.table: entity for entity in ENTITIES}
_COLUMNS = {
    name: [column.pii for entity in ENTITIES for column in entity.columns if column.name == name]
    for name in {column.name for entity in ENTITIES for column in entity.columns}
}


def strictest(classes: Iterable[Pii]) -> Pii:
    """The class that asks for most care; none when there is none."""
    return min(classes, key=STRICTEST_FIRST.index, default=Pii.NONE)


def entity_class(entity: Entity) -> Pii:
    """The strictest class among the entity's columns."""
    return strictest(column.pii for column in entity.columns)


def entity_of(name: str) -> Entity | None:
    """The entity whose rows a raw, staging or conformed table holds, by the table's name."""
    return _ENTITIES.get(name.rpartition("__")[2])


def domain_of(node: Mapping[str, Any]) -> str:
    """Domain of the delivered entity, else what the model is about: the folder of a mart, the layer of any other."""
    entity = entity_of(str(node["name"]))
    if entity:
        return entity.domain
    folders = str(node["path"]).split("/")
    return folders[1] if folders[0] == "marts" else str(node["schema"])


def pii_of(manifest: Mapping[str, Any], unique_id: str, known: dict[str, Pii] | None = None) -> Pii:
    """Privacy class of what a dbt node holds.

    A table of an entity holds what the contract says. A mart holds the columns it has promised. Any other model may
    hold all that its parents do: a class too strict is better than one too mild.

    Args:
        manifest: dbt's manifest.
        unique_id: the node in it.
        known: classes found so far; filled on the way.
    """
    known = {} if known is None else known
    if unique_id not in known:
        node = manifest["nodes"].get(unique_id) or manifest["sources"][unique_id]
        known[unique_id] = _class_of(manifest, node, known)
    return known[unique_id]


def _class_of(manifest: Mapping[str, Any], node: Mapping[str, Any], known: dict[str, Pii]) -> Pii:
    entity, config = entity_of(str(node["name"])), node.get("config", {})
    if "pii" in config.get("meta", {}):
        return Pii(config["meta"]["pii"])
    if entity:
        return entity_class(entity)
    if config.get("contract", {}).get("enforced"):
        return strictest(_column_class(column) for column in node["columns"].values())
    return strictest(pii_of(manifest, parent, known) for parent in node.get("depends_on", {}).get("nodes", []))


def _column_class(column: Mapping[str, Any]) -> Pii:
    """By what the column says of itself, else by the contract; the number of a person is a pseudonym."""
    name, meta = str(column["name"]), column.get("config", {}).get("meta", {})
    if "pii" in meta:
        return Pii(meta["pii"])
    return Pii.QUASI if name.endswith("customer_id") else strictest(_COLUMNS.get(name, []))


def with_links(settings: Settings, assets: Iterable[dg.AssetsDefinition]) -> list[dg.AssetsDefinition]:
    """The assets, each with where to read on: the project's documents, its columns, its checks and its code."""
    pages: dict[str, Any] = {
        "documentation": dg.MetadataValue.path(PROJECT_ROOT / "README.md"),
        "quality_page": dg.MetadataValue.url(document_url(settings, settings.docs / "quality" / "index.html")),
    }

    def linked(spec: dg.AssetSpec) -> dg.AssetSpec:
        return spec.merge_attributes(metadata={**pages, "data_dictionary": _dictionary_entry(spec.key)})

    with code_references_allowed():
        return list(dg.map_asset_specs(linked, dg.with_source_code_references(list(assets))))


@contextmanager
def code_references_allowed() -> Iterator[None]:
    """Dagster calls references to code a beta; nobody who runs the pipeline needs to read that."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)
        yield


def _dictionary_entry(key: dg.AssetKey) -> dg.MetadataValue:
    entity = entity_of(key.path[-1])
    heading = entity.path.replace("/", "") if entity else key.path[-1] if key.path[0] == "marts" else ""
    return dg.MetadataValue.path(f"{DICTIONARY}#{heading}" if heading else DICTIONARY)
