"""What dbt has to know of the contract and the connectors, written by `python -m ingestion.dbt_sources`.

The sources of the raw layer, one file for the inbox and one per connector, and the descriptions of the delivered
columns as doc blocks for the conformed models. They are committed, because dbt and Dagster read them before any Python
of ours runs; a test compares them with the contract. What a model adds to the contract is described beside the model.
"""

from __future__ import annotations

import json
from pathlib import Path

from ingestion.contract.model import Column, Entity
from ingestion.contract.registry import ENTITIES
from ingestion.settings import PROJECT_ROOT
from ingestion.sources.model import Connector, RawTable
from ingestion.sources.registry import CONNECTORS

MODELS = PROJECT_ROOT / "dbt_project" / "models"
SOURCES_FILE = MODELS / "staging" / "files" / "_files__sources.yml"
DOCS_FILE = MODELS / "conformed" / "_contract__docs.md"

_HEADER = """\
# Written by `python -m ingestion.dbt_sources` from the data contract; change the contract, not this file.
version: 2

sources:
  - name: raw_files
    schema: raw_files
    description: Rows as delivered in the file inbox, every delivery kept.
    tables:
"""

_LOAD_COLUMNS = {
    "_load_seq": "Number of the load that brought the row; later loads have higher numbers.",
    "_row_number": "Number of the row within its file, from 1.",
    "_extra": "Delivered columns the contract does not know, as JSON.",
    "_original": "Original text of values whose reading lost something, as JSON.",
}

_SOURCE_LOAD_COLUMNS = {
    "_load_seq": "Number of the load that brought the record; later loads have higher numbers.",
    "_row_number": "Number of the record within its load, from 1.",
    "_extra": "What the vendor delivered beside the declared fields, as JSON.",
    "_content_hash": "Hash of the record as delivered; an unchanged record is not stored again.",
}


def connector_sources_file(connector: Connector) -> Path:
    """Where dbt's sources of a connector stand."""
    return MODELS / "staging" / connector.name / f"_{connector.name}__sources.yml"


def connector_sources_yaml(connector: Connector) -> str:
    """The text of a connector's sources file."""
    head = (
        "# Written by `python -m ingestion.dbt_sources` from the connector; change the connector, not this file.\n"
        f"version: 2\n\nsources:\n  - name: {connector.schema}\n    schema: {connector.schema}\n"
        f"    description: {_quoted(f'Records as {connector.title} delivers them, every version kept.')}\n    tables:\n"
    )
    return head + "".join(_raw_table(resource.table) for resource in connector.resources)


def _raw_table(table: RawTable) -> str:
    lines = [f"      - name: {table.name}", f"        description: {_quoted(table.description)}", "        columns:"]
    for field in table.fields:
        suffix = f" (personal data: {field.pii})" if field.pii != "none" else ""
        lines += _column(field.name, field.description + suffix)
    for name, description in _SOURCE_LOAD_COLUMNS.items():
        lines += _column(name, description)
    return "\n".join(lines) + "\n"


def sources_yaml() -> str:
    """The text of the sources file."""
    return _HEADER + "".join(_table(entity) for entity in ENTITIES)


def _table(entity: Entity) -> str:
    lines = [f"      - name: {entity.table}", f"        description: {_quoted(entity.description)}", "        columns:"]
    for column in entity.columns:
        lines += _column(column.name, _description(column))
    for name, description in _LOAD_COLUMNS.items():
        lines += _column(name, description)
    return "\n".join(lines) + "\n"


def _column(name: str, description: str) -> list[str]:
    return [f"          - name: {name}", f"            description: {_quoted(description)}"]


def _description(column: Column) -> str:
    return f"{column.description} (personal data: {column.pii})" if column.pii != "none" else column.description


def _quoted(text: str) -> str:
    """A YAML double-quoted scalar; JSON strings are a subset of it."""
    return json.dumps(text, ensure_ascii=False)


def column_docs() -> str:
    """The text of the file of doc blocks, one `<table>__<column>` per delivered column."""
    return "\n".join(
        f"{{% docs {entity.table}__{column.name} %}}\n{_description(column)}\n{{% enddocs %}}\n"
        for entity in ENTITIES
        for column in entity.columns
    )


def generated_files() -> dict[Path, str]:
    """All files by path, with their texts."""
    files = {SOURCES_FILE: sources_yaml(), DOCS_FILE: column_docs()}
    return files | {connector_sources_file(connector): connector_sources_yaml(connector) for connector in CONNECTORS}


def write_files() -> tuple[Path, ...]:
    """Write all files and return their paths."""
    files = generated_files()
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tuple(files)


if __name__ == "__main__":
    write_files()
