"""Landing: what a read delivered and its cursor, brought into the warehouse by dlt, all or nothing.

dlt keeps the cursor in the warehouse beside the records, in one load package: either both are there or neither. Its
working folder is thrown away after each run, so the warehouse alone is the truth; what an interrupted run left of a
package is removed before the next one. Landed records are told apart by `promotion.py`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.sources.errors import SourceError
from ingestion.sources.exports import ExportFolder, ExportReading
from ingestion.sources.model import Connector, Resource, Window
from ingestion.sources.reading import Reading
from ingestion.warehouse import make_private_directory

if TYPE_CHECKING:
    import pyarrow as pa
    from dlt import Destination
    from dlt.extract import DltResource
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings
    from ingestion.sources.client import Client

_COLUMNS = {
    "position": {"data_type": "bigint", "nullable": False},
    "record": {"data_type": "text", "nullable": False},
}
_ENVIRONMENT = {
    "RUNTIME__DLTHUB_TELEMETRY": "false",
    "RUNTIME__LOG_LEVEL": "CRITICAL",
    "NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_LOAD_ID": "true",
    "LOAD__WORKERS": "1",
    # One resource after the other: their reads share one client, and pages are fetched ahead.
    "EXTRACT__NEXT_ITEM_MODE": "fifo",
}
# Without a limit the copy keeps in memory what it has written.
_LANDING_MEMORY = "256MB"


@dataclass(frozen=True, slots=True)
class Landed:
    """What one resource brought: the cursor after the read, and what a person should know of it."""

    table: str
    record_count: int
    cursor: str | None
    remarks: tuple[str, ...] = ()


class Landing:
    """One read of a connector on its way into the warehouse: what is known, the read, and its package.

    The warehouse is open before and after the read; while a vendor is read, others can look into it.

    Args:
        connector: the vendor.
        folder: dlt's working folder.
    """

    def __init__(self, connector: Connector, folder: Path) -> None:
        os.environ.update(_ENVIRONMENT)
        import dlt

        self._name = connector.name
        self._pipeline = dlt.pipeline(connector.name, pipelines_dir=str(folder), dataset_name=connector.landing)
        self._readings: dict[str, Reading | ExportReading] = {}

    def recall(self, connection: DuckDBPyConnection) -> None:
        """Fetch the cursors.

        Args:
            connection: an open, writable connection to the warehouse.
        """
        with _destination(connection) as destination:
            self._pipeline.sync_destination(destination)

    def read(self, resources: Sequence[Resource], client: Client | ExportFolder, window: Window) -> None:
        """Read resources into the working folder.

        Args:
            resources: what to read.
            client: the connection to the vendor, or its folder.
            window: limits a person asked for.

        Raises:
            SourceError: when the vendor cannot be read; no cursor has moved.
        """
        import dlt
        from dlt.pipeline.exceptions import PipelineStepFailed

        made = [_dlt_resource(resource, client, window, self._readings) for resource in resources]
        source = dlt.source(lambda: made, name=self._name, section=self._name)()
        try:
            self._pipeline.extract(source, loader_file_format="parquet")
            self._pipeline.normalize()
        except PipelineStepFailed as error:
            raise _root(error) from error

    def store(self, connection: DuckDBPyConnection) -> list[Landed]:
        """Bring what was read into the landing schema, with its cursors.

        Args:
            connection: an open, writable connection to the warehouse; afterwards its memory is limited.
        """
        connection.execute(f"set memory_limit = '{_LANDING_MEMORY}'")
        with _destination(connection) as destination:
            self._pipeline.load(destination)
        return [
            Landed(name, reading.record_count, reading.cursor, tuple(reading.remarks))
            for name, reading in self._readings.items()
        ]


@contextmanager
def working_folder(settings: Settings) -> Iterator[Path]:
    """A private folder for the loads of one step; it ends with the block, and what a killed one left with it.

    Args:
        settings: where the data directory is.
    """
    home = settings.data_dir / "dlt"
    shutil.rmtree(home, ignore_errors=True)
    make_private_directory(home)
    try:
        with tempfile.TemporaryDirectory(dir=home) as folder:
            yield Path(folder)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def remove_unfinished(connection: DuckDBPyConnection, connector: Connector) -> None:
    """Remove what an interrupted run left in the landing schema: rows of packages that never became complete.

    Args:
        connection: an open, writable connection to the warehouse.
        connector: the vendor.
    """
    for table in landed_tables(connection, connector):
        connection.execute(
            f'delete from {connector.landing}."{table}" where _dlt_load_id not in '
            f"(select load_id from {connector.landing}._dlt_loads where status = 0)"
        )


def landed_tables(connection: DuckDBPyConnection, connector: Connector) -> list[str]:
    """The resources something was ever landed for."""
    found = connection.execute(
        "select table_name from duckdb_tables() where schema_name = ? and database_name = current_database() "
        "and not starts_with(table_name, '_dlt')",
        [connector.landing],
    ).fetchall()
    known = {resource.table.name for resource in connector.resources}
    return sorted(table for (table,) in found if table in known)


@contextmanager
def _destination(connection: DuckDBPyConnection) -> Iterator[Destination]:
    """The warehouse as dlt's destination; dlt alone would open and close it for each of its questions."""
    from dlt.destinations.impl.duckdb.configuration import DuckDbCredentials

    from ingestion.sources.destination import Warehouse

    with connection.cursor() as session:
        yield Warehouse(DuckDbCredentials(session))


def _begin(
    resource: Resource, client: Client | ExportFolder, state: Mapping[str, Any], window: Window
) -> Reading | ExportReading:
    if isinstance(client, ExportFolder):
        return ExportReading(resource, client, state, window)
    return Reading(resource, client, state.get("cursor"), window)


def _dlt_resource(
    resource: Resource, client: Client | ExportFolder, window: Window, readings: dict[str, Reading | ExportReading]
) -> DltResource:
    import dlt

    def pages() -> Iterator[pa.Table]:
        state = dlt.current.resource_state()
        reading = _begin(resource, client, state, window)
        readings[resource.table.name] = reading
        yield from reading.tables()
        state.update(reading.state)

    return dlt.resource(pages, name=resource.table.name, write_disposition="append", columns=_COLUMNS)


def _root(error: BaseException) -> BaseException:
    """The project's own error beneath dlt's wrapping, or the error itself."""
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, SourceError):
            return found
        found = found.__cause__ or found.__context__
    return error
