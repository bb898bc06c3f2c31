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
        if present and present.run_id == run_id:
            return present
        chosen = _choose_date(present, as_of, loads=loads, today=settings.today())
        context = RunContext(run_id, chosen, end_of_day(chosen, settings.timezone))
        connection.execute("begin")
        connection.execute("delete from ops.run_context")
        connection.execute(
            "insert into ops.run_context values (?, ?, ?, ?, ?, ?)",
            [
                run_id,
                context.as_of,
                context.as_of_end,
                settings.timezone,
                settings.reporting_currency,
                settings.default_country,
            ],
        )
        connection.execute("commit")
        return context


def read_run_context(connection: DuckDBPyConnection) -> RunContext | None:
    """The parameters of the latest run, or None before the first."""
    exists = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'ops' and table_name = 'run_context'"
    ).fetchone()
    if not exists:
        return None
    row = connection.execute("select run_id, as_of, as_of_end from ops.run_context").fetchone()
    return RunContext(*row) if row else None


def _choose_date(present: RunContext | None, asked: date | None, *, loads: bool, today: date) -> date:
    if loads or present is None:
        return asked or today
    if asked and asked != present.as_of:
        raise RunContextError(
            f"This run does not load its sources, and its input was built as of {present.as_of}, not {asked}. "
            f"Run the whole job for that date: `lifecycle run --as-of {asked}`."
        )
    return present.as_of


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
