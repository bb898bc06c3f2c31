"""Column lineage as metadata of the tables a dbt step has built; how it is read stands in `column_lineage.py`.

It is written twice: as what Dagster calls column lineage, for programs that ask it, and as a table for people, since
the free edition of its UI does not show the former.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import dagster as dg

from ingestion.settings import Settings
from ingestion.warehouse import connect
from orchestration.column_lineage import Lineage, LineageBook

BOOK = "column_lineage.json"
# The book the project brings; `make lineage` makes it of a company's first two runs.
BROUGHT = Path(__file__).with_name(BOOK)
METADATA = "dagster/column_lineage"
FOR_PEOPLE = "columns_are_made_of"


def lineage_metadata(
    settings: Settings, nodes: Mapping[str, Any], built: Iterable[str], target: Path
) -> dict[str, dict[str, Any]]:
    """Metadata by `schema.table` of the models that are built of other tables' columns.

    Args:
        settings: where the warehouse is and what was read before.
        nodes: the nodes of dbt's manifest.
        built: unique ids of what was built.
        target: dbt's target folder of this step; a step that was started ahead has compiled into the one all share.
    """
    shared = settings.data_dir / "dbt"
    target = target if (target / "compiled").is_dir() else shared
    compiled = {
        f"{nodes[one]['schema']}.{nodes[one]['name']}": target / "compiled" / package / nodes[one]["original_file_path"]
        for one in built
        for package in [nodes[one]["package_name"]]
        if nodes[one]["resource_type"] == "model" and nodes[one]["original_file_path"].endswith(".sql")
    }
    columns = _columns(settings)
    book = LineageBook(shared / BOOK, BROUGHT)
    found = {
        name: book.of(path.read_text(encoding="utf-8"), columns) for name, path in compiled.items() if path.exists()
    }
    book.keep()
    return {
        name: {
            METADATA: dg.TableColumnLineage(
                deps_by_column={
                    column: [dg.TableColumnDep(dg.AssetKey(table.split(".")), origin) for table, origin in origins]
                    for column, origins in lineage.items()
                }
            ),
            FOR_PEOPLE: dg.MetadataValue.md(_as_table(lineage)),
        }
        for name, lineage in found.items()
        if lineage
    }


def _as_table(lineage: Lineage) -> str:
    """One line per column: the tables it comes from, each with the columns read there; a dash for none."""
    lines = ["| column | is made of |", "| --- | --- |"]
    for column, origins in lineage.items():
        read: dict[str, list[str]] = {}
        for table, origin in origins:
            read.setdefault(table, []).append(origin)
        told = "; ".join(f"{table}: {', '.join(columns)}" for table, columns in read.items())
        lines.append(f"| {column} | {told or '—'} |")
    return "\n".join(lines)


def _columns(settings: Settings) -> dict[str, dict[str, str]]:
    columns: dict[str, dict[str, str]] = {}
    with connect(settings, read_only=True) as connection:
        for schema, table, column, kind in connection.execute(
            "select schema_name, table_name, column_name, data_type from duckdb_columns() where not internal"
        ).fetchall():
            columns.setdefault(f"{schema}.{table}", {})[column] = kind
    return columns
