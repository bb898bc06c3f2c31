"""The dbt sources of the raw layer, written from the contract: `python -m ingestion.contract.dbt_sources`.

The file is committed, because dbt and Dagster read it before any Python of ours runs; a test compares it with the
contract. Descriptions and tests of the models themselves stand beside the models.
"""

from __future__ import annotations

import json
from pathlib import Path

from ingestion.contract.model import Column, Entity
from ingestion.contract.registry import ENTITIES
from ingestion.settings import PROJECT_ROOT

SOURCES_FILE = PROJECT_ROOT / "dbt_project" / "models" / "staging" / "files" / "_files__sources.yml"

_HEADER = """\
# Written by `python -m ingestion.contract.dbt_sources` from the data contract; change the contract, not this file.
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


def write_sources_file(path: Path = SOURCES_FILE) -> Path:
    """Write the sources file and return its path."""
    path.write_text(sources_yaml(), encoding="utf-8")
    return path


if __name__ == "__main__":
    write_sources_file()
