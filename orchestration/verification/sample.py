"""One verification: whether there is something to compare, both samples, and the error when they differ."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ingestion.errors import ExitCode, LifecycleError
from ingestion.warehouse import WarehouseMissingError, connect
from orchestration.report.document import latest_report
from orchestration.run_context import read_run_context
from orchestration.verification.comparison import Compared
from orchestration.verification.events import compared_events
from orchestration.verification.people import compared_people

if TYPE_CHECKING:
    from ingestion.settings import Settings

PARTS = 100
"""Into how many parts the keys of events fall: each day another one is compared, every event once in so many days."""
PEOPLE = 1000
"""How many groups of identifiers that belong together are resolved anew."""


class UnfinishedRunError(LifecycleError):
    """The last run has not built everything: what it left is not what a full refresh builds, nor is it published."""

    exit_code = ExitCode.NO_DATA


class IncrementalDriftError(LifecycleError):
    """What the runs have built is not what a full refresh builds."""


def verify(settings: Settings, *, whole: bool = False) -> tuple[Compared, ...]:
    """Compare a sample of what the runs have built with what a full refresh would build.

    Args:
        settings: of the warehouse; the caller holds the run lock.
        whole: compare all events and all people.

    Raises:
        UnfinishedRunError: when the last run did not succeed.
        IncrementalDriftError: when anything differs; the message names tables and numbers of rows, no values.
    """
    as_of = _as_of(settings)
    parts = 1 if whole else PARTS
    events = compared_events(settings, as_of.toordinal() % parts, parts)
    found = (*events, *compared_people(settings, None if whole else PEOPLE))
    differing = [one for one in found if one.differing_count]
    if differing:
        tables = ", ".join(f"{one.table} ({one.differing_count} of {one.row_count} rows)" for one in differing)
        raise IncrementalDriftError(
            f"The runs have built something else than a full refresh would, in a sample of: {tables}. "
            "`lifecycle run --full-refresh` builds everything anew. Please report it: this is a mistake of the project."
        )
    return found


def _as_of(settings: Settings) -> date:
    """The date of the last run."""
    report = latest_report(settings)
    with connect(settings, read_only=True) as connection:
        run = read_run_context(connection)
    if run is None or report is None:
        raise WarehouseMissingError("No run has built anything yet. Start one with `lifecycle run`.")
    if report["run_id"] != run.run_id or not report["succeeded"]:
        raise UnfinishedRunError(
            "The last run did not finish, or did not build everything, so there is nothing to compare. "
            "`lifecycle status` says more; `lifecycle run` builds everything."
        )
    return run.as_of
