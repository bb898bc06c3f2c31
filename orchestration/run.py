"""One run of the daily job in this process: the job the schedule and the UI start, with its outcome in plain words.

The command line prints what this module returns; it decides nothing itself.
"""

from __future__ import annotations

import logging
import uuid
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from ingestion.warehouse import connect
from orchestration.causes import causes_of, told_error
from orchestration.loading import NoDataError, require_input
from orchestration.report.document import report_of
from orchestration.run_lock import hold_run_lock, release_run_lock

if TYPE_CHECKING:
    import dagster as dg
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings
    from orchestration.progress import Progress
    from quality.verdicts import Verdict

RUN_REPORT_STEP = "ops__run_report"


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What a run did.

    Args:
        run_id: Dagster run id.
        succeeded: whether every step ran and every required check passed.
        problems: what went wrong, in plain words, one entry per step or check.
        notes: what a person should know about the files, one entry per file, about decisions on identity, and about
            warnings of the gates that neither of them tells.
        summary: figures to show, in order.
        has_no_data: whether it stopped because nothing was ever loaded.
    """

    run_id: str
    succeeded: bool
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    has_no_data: bool = False


def run_pipeline(
    settings: Settings,
    *,
    job: str = "daily",
    as_of: date | None = None,
    full_refresh: bool = False,
    since: date | None = None,
    until: date | None = None,
    progress: Progress | None = None,
) -> RunOutcome:
    """Run the daily job, or another job of the whole pipeline, in this process.

    Args:
        settings: which data directory.
        as_of: date the run looks at the world from; None for today in the business time zone.
        full_refresh: build incremental models anew.
        job: name of the job.
        since: first day of the sources to read again; None for what is new.
        until: last day of the sources to read again.
        progress: shown while the run works.

    Raises:
        WarehouseLockedError: when another run is in progress.
    """
    run_id = str(uuid.uuid4())
    try:
        require_input(settings)
    except NoDataError as error:
        return RunOutcome(run_id, succeeded=False, problems=[f"inbox: {error}"], has_no_data=True)
    from orchestration.jobs import run_config

    days = {name: day.isoformat() if day else "" for name, day in (("since", since), ("until", until))}
    config = run_config(as_of.isoformat() if as_of else "", full_refresh=full_refresh, **days)
    hold_run_lock(settings, run_id)
    try:
        return _execute(settings, run_id, job, config, progress)
    finally:
        release_run_lock(settings, run_id)


def _execute(
    settings: Settings, run_id: str, job_name: str, config: dict[str, Any], progress: Progress | None
) -> RunOutcome:
    if progress:
        progress.prepare()
    from orchestration.definitions import build_definitions
    from orchestration.instance import end_dead_runs, open_instance
    from orchestration.source_days import days_tags

    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    with open_instance(settings) as instance:
        end_dead_runs(instance)
        job = build_definitions(settings).resolve_job_def(job_name)
        quietly = {**config, "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        if progress:
            progress.follow(instance, run_id)
        settings.run_log.parent.mkdir(exist_ok=True)
        try:
            with settings.run_log.open("w", encoding="utf-8") as log, redirect_stdout(log):
                result = job.execute_in_process(
                    run_config=quietly,
                    tags=days_tags(settings, job, config["resources"]["clock"]["config"]),
                    instance=instance,
                    run_id=run_id,
                    raise_on_error=False,
                )
        finally:
            if progress:
                progress.stop()
    problems = [*_problems(result), *_unreported(settings, run_id)]
    return RunOutcome(
        run_id,
        result.success and not problems,
        problems,
        _notes(settings, result),
        _summary(settings, result),
        has_no_data=_has_no_data(result),
    )


def _problems(result: dg.ExecuteInProcessResult) -> list[str]:
    return [f"{cause.place}: {cause.message}" for cause in causes_of(result.all_events)]


def _unreported(settings: Settings, run_id: str) -> list[str]:
    """A run that left no report did not come to its end, whatever its steps say."""
    if report_of(settings, run_id):
        return []
    return [f"{RUN_REPORT_STEP}: the run left no report; run again"]


def _has_no_data(result: dg.ExecuteInProcessResult) -> bool:
    return any(
        told_error(event.step_failure_data.error).cls_name == NoDataError.__name__
        for event in result.all_events
        if event.is_step_failure
    )


def _notes(settings: Settings, result: dg.ExecuteInProcessResult) -> list[str]:
    from orchestration.assets.raw import LOADS, MESSAGES
    from orchestration.notes import run_notes

    files = [
        str(note)
        for event in result.get_asset_materialization_events()
        if event.materialization.asset_key == LOADS
        for note in event.materialization.metadata[MESSAGES].value
    ]
    with connect(settings, read_only=True) as connection:
        return run_notes(connection, files, _verdicts(connection, result))


def _summary(settings: Settings, result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    """Figures of what this run has done; those of a step that did not succeed are an earlier run's."""
    from quality.wording import counts_of

    done = {event.step_key for event in result.all_events if event.is_step_success}
    with connect(settings, read_only=True) as connection:
        counts = counts_of(_verdicts(connection, result))
        figures = {
            name: connection.execute(query).fetchone()
            for name, (step, table, query) in _FIGURES.items()
            if step in done and _exists(connection, table)
        }
    return {
        **{name: row[0] for name, row in figures.items() if row and row[0] is not None},
        "checks passed": counts.pop("passed"),
        **{state: count for state, count in counts.items() if count},
    }


def _verdicts(connection: DuckDBPyConnection, result: dg.ExecuteInProcessResult) -> list[Verdict]:
    """What the gates found in this run; a gate that did not run in it has an older verdict, which is not told."""
    from quality.verdicts import latest_verdicts

    return [verdict for verdict in latest_verdicts(connection) if verdict.run_id == result.run_id]


_FIGURES = {
    "as of": ("inbox", "ops.run_context", "select as_of from ops.run_context"),
    "files loaded": (
        "inbox",
        "quarantine.balance",
        "select count(*) from ops.loads where status = 'loaded' and source = 'files' and released_from is null",
    ),
    "files rejected": ("inbox", "ops.open_rejections", "select count(*) from ops.open_rejections"),
    "sources loaded": (
        "sources",
        "ops.loads",
        "select nullif(count(distinct source), 0) from ops.loads where status = 'loaded' and source <> 'files'",
    ),
    "rows accepted": ("inbox", "ops.loads", "select sum(accepted_count) from ops.loads"),
    "rows in quarantine": (
        "inbox",
        "quarantine.balance",
        "select sum(open_count + waiting_count) from quarantine.balance",
    ),
    "people": ("profile", "marts.customer_profile", "select count(*) from marts.customer_profile"),
    "known people": (
        "profile",
        "marts.customer_profile",
        "select count(*) filter (where is_identified) from marts.customer_profile",
    ),
    "overrides refused": (
        "identity",
        "identity.violations",
        "select nullif(count(*), 0) from identity.violations where violation = 'contradictory_override'",
    ),
    "stages": (
        "profile",
        "marts.customer_profile",
        "select string_agg(customer_segment || ' ' || people, ', ' order by people desc) from "
        "(select customer_segment, count(*) as people from marts.customer_profile group by all)",
    ),
}


def _exists(connection: DuckDBPyConnection, table: str) -> bool:
    schema, name = table.split(".")
    return bool(
        connection.execute(
            "select 1 from information_schema.tables where table_schema = ? and table_name = ?", [schema, name]
        ).fetchone()
    )
