"""A SQLAlchemy dialect through which Great Expectations reads an already open DuckDB connection.

It is duckdb-engine with three differences. Great Expectations closes a connection before it fetches, so the cursor
keeps all rows at `execute`. Great Expectations knows PostgreSQL but not DuckDB, so the dialect says it is that. And
it opens nothing: a URL `lifecycle+duckdb:///<token>` names a connection lent with `lend`, so that memory, threads,
time zone, read-only mode and the explanation of a held lock stay where they belong, in `ingestion/warehouse.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import duckdb_engine
from sqlalchemy import types
from sqlalchemy.dialects import registry

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from sqlalchemy.engine import Connection

SCHEME = "lifecycle+duckdb"
registry.register("lifecycle.duckdb", __name__, "LentConnectionDialect")

_SQL_TYPES = {
    "VARCHAR": types.VARCHAR,
    "BOOLEAN": types.BOOLEAN,
    "INTEGER": types.INTEGER,
    "BIGINT": types.BIGINT,
    "HUGEINT": types.NUMERIC,
    "DECIMAL": types.NUMERIC,
    "FLOAT": types.FLOAT,
    "DOUBLE": types.FLOAT,
    "DATE": types.DATE,
    "TIMESTAMP": types.TIMESTAMP,
}

_lent: dict[str, tuple[DuckDBPyConnection, list[DuckDBPyConnection]]] = {}


@contextmanager
def lend(connection: DuckDBPyConnection) -> Iterator[str]:
    """Lend an open connection to SQLAlchemy.

    Args:
        connection: an open connection; it stays open, and its owner closes it.

    Yields:
        The URL under which SQLAlchemy reaches it. At the end everything opened through it is closed.
    """
    token = uuid4().hex
    opened: list[DuckDBPyConnection] = []
    _lent[token] = (connection, opened)
    try:
        yield f"{SCHEME}:///{token}"
    finally:
        del _lent[token]
        for cursor in opened:
            cursor.close()


class FetchedCursor:
    """A DB-API cursor that holds the whole answer from `execute` on, whatever happens to its connection."""

    arraysize = 1

    def __init__(self, connection: DuckDBPyConnection, wrapper: LentConnection) -> None:
        self._duckdb = connection
        self.connection = wrapper
        self.description: Sequence[Any] | None = None
        self.rowcount = -1
        self._rows: list[tuple[Any, ...]] = []
        self._position = 0

    def execute(self, statement: str, parameters: Sequence[Any] | None = None, context: object = None) -> None:
        """Run the statement and fetch all its rows."""
        self._duckdb.execute(statement, list(parameters) if parameters else None)
        self.description = self._duckdb.description
        self._rows = self._duckdb.fetchall() if self.description else []
        self._position = 0

    def executemany(self, statement: str, parameters: Sequence[Any] | None = None, context: object = None) -> None:
        """Refuse: checks only read."""
        raise NotImplementedError("the quality adapter reads; it never writes rows")

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, or None after the last."""
        rows = self.fetchmany(1)
        return rows[0] if rows else None

    def fetchmany(self, size: int | None = None) -> list[tuple[Any, ...]]:
        """The next `size` rows."""
        start, self._position = self._position, self._position + (size or self.arraysize)
        return self._rows[start : self._position]

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows not fetched yet."""
        start, self._position = self._position, len(self._rows)
        return self._rows[start:]

    def close(self) -> None:
        """Forget the rows."""
        self._rows = []


class LentConnection(duckdb_engine.ConnectionWrapper):
    """A DB-API connection on its own cursor of the lent connection."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        super().__init__(connection)
        self._duckdb = connection

    def cursor(self) -> FetchedCursor:
        """A cursor whose rows outlive this connection."""
        return FetchedCursor(self._duckdb, self)


class LentConnectionDialect(duckdb_engine.Dialect):
    """duckdb-engine on a lent connection, under the name of a database Great Expectations knows."""

    name = "postgresql"
    supports_statement_cache = False

    def connect(self, *_: object, database: str, **__: object) -> LentConnection:
        """Open a cursor on the connection lent under the token `database`."""
        if database not in _lent:
            raise LookupError("the warehouse connection behind this URL is not lent any more")
        connection, opened = _lent[database]
        cursor = connection.cursor()
        cursor.execute("set timezone = 'UTC'")
        opened.append(cursor)
        return LentConnection(cursor)

    def get_columns(
        self, connection: Connection, table_name: str, schema: str | None = None, **_: object
    ) -> list[dict[str, Any]]:
        """Names and types of a table's columns, asked of the table itself: catalogues tell those of all tables."""
        found = connection.exec_driver_sql(f'describe "{schema or "main"}"."{table_name}"').fetchall()
        return [
            {"name": name, "type": _sql_type(kind), "nullable": nullable == "YES", "default": None}
            for name, kind, nullable, *_ in found
        ]

    def get_pk_constraint(
        self, connection: Connection, table_name: str, schema: str | None = None, **_: object
    ) -> dict[str, Any]:
        """None: the warehouse declares no primary keys, checks prove them."""
        return {"constrained_columns": [], "name": None}


def _sql_type(kind: str) -> types.TypeEngine[Any]:
    """The SQLAlchemy type Great Expectations compares values by; text for JSON and lists, which it never compares."""
    return _SQL_TYPES.get(kind.split("(", maxsplit=1)[0], types.TEXT)()
