"""What dbt has to know of the contract, written by `python -m ingestion.dbt_sources`.

Two files: the sources of the raw layer, and the descriptions of the delivered columns as doc blocks for the conformed
models. They are committed, because dbt and Dagster read them before any Python of ours runs; a test compares them with
the contract. What a model adds to the contract is described beside the model.
"""

from __future__ import annotations

import json
from pathlib import Path

from ingestion.contract.model import Column, Entity
from ingestion.contract.registry import ENTITIES
from ingestion.settings import PROJECT_ROOT

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


def write_files() -> tuple[Path, Path]:
    """Write both files and return their paths."""
    SOURCES_FILE.write_text(sources_yaml(), encoding="utf-8")
    DOCS_FILE.write_text(column_docs(), encoding="utf-8")
    return SOURCES_FILE, DOCS_FILE


if __name__ == "__main__":
    write_files()
