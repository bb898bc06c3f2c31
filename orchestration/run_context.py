"""The run's parameters in the warehouse: as_of, time zone and reporting currency, written once at the start of a run.

Python steps and dbt models read the same row of `ops.run_context`, so that one run has one clock. Which date a run gets
is decided here; who asks for it (command line, schedule, UI) is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ingestion.errors import LifecycleError
from ingestion.warehouse import connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings


class RunContextError(LifecycleError):
    """The run cannot have the date it asks for; the message says what to do."""


@dataclass(frozen=True, slots=True)
class RunContext:
    """Parameters of one run.

    Args:
        run_id: Dagster run id.
        as_of: date the run looks at the world from; data up to its end counts.
        as_of_end: first instant after that date, UTC, naive.
    """

    run_id: str
    as_of: date
    as_of_end: datetime


def end_of_day(day: date, timezone: str) -> datetime:
    """First instant after `day` in `timezone`, as naive UTC. Days of 23 and 25 hours come out right."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=ZoneInfo(timezone))
    return midnight.astimezone(UTC).replace(tzinfo=None)


def begin_run(settings: Settings, run_id: str, *, as_of: date | None, loads: bool) -> RunContext:
    """Write the parameters of the run, once; later steps of the same run read them back.

    Args:
        settings: time zone, reporting currency and default country.
        run_id: Dagster run id; a second call with the same id changes nothing.
        as_of: the date asked for, or None.
        loads: whether the run reads its sources. A run without loading keeps the date its input was built for.

    Raises:
        RunContextError: when a run that does not load asks for another date than its input was built for.
    """
    with connect(settings) as connection:
        _create_table(connection)
        present = read_run_context(connection)
        context = _parameters(settings, present, run_id, as_of, loads=loads)
        if context == present:
            return context
        if present and not loads and context.as_of != present.as_of:
            raise RunContextError(
                f"This run does not load its sources, and its input was built as of {present.as_of}, not {as_of}. "
                f"Run the whole job for that date: `lifecycle run --as-of {as_of}`."
            )
        _write(connection, settings, context)
        return context


def foresee_run(settings: Settings, run_id: str, *, as_of: date | None, loads: bool) -> RunContext:
    """The parameters of the run, or those it would begin with; nothing is written."""
    with connect(settings) as connection:
        return _parameters(settings, read_run_context(connection), run_id, as_of, loads=loads)


def read_run_context(connection: DuckDBPyConnection) -> RunContext | None:
    """The parameters of the latest run, or None before the first."""
    exists = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'ops' and table_name = 'run_context'"
    ).fetchone()
    if not exists:
        return None
    row = connection.execute("select run_id, as_of, as_of_end from ops.run_context").fetchone()
    return RunContext(*row) if row else None


def _parameters(
    settings: Settings, present: RunContext | None, run_id: str, as_of: date | None, *, loads: bool
) -> RunContext:
    if present and present.run_id == run_id:
        return present
    chosen = as_of or (present.as_of if present and not loads else settings.today())
    return RunContext(run_id, chosen, end_of_day(chosen, settings.timezone))


def _write(connection: DuckDBPyConnection, settings: Settings, context: RunContext) -> None:
    connection.execute("begin")
    connection.execute("delete from ops.run_context")
    connection.execute(
        "insert into ops.run_context values (?, ?, ?, ?, ?, ?)",
        [
            context.run_id,
            context.as_of,
            context.as_of_end,
            settings.timezone,
            settings.reporting_currency,
            settings.default_country,
        ],
    )
    connection.execute("commit")


def _create_table(connection: DuckDBPyConnection) -> None:
    connection.execute("create schema if not exists ops")
    connection.execute(
        """
        create table if not exists ops.run_context (
            run_id varchar not null,
            as_of date not null,
            as_of_end timestamp not null,
            timezone varchar not null,
            reporting_currency varchar not null,
            default_country varchar not null
        )
        """
    )
