"""The published generation once more, in Postgres, for tools that read nothing else; optional (LIFECYCLE_POSTGRES_URL).

All tables are built beside what readers see, with keys, comments and grants, and then take its place by a rename, in
one transaction. What is copied is the generation file, never the warehouse. What goes wrong here never touches the
generation. How a table is filled is in `postgres_tables.py`, how errors are told in `postgres_server.py`.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestion.warehouse import limits_beside
from orchestration.publish.generation import Manifest, limit_memory, read_manifest
from orchestration.publish.pointer import DATABASE, GENERATIONS, served_generation
from orchestration.publish.postgres_server import PostgresCopyError, errors, explained, place, require_driver, session
from orchestration.publish.postgres_tables import BUILDING, copy_table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from psycopg import Connection

    from ingestion.settings import Settings

SCHEMA = "marts"
READER = "lifecycle_reader"
OWNED = "lifecycle generation"
LOCK_ATTEMPTS, LOCK_PAUSE_SECONDS = 120, 0.25


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
    name = served_generation(settings.serving)
    if not settings.postgres_url or name is None:
        return None
    require_driver()
    manifest = read_manifest(settings.serving, name)
    where = place(settings)
    try:
        with session(settings) as server:
            present = _owned_by_us(server, SCHEMA)
            if present == _description(manifest):
                return PostgresCopy(name, False, dict(manifest.row_counts))
            counts = _build(settings, server, manifest)
            _switch(server)
    except errors() as error:
        raise explained(error, name, where) from None
    return PostgresCopy(name, True, counts)


def _build(settings: Settings, server: Connection, manifest: Manifest) -> dict[str, int]:
    """Fill the schema beside the one readers see, all or nothing."""
    import duckdb
    from psycopg import sql

    path = settings.serving / GENERATIONS / manifest.generation / DATABASE
    with (
        duckdb.connect(str(path), read_only=True, config=limits_beside(settings)) as source,
        server.transaction(),
    ):
        limit_memory(source)
        if _owned_by_us(server, BUILDING) is not None:
            server.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(BUILDING)))
        server.execute(sql.SQL("create schema {}").format(sql.Identifier(BUILDING)))
        counts = {table: copy_table(server, source, table) for table in _tables(source)}
        _grant(server)
        told = _description(manifest)
        server.execute(sql.SQL("comment on schema {} is {}").format(sql.Identifier(BUILDING), told))
    return counts


def _description(manifest: Manifest) -> str:
    """What a schema says of itself, different for any two publications: names begin again in a new data directory."""
    content = hashlib.sha256(json.dumps(dict(manifest.fingerprints), sort_keys=True).encode()).hexdigest()[:16]
    return (
        f"{OWNED} {manifest.generation} as of {manifest.as_of}, contract {manifest.contract_version}, "
        f"run {manifest.run_id}, published {manifest.published_at}, content {content}"
    )


def _tables(source: DuckDBPyConnection) -> list[str]:
    rows = source.execute(
        "select table_name from duckdb_tables() where schema_name = 'marts' order by table_name"
    ).fetchall()
    return [table for (table,) in rows]


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
