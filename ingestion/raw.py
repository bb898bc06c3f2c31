"""The raw layer's tables: where delivered rows, rejected rows and the memory of loads are kept.

The tables are derived from the contract; they exist (possibly empty) whether or not anything was delivered, so models
never need a switch. What is written into them belongs to the sources: the file inbox (`ingestion/files/`) and the
connectors. What is read from them belongs to dbt's staging layer and to `quality/`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.contract import ENTITIES, Entity
from ingestion.quarantine.books import DECISIONS_COLUMNS, create_books
from ingestion.sources.fields import raw_type
from ingestion.sources.model import Connector, RawTable
from ingestion.sources.registry import CONNECTORS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FILES_SCHEMA = "raw_files"
FILES_SOURCE = "files"

LOAD_COLUMNS = {
    "_load_seq": "bigint",
    "_row_number": "bigint",
    "_extra": "json",
    "_original": "json",
}

SOURCE_LOAD_COLUMNS = {
    "_load_seq": "bigint",
    "_row_number": "bigint",
    "_extra": "json",
    "_content_hash": "varchar",
}

_LOADS_COLUMNS = {
    "load_seq": "bigint",
    "source": "varchar",
    "entity": "varchar",
    "file_name": "varchar",
    "content_hash": "varchar",
    "byte_count": "bigint",
    "status": "varchar",
    "delivered_count": "bigint",
    "accepted_count": "bigint",
    "quarantined_count": "bigint",
    "drift_columns": "varchar[]",
    "message": "varchar",
    "loaded_at": "timestamp",
    "file_stamp": "varchar",
    "unchanged_count": "bigint",
    "source_cursor": "timestamp",
    "reading": "varchar",
    "released_from": "bigint",
}

_REJECTED_ROWS_COLUMNS = {
    "load_seq": "bigint",
    "source": "varchar",
    "entity": "varchar",
    "file_name": "varchar",
    "row_number": "bigint",
    "column_name": "varchar",
    "reason": "varchar",
    "row_json": "json",
    "quarantined_at": "timestamp",
}


# A rejection is open until the same path was loaded or delivered with another content.
_OPEN_REJECTIONS = """
create or replace view ops.open_rejections as
select load_seq, source, entity, file_name, message
from ops.loads
qualify status = 'rejected' and load_seq = max(load_seq) over (partition by source, entity, file_name)
"""


def create_raw_tables(connection: DuckDBPyConnection) -> None:
    """Create whatever is missing of the raw tables, `ops.loads` with its open rejections, and the quarantine.

    Calling it again changes nothing. A column the contract gained since the table was made is added, null in old rows.

    Args:
        connection: an open, writable connection to the warehouse.
    """
    tables = {(FILES_SCHEMA, entity.table): raw_columns(entity) for entity in ENTITIES}
    for connector in CONNECTORS:
        tables |= _tables_of(connector)
    _complete(connection, tables)


def create_source_tables(connection: DuckDBPyConnection, connector: Connector) -> None:
    """Create whatever is missing to load one connector; the tables of the others are left to `create_raw_tables`.

    Args:
        connection: an open, writable connection to the warehouse.
        connector: the vendor.
    """
    _complete(connection, _tables_of(connector))


def _tables_of(connector: Connector) -> dict[tuple[str, str], dict[str, str]]:
    return {(connector.schema, one.table.name): source_columns(one.table) for one in connector.resources}


def _complete(connection: DuckDBPyConnection, raw_tables: dict[tuple[str, str], dict[str, str]]) -> None:
    tables = raw_tables | {
        ("ops", "loads"): _LOADS_COLUMNS,
        ("quarantine", "rejected_rows"): _REJECTED_ROWS_COLUMNS,
        ("quarantine", "decisions"): DECISIONS_COLUMNS,
    }
    for schema in sorted({schema for schema, _ in tables}):
        connection.execute(f"create schema if not exists {schema}")
    present = connection.execute(
        "select table_schema, table_name, column_name from information_schema.columns "
        "where table_catalog = current_database()"
    )
    existing: dict[tuple[str, str], set[str]] = {}
    for schema, table, column in present.fetchall():
        existing.setdefault((schema, table), set()).add(column)
    for (schema, table), columns in tables.items():
        _complete_table(connection, f'{schema}."{table}"', columns, existing.get((schema, table), set()))
    connection.execute(_OPEN_REJECTIONS)
    create_books(connection)


def raw_columns(entity: Entity) -> dict[str, str]:
    """Name and DuckDB type of every column of the entity's raw table, load columns last."""
    return {column.name: column.type.duckdb for column in entity.columns} | LOAD_COLUMNS


def source_columns(table: RawTable) -> dict[str, str]:
    """Name and DuckDB type of every column of a connector's raw table, load columns last."""
    return {field.name: raw_type(field) for field in table.fields} | SOURCE_LOAD_COLUMNS


def _complete_table(connection: DuckDBPyConnection, table: str, columns: dict[str, str], existing: set[str]) -> None:
    if not existing:
        definition = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
        connection.execute(f"create table {table} ({definition})")
        return
    for name, kind in columns.items():
        if name not in existing:
            connection.execute(f'alter table {table} add column "{name}" {kind}')
