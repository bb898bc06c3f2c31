"""Fingerprints of tables: whether a verdict was given on exactly the data that is there now.

A fingerprint does not depend on the order of rows or columns; it does on names, types, every value and every row.
Raw tables are append-only, so their state (rows and loads) identifies their content without reading it; staging models
are views of them, which their statement and the state of their source identify.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_RAW_PREFIX = "raw_"
_STAGING_MODEL = re.compile(r"staging\.stg_(\w+?)__\w+")
_EXCLUDED = re.compile(r"(?<=EXCLUDE \()[^()]+(?=\))")


class Fingerprints:
    """The fingerprints of a connection's tables, each calculated once.

    Args:
        connection: an open connection; its data must not change while the object is in use.
    """

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._connection = connection
        self._catalogue = _catalogue(connection)
        self._known: dict[str, str | None] = {}

    def of(self, tables: Iterable[str]) -> str | None:
        """One fingerprint of several tables together; None when one of them does not exist."""
        parts = [self._of_one(table) for table in tables]
        if any(part is None for part in parts):
            return None
        return parts[0] if len(parts) == 1 else _digest(parts)

    def _of_one(self, table: str) -> str | None:
        if table not in self._known:
            self._known[table] = _fingerprint(self._connection, table, self._catalogue)
        return self._known[table]


def table_fingerprint(connection: DuckDBPyConnection, table: str) -> str | None:
    """Fingerprint of the present content of one table or view.

    Args:
        connection: an open connection.
        table: `schema.table`.

    Returns:
        A hexadecimal digest, or None when the table does not exist.
    """
    return _fingerprint(connection, table, _catalogue(connection, table))


def copy_fingerprint(connection: DuckDBPyConnection, table: str, copy: str) -> str:
    """Fingerprint of the rows of a copy: that of the table's content when the copy holds exactly the same.

    Args:
        connection: an open connection to the table's database.
        table: `schema.table`, which says the columns and their types.
        copy: the copy, as it stands behind `from`.
    """
    columns = _catalogue(connection, table).columns[table]
    return _digest([columns, _content(connection, copy, [column for column, _ in columns])])


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """Names and types of columns, sorted, and statements of staging models, each by table. DuckDB lists them slowly."""

    columns: Mapping[str, list[tuple[str, str]]]
    statements: Mapping[str, str]


def _catalogue(connection: DuckDBPyConnection, table: str | None = None) -> _Catalogue:
    """What the catalogue says of all tables, or of one.

    DuckDB keeps the names after `exclude` as a set: it tells them in one order now and in another after a restart.
    """
    columns: dict[str, list[tuple[str, str]]] = {}
    found = connection.execute(
        """select schema_name || '.' || table_name as name, column_name, data_type from duckdb_columns()
        where database_name = current_database() and ? in (name, '') order by name, column_name""",
        [table or ""],
    )
    for name, column, kind in found.fetchall():
        columns.setdefault(name, []).append((column, kind))
    views = connection.execute(
        """select schema_name || '.' || view_name as name, sql from duckdb_views()
        where database_name = current_database() and schema_name = 'staging' and ? in (name, '')""",
        [table or ""],
    )
    return _Catalogue(columns, {name: _EXCLUDED.sub(_in_order, statement) for name, statement in views.fetchall()})


def _fingerprint(connection: DuckDBPyConnection, table: str, catalogue: _Catalogue) -> str | None:
    if (model := _STAGING_MODEL.fullmatch(table)) and (statement := catalogue.statements.get(table)):
        return _digest([statement, _source_state(connection, model.group(1))])
    columns = catalogue.columns.get(table)
    if not columns:
        return None
    if table.startswith(_RAW_PREFIX):
        return _digest([columns, _raw_state(connection, table)])
    return _digest([columns, _content(connection, table, [column for column, _ in columns])])


def _content(connection: DuckDBPyConnection, table: str, columns: list[str]) -> list[object]:
    """Row count and two order-free sums over one hash per row: the sum sees duplicates, the xor sees compensation."""
    row = f"hash({', '.join(quoted(column) for column in columns)})"
    found = connection.execute(f"select count(*), sum({row}), bit_xor({row}) from {table}").fetchone()
    return list(found or ())


def _raw_state(connection: DuckDBPyConnection, table: str) -> list[object]:
    """Row count and loads of an append-only table: the same loads brought the same rows."""
    schema, name = table.split(".")
    rows = connection.execute(f"select count(*), max(_load_seq) from {table}").fetchone()
    loads = connection.execute(
        """select load_seq, status, content_hash, delivered_count, accepted_count, quarantined_count
        from ops.loads where source = ? and entity = ? order by load_seq""",
        [schema.removeprefix(_RAW_PREFIX), name],
    ).fetchall()
    return [rows, loads]


def _in_order(names: re.Match[str]) -> str:
    return ", ".join(sorted(names[0].split(", ")))


def _source_state(connection: DuckDBPyConnection, source: str) -> list[object]:
    """The loads of a source; that its raw tables hold exactly their rows is a statement of the first gate."""
    return connection.execute(
        """select load_seq, entity, status, delivered_count, accepted_count, quarantined_count
        from ops.loads where source = ? order by load_seq, entity""",
        [source],
    ).fetchall()


def quoted(identifier: str) -> str:
    """The identifier in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content, default=str).encode()).hexdigest()[:32]
