"""The published generation once more, in Postgres, for tools that read nothing else; optional (LIFECYCLE_POSTGRES_URL).

All tables are built beside what readers see, with keys, comments and grants, and then take its place by a rename, in
one transaction. What is copied is the generation file, never the warehouse. What goes wrong here never
touches the generation. Messages hold neither the password nor a value: the server's own words are left out, since they
may quote rows.
"""

from __future__ import annotations

import importlib.util
import io
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from orchestration.publish.generation import Manifest, read_manifest
from orchestration.publish.pointer import DATABASE, GENERATIONS, current_generation

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from psycopg import Connection, Error
    from psycopg.sql import Composed

    from ingestion.settings import Settings

SCHEMA, BUILDING = "marts", "marts_building"
READER = "lifecycle_reader"
OWNED = "lifecycle generation"
BATCH_ROWS = 50_000
LOCK_ATTEMPTS, LOCK_PAUSE_SECONDS = 120, 0.25
_TYPES = {"varchar": "text", "double": "double precision", "hugeint": "numeric(38)", "json": "jsonb"}
_PLACE = {"host": "localhost", "port": "5432", "dbname": ""}
_ADVICE = {
    "08": "Is the server running and reachable from here, and are user, password and database right?",
    "28": "Check user and password.",
    "3D": "Create the database first.",
    "42501": "Its user needs CREATE on the database, and CREATEROLE until the role exists.",
    "53": "The server has run out of disk, memory or connections.",
    "57": "The server stopped it; look at its log.",
    "55": "Somebody holds a lock on the tables; end their transaction.",
    "23": "A key of the contract of the marts does not hold.",
}


class PostgresCopyError(LifecycleError):
    """The generation is published, only its copy in Postgres is not; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class PostgresCopy:
    """What readers in Postgres see.

    Args:
        generation: its name.
        is_new: False when Postgres held it already.
        row_counts: rows by table.
    """

    generation: str
    is_new: bool
    row_counts: dict[str, int]


def copy_to_postgres(settings: Settings) -> PostgresCopy | None:
    """Bring Postgres to the generation readers see.

    Args:
        settings: where the server and the serving folder are.

    Returns:
        What Postgres holds now; None when there is no server configured or nothing published.

    Raises:
        PostgresCopyError: when it could not be brought there; what it held before is still served.
    """
    name = current_generation(settings.serving)
    if not settings.postgres_url or name is None:
        return None
    _require_driver()
    manifest = read_manifest(settings.serving, name)
    where = _place(settings)
    try:
        with _server(settings) as server:
            present = _owned_by_us(server, SCHEMA)
            if present and present.startswith(f"{OWNED} {name} "):
                return PostgresCopy(name, False, dict(manifest.row_counts))
            counts = _build(settings, server, manifest)
            _switch(server)
    except _errors() as error:
        raise _explained(error, name, where) from None
    return PostgresCopy(name, True, counts)


def _require_driver() -> None:
    if importlib.util.find_spec("psycopg") is None:
        raise PostgresCopyError(
            "LIFECYCLE_POSTGRES_URL is set, but the package psycopg is missing. `make install` brings it."
        )


def _errors() -> type[Error]:
    import psycopg

    return psycopg.Error


@contextmanager
def _server(settings: Settings) -> Iterator[Connection]:
    import psycopg

    address = settings.postgres_url.get_secret_value() if settings.postgres_url else ""
    with psycopg.connect(address, autocommit=True, connect_timeout=15, client_encoding="UTF8") as server:
        server.execute("set timezone = 'UTC'")
        server.execute("set client_min_messages = 'error'")
        yield server


def _build(settings: Settings, server: Connection, manifest: Manifest) -> dict[str, int]:
    """Fill the schema beside the one readers see, all or nothing."""
    import duckdb
    from psycopg import sql

    path = settings.serving / GENERATIONS / manifest.generation / DATABASE
    with (
        duckdb.connect(str(path), read_only=True, config={"memory_limit": settings.memory_limit}) as source,
        server.transaction(),
    ):
        if _owned_by_us(server, BUILDING) is not None:
            server.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(BUILDING)))
        server.execute(sql.SQL("create schema {}").format(sql.Identifier(BUILDING)))
        counts = {table: _copy_table(server, source, table) for table in _tables(source)}
        _grant(server)
        told = f"{OWNED} {manifest.generation} as of {manifest.as_of}, contract {manifest.contract_version}"
        server.execute(sql.SQL("comment on schema {} is {}").format(sql.Identifier(BUILDING), told))
    return counts


def _tables(source: DuckDBPyConnection) -> list[str]:
    rows = source.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' order by table_name"
    ).fetchall()
    return [table for (table,) in rows]


def _copy_table(server: Connection, source: DuckDBPyConnection, table: str) -> int:
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


def _grant(server: Connection) -> None:
    """A role that may read and nothing else; give it to the users of the BI tools."""
    from psycopg import sql

    role, schema = sql.Identifier(READER), sql.Identifier(BUILDING)
    if not server.execute("select 1 from pg_roles where rolname = %s", [READER]).fetchone():
        server.execute(sql.SQL("create role {} nologin").format(role))
    server.execute(sql.SQL("grant usage on schema {} to {}").format(schema, role))
    server.execute(sql.SQL("grant select on all tables in schema {} to {}").format(schema, role))


def _owned_by_us(server: Connection, schema: str) -> str | None:
    """What a schema of ours says of itself; None when there is no such schema.

    Raises:
        PostgresCopyError: when the schema is somebody else's.
    """
    found = server.execute(
        "select coalesce(obj_description(oid, 'pg_namespace'), '') from pg_namespace where nspname = %s", [schema]
    ).fetchone()
    if found and not found[0].startswith(OWNED):
        raise PostgresCopyError(
            f"The database has a schema {schema} that is not ours; it was left as it is. Choose a database of its own "
            "in LIFECYCLE_POSTGRES_URL, or rename that schema."
        )
    return found[0] if found else None


def _switch(server: Connection) -> None:
    """Replace the schema readers see, in one transaction: a query reads all its tables of one generation.

    All tables are locked at once or none is, so that waiting for one reader never blocks another into a deadlock; only
    when readers leave no gap for long does the last attempt queue behind them.
    """
    from psycopg.errors import LockNotAvailable

    for _ in range(LOCK_ATTEMPTS):
        try:
            _replace(server, "nowait")
        except LockNotAvailable:
            time.sleep(LOCK_PAUSE_SECONDS)
        else:
            return
    _replace(server, "")


def _replace(server: Connection, patience: str) -> None:
    from psycopg import sql

    present, building = sql.Identifier(SCHEMA), sql.Identifier(BUILDING)
    with server.transaction():
        server.execute("set local lock_timeout = '30s'")
        if _owned_by_us(server, SCHEMA) is not None:
            _require_no_views(server)
            names = server.execute("select tablename from pg_tables where schemaname = %s", [SCHEMA]).fetchall()
            tables = sql.SQL(", ").join(sql.Identifier(SCHEMA, name) for (name,) in names)
            if names:
                server.execute(sql.SQL("lock table {} in access exclusive mode {}").format(tables, sql.SQL(patience)))
            server.execute(sql.SQL("drop schema {} cascade").format(present))
        server.execute(sql.SQL("alter schema {} rename to {}").format(building, present))


def _require_no_views(server: Connection) -> None:
    """Raise PostgresCopyError when somebody's views would vanish with the tables they read."""
    rows = server.execute(
        "select distinct views.oid::regclass::text from pg_depend "
        "join pg_rewrite on pg_rewrite.oid = pg_depend.objid join pg_class as views on views.oid = pg_rewrite.ev_class "
        "join pg_class as tables on tables.oid = pg_depend.refobjid "
        "where tables.relnamespace = %s::regnamespace and views.relnamespace <> %s::regnamespace",
        [SCHEMA, SCHEMA],
    ).fetchall()
    if rows:
        named = ", ".join(view for (view,) in rows)
        raise PostgresCopyError(
            f"Views read the tables that would be replaced, and would go with them: {named}."
            " Drop them, or let them be functions or queries of the BI tool, which find tables by name."
        )


def _place(settings: Settings) -> str:
    """Host, port and database of the URL, without user and password.

    A password that is not percent-encoded would be taken for one of them; the `@` it displaces gives it away.
    """
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts = conninfo_to_dict(settings.postgres_url.get_secret_value() if settings.postgres_url else "")
    except _errors():
        parts = {"port": "unreadable"}
    host, port, database = (str(parts.get(name, default)) for name, default in _PLACE.items())
    if not port.isdecimal() or "@" in host + database:
        raise PostgresCopyError(
            "LIFECYCLE_POSTGRES_URL cannot be read; write postgresql://user:password@host:5432/database, with special "
            "characters of the password percent-encoded."
        )
    return f"{host}:{port}/{database}"


def _explained(error: Error, generation: str, where: str) -> PostgresCopyError:
    code = error.sqlstate or "08"
    advice = _ADVICE.get(code) or _ADVICE.get(code[:2]) or "Look at the server's log."
    kind = f"{type(error).__name__}{f', SQLSTATE {error.sqlstate}' if error.sqlstate else ''}"
    return PostgresCopyError(
        f"Generation {generation} is published, but Postgres at {where} could not be brought to it ({kind}). {advice} "
        "Readers there keep what they had. Then run `lifecycle publish` again."
    )
