"""Files of the warehouse beside the warehouse: compared table by table, made durable, put in its place.

Call these only while holding the run lock: the warehouse must not change meanwhile.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from ingestion.warehouse import limits_beside
from orchestration.publish.generation import fsync_path
from orchestration.publish.pointer import fsync_directory

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings


class CopyMismatchError(LifecycleError):
    """A copy of the warehouse holds something else than the warehouse; the copy is not used."""


def table_fingerprints(connection: DuckDBPyConnection) -> dict[str, str]:
    """Fingerprint by `schema.table` of every table of the connection's current database; views are left out."""
    from quality.fingerprint import table_fingerprint

    tables = connection.execute(
        "select schema_name || '.' || table_name from duckdb_tables() "
        "where database_name = current_database() and not temporary and not internal order by all"
    ).fetchall()
    return {table: str(table_fingerprint(connection, table)) for (table,) in tables}


def fingerprints_of_file(settings: Settings, path: Path) -> dict[str, str]:
    """Fingerprints of the tables of a closed warehouse file."""
    import duckdb

    with duckdb.connect(config=limits_beside(settings)) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"attach '{path}' as examined (read_only)")
        connection.execute("use examined")
        return table_fingerprints(connection)


def require_equal(expected: dict[str, str], found: dict[str, str], what: str) -> None:
    """Raises CopyMismatchError with the tables that differ."""
    differing = sorted(table for table in expected.keys() | found.keys() if expected.get(table) != found.get(table))
    if differing:
        raise CopyMismatchError(
            f"{what} differs from the warehouse in {', '.join(differing[:5])} ({len(differing)} tables). It is not "
            "used, and the warehouse is as it was. Check the disk (`lifecycle doctor`), then try again."
        )


def settle_warehouse(settings: Settings) -> None:
    """Bring everything from the write-ahead log into the file, so that the file alone is the warehouse."""
    from ingestion.warehouse import connect

    with connect(settings) as connection:
        connection.execute("force checkpoint")


def put_in_place(new: Path, warehouse: Path) -> None:
    """Let `new` be the warehouse from now on: one rename, after the file is durable."""
    new.chmod(0o600)
    fsync_path(new)
    new.replace(warehouse)
    fsync_directory(warehouse.parent)
