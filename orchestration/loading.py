"""What a run demands of its input before it goes on: that there is any, and that some of it lies before its date."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ingestion.contract import ENTITIES
from ingestion.errors import ExitCode, LifecycleError
from ingestion.files.discovery import discover
from ingestion.files.inbox import how_to_begin
from ingestion.sources.registry import CONNECTORS
from ingestion.warehouse import connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.files.report import LoadReport
    from ingestion.settings import Settings
    from orchestration.run_context import RunContext


class NoDataError(LifecycleError):
    """There is nothing to build from yet; the message says what to put where."""

    exit_code = ExitCode.NO_DATA


class DateBeforeDataError(LifecycleError):
    """All data lies after the run's date; the message says which date to choose."""


def require_input(settings: Settings) -> None:
    """Stop before anything is started when there is nothing to load and nothing was ever loaded.

    Raises:
        NoDataError: when the inbox holds no file, no source is configured and the warehouse is empty.
        WarehouseLockedError: when another process holds the warehouse.
    """
    found = discover(settings.inbox)
    if found.files or any(connector.is_configured(settings) for connector in CONNECTORS):
        return
    if not _was_ever_loaded(settings):
        raise NoDataError(_nothing_loaded((*found.messages, how_to_begin(settings.inbox))))


def require_data(settings: Settings, report: LoadReport, run: RunContext) -> None:
    """Stop a run that has nothing to work on; a run with sources may have no files.

    Raises:
        NoDataError: when nothing was ever loaded.
        DateBeforeDataError: when all data lies after the run's date.
    """
    with connect(settings, read_only=True) as connection:
        earliest = _earliest(connection)
    if earliest is None and any(connector.is_configured(settings) for connector in CONNECTORS):
        return
    if earliest is None:
        raise NoDataError(_nothing_loaded(report.all_messages))
    if earliest >= run.as_of_end:
        raise DateBeforeDataError(
            f"All data lies after {run.as_of}: the earliest record is of {earliest.date()}. "
            f"Choose a later date: `lifecycle run --as-of {earliest.date()}` or after."
        )


def table_row_counts(connection: DuckDBPyConnection) -> dict[str, int]:
    """Rows of every table of the warehouse, by `schema.table`; views are left out."""
    tables = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    return {table: connection.execute(f"select count(*) from {table}").fetchall()[0][0] for (table,) in tables}


def _nothing_loaded(messages: tuple[str, ...]) -> str:
    return "Nothing could be loaded. " + " ".join(messages)


def _was_ever_loaded(settings: Settings) -> bool:
    """Whether the warehouse remembers that anything was loaded."""
    if not settings.warehouse.exists():
        return False
    with connect(settings, read_only=True) as connection:
        known = "select 1 from duckdb_tables() where schema_name = 'ops' and table_name = 'loads'"
        if not connection.execute(known).fetchone():
            return False
        return connection.execute("select 1 from ops.loads where status = 'loaded' limit 1").fetchone() is not None


def _earliest(connection: DuckDBPyConnection) -> datetime | None:
    """The earliest time of any person's record or event; exchange rates and targets say nothing about customers."""
    clocks = " union all ".join(
        f"select min({entity.clock})::timestamp as earliest from raw_files.{entity.table}"
        for entity in ENTITIES
        if entity.clock and entity.domain != "reference"
    )
    row = connection.execute(f"select min(earliest) from ({clocks})").fetchone()
    return row[0] if row else None
