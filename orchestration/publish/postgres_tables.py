"""One table of a generation in Postgres: created, its rows streamed, its key and comments added.

Which tables and where to is decided in `postgres.py`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from orchestration.publish.postgres_server import PostgresCopyError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from psycopg import Connection
    from psycopg.sql import Composed

BUILDING = "marts_building"
BATCH_ROWS = 50_000
_TYPES = {"varchar": "text", "double": "double precision", "hugeint": "numeric(38)", "json": "jsonb"}


def copy_table(server: Connection, source: DuckDBPyConnection, table: str) -> int:
    """Create one table, stream its rows, then give it its key and comments.

    Raises:
        PostgresCopyError: when the server counts other rows than the generation holds.
    """
    from psycopg import sql

    columns = source.execute(
        "select column_name, data_type, comment from duckdb_columns() where schema_name = 'marts' and table_name = ? "
        "order by column_index",
        [table],
    ).fetchall()
    target = sql.Identifier(BUILDING, table)
    declared = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(_postgres_type(kind))) for name, kind, _ in columns
    )
    server.execute(sql.SQL("create table {} ({})").format(target, declared))
    with server.cursor() as cursor:
        with cursor.copy(sql.SQL("copy {} from stdin (format csv)").format(target)) as copy:
            for block in _csv_blocks(source, table):
                copy.write(block)
        copied = cursor.rowcount
    (expected,) = source.execute(f'select count(*) from marts."{table}"').fetchall()[0]
    if copied != expected:
        raise PostgresCopyError(f"Postgres counts {copied} rows in {table}, the generation holds {expected}.")
    _add_key(server, source, table)
    for comment in _comments(source, table, [(name, comment) for name, _, comment in columns]):
        server.execute(comment)
    return expected


def _csv_blocks(source: DuckDBPyConnection, table: str) -> Iterator[bytes]:
    """The rows as CSV, block by block: an empty text is quoted, a missing value is not."""
    from pyarrow import csv

    options = csv.WriteOptions(include_header=False)
    for batch in source.execute(f'select * from marts."{table}"').to_arrow_reader(BATCH_ROWS):
        block = io.BytesIO()
        csv.write_csv(batch, block, options)
        yield block.getvalue()


def _postgres_type(kind: str) -> str:
    lower = kind.lower()
    return _TYPES.get(lower, lower)


def _add_key(server: Connection, source: DuckDBPyConnection, table: str) -> None:
    """The key of the contract: primary where no part of it is ever missing."""
    from psycopg import sql

    from orchestration.marts_contract import committed, keys_of

    key = keys_of(committed()).get(table)
    if not key:
        return
    missing = " or ".join(f'"{column}" is null' for column in key)
    has_gaps = source.execute(f'select 1 from marts."{table}" where {missing} limit 1').fetchone()
    kind = "unique" if has_gaps else "primary key"
    columns = sql.SQL(", ").join(map(sql.Identifier, key))
    server.execute(
        sql.SQL("alter table {} add {} ({})").format(sql.Identifier(BUILDING, table), sql.SQL(kind), columns)
    )


def _comments(source: DuckDBPyConnection, table: str, columns: Sequence[tuple[str, str | None]]) -> Iterator[Composed]:
    from psycopg import sql

    (told,) = source.execute(
        "select comment from duckdb_tables() where schema_name = 'marts' and table_name = ?", [table]
    ).fetchall()[0]
    if told:
        yield sql.SQL("comment on table {} is {}").format(sql.Identifier(BUILDING, table), told)
    for name, comment in columns:
        if comment:
            yield sql.SQL("comment on column {} is {}").format(sql.Identifier(BUILDING, table, name), comment)
