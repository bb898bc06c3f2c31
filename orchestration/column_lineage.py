"""Which columns of which tables a model's columns are made of, read from the SQL dbt has compiled.

Dagster's own way asks the warehouse about every model and goes through its whole query for every column, in every run.
Here a model is read once: what was found is kept under a fingerprint of the SQL without its literals, of which dates
and numbers of loads change daily, and is read again only after the SQL has changed. The project brings a book of its
own models, since reading all of them costs as much as a small run; `make lineage` writes it anew.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from orchestration.unions_by_name import with_unions_by_position

DIALECT = "duckdb"
VERSION = f"4 {sqlglot.__version__}"
"""Part of the fingerprint: another way to read makes everything be read again."""

Columns = Mapping[str, Mapping[str, str]]
"""Column types by column and by `schema.table`."""
Lineage = dict[str, list[tuple[str, str]]]
"""For each column the columns it is made of, as `schema.table` and name."""

_LITERAL = r"'(?:[^']|'')*'|\b(?:\d+(?:\.\d+)?|[Tt]rue|[Ff]alse)\b"
_PASSED_OVER = re.compile(rf"""--[^\n]*|/\*.*?\*/|{_LITERAL}|("[^"]*")""", re.DOTALL)
"""Comments and literals, which no column is made of; quoted names, which may hold either, are kept."""


class LineageBook:
    """What is known about models, in a file.

    Args:
        path: the file; what others do not know is written to it.
        others: further files that are read.
    """

    def __init__(self, path: Path, *others: Path) -> None:
        self._path = path
        self._own = _read(path)
        self._known = {fingerprint: found for one in others for fingerprint, found in _read(one).items()} | self._own
        self._is_changed = False

    def of(self, sql: str, columns: Columns) -> Lineage:
        """The lineage of a query, looked up or read; empty for one that cannot be read."""
        read = {table: columns[table] for table in sorted(_tables(sql)) if table in columns}
        names = [f"{table}: {', '.join(found)}" for table, found in read.items()]
        content = "\n".join([str(VERSION), _PASSED_OVER.sub(lambda found: found[1] or "", sql), *names])
        fingerprint = hashlib.sha256(content.encode()).hexdigest()
        if fingerprint not in self._known:
            self._own[fingerprint] = self._known[fingerprint] = column_lineage(sql, columns)
            self._is_changed = True
        return self._known[fingerprint]

    def keep(self) -> None:
        """Write what was found since the file was read."""
        if self._is_changed:
            beside = self._path.with_suffix(".new")
            beside.write_text(json.dumps(self._own, sort_keys=True, indent=0), encoding="utf-8")
            beside.replace(self._path)


def _read(path: Path) -> dict[str, Lineage]:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def column_lineage(sql: str, columns: Columns) -> Lineage:
    """The columns that each column of a query is made of; empty for a query that cannot be read.

    Args:
        sql: a query as dbt compiled it, its tables named with their schema.
        columns: columns of the tables it reads.
    """
    try:
        query = sqlglot.parse_one(sql, dialect=DIALECT)
        schema = _schema(query.find_all(exp.Table), columns)
        query = _qualified(with_unions_by_position(query, lambda one: _qualified(one.copy(), schema)), schema)
        scope = build_scope(query)
        found = lineage(None, query, schema=None, dialect=DIALECT, scope=scope, copy=False)
        return {name: _leaves(node) for name, node in found.items()}
    except (SqlglotError, RecursionError):
        return {}


def _qualified(query: exp.Expr, schema: dict[str, object]) -> exp.Expr:
    return qualify(query, schema=schema, dialect=DIALECT, validate_qualify_columns=False, quote_identifiers=False)


def _leaves(column: Node) -> list[tuple[str, str]]:
    found = set()
    for node in column.walk():
        table = node.expression.find(exp.Table) if not node.downstream else None
        if table is not None and table.db:
            found.add((f"{table.db}.{table.name}", exp.to_column(node.name).name))
    return sorted(found)


def _schema(tables: Iterable[exp.Table], columns: Columns) -> dict[str, object]:
    schema: dict[str, dict[str, dict[str, Mapping[str, str]]]] = {}
    for table in tables:
        if found := columns.get(f"{table.db}.{table.name}"):
            schema.setdefault(table.catalog, {}).setdefault(table.db, {})[table.name] = found
    return dict(schema)


def _tables(sql: str) -> set[str]:
    return {f"{schema}.{table}" for schema, table in re.findall(r'"\w+"\."(\w+)"\."(\w+)"', sql)}
