"""What is worth an alert or a run while nobody looks: failed and dead runs, old publications, silent sources, files.

The rules; when they are looked at is decided in `sensors.py`. Nothing here opens the warehouse: a run may need it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from orchestration.alerts.outbox import raise_alert
from orchestration.alerts.wording import fit_to_leave
from orchestration.causes import causes_of
from orchestration.instance import end_dead_runs
from orchestration.publish.generation import read_manifest
from orchestration.publish.pointer import served_generation
from orchestration.report.document import latest_report
from orchestration.run_lock import run_lock_holder

if TYPE_CHECKING:
    import dagster as dg

    from ingestion.settings import Settings

LOOK_BACK = timedelta(days=1)
WILL_RETRY = "dagster/will_retry"
# A run takes the lock with its first step; until then it only looks dead.
START_UP = timedelta(minutes=3)
# A file that was written to this recently may not be complete.
SETTLED_AFTER = timedelta(minutes=1)
# The daemon begins a second try within a minute, or waits for the code as long as `dagster.yaml` lets it.
RETRY_BEGINS_WITHIN = timedelta(minutes=20)
MOST_CAUSES = 5
# A source that rests at weekends and on holidays is silent when it rests longer than it used to. An outage must not
# become what is usual, so no more than a week is taken for a rest.
LONGEST_REST_HOURS, REST_MARGIN_HOURS = 7 * 24, 24


def report_failed_runs(settings: Settings, instance: dg.DagsterInstance, now: datetime) -> int:
    """One alert per failed run, with the cause; the second try that a dead run gets has an alert of its own.

    Returns:
        How many alerts were raised.
    """
    import dagster as dg

    failed = dg.RunsFilter(statuses=[dg.DagsterRunStatus.FAILURE], updated_after=now - LOOK_BACK)
    raised = 0
    for run in instance.get_runs(failed):
        events = [log.dagster_event for log in instance.all_logs(run.run_id) if log.dagster_event]
        told = [f"- {cause.place}: {cause.tellable}" for cause in causes_of(events)]
        if not told:
            told = [str(event.message) for event in events if event.event_type_value == "PIPELINE_FAILURE"]
        more = [f"… and {len(told) - MOST_CAUSES} more"] if len(told) > MOST_CAUSES else []
        text = "\n".join(
            [*told[:MOST_CAUSES], *more, _what_follows(run), f"Run {run.run_id} in the UI shows all of it."]
        )
        kept = "Readers keep the last good generation."
        raised += raise_alert(
            settings,
            f"failed run {run.run_id}",
            f"The run `{run.job_name}` failed{' again' if run.parent_run_id else ''}",
            fit_to_leave(settings, f"{text}\n{kept}"),
            now,
        )
    return raised


def _what_follows(run: dg.DagsterRun) -> str:
    if run.tags.get(WILL_RETRY) == "true" and run.remote_job_origin:
        return "The daemon starts it again once, by itself; should that fail too, you are told."
    if run.parent_run_id:
        return f"It was the second try, after run {run.parent_run_id}; nothing starts it again by itself."
    return "Nothing starts it again by itself."


def end_runs_without_process(settings: Settings, instance: dg.DagsterInstance, now: datetime) -> list[str]:
    """End runs whose process is gone, so that they are seen as failed and started again.

    Returns:
        Ids of the runs ended; empty while any run is alive or may just be starting.
    """
    if run_lock_holder(settings):
        return []
    return end_dead_runs(instance, started_before=now - START_UP)


def retries_not_begun(instance: dg.DagsterInstance, jobs: Collection[str], now: datetime) -> list[dg.RunRecord]:
    """Failed runs the daemon was to start again and did not, because the code could not be loaded just then.

    One from the command line is not the daemon's: whoever began it starts it again.

    Args:
        instance: where the runs are.
        jobs: names of the jobs that work on the warehouse.
        now: instant of looking.

    Returns:
        Those of the last day after which no run of any of the jobs has begun: what came later has done their work, and
        nobody shall be shown an older day than the one they have seen.
    """
    import dagster as dg

    failed = dg.RunsFilter(
        statuses=[dg.DagsterRunStatus.FAILURE],
        tags={WILL_RETRY: "true"},
        updated_after=now - LOOK_BACK,
        updated_before=now - RETRY_BEGINS_WITHIN,
    )
    return [
        record
        for record in instance.get_run_records(failed)
        if record.dagster_run.job_name in jobs
        and record.dagster_run.remote_job_origin
        and not _has_begun_since(instance, jobs, record.create_timestamp)
    ]


def _has_begun_since(instance: dg.DagsterInstance, jobs: Collection[str], instant: datetime) -> bool:
    import dagster as dg

    later = instance.get_runs(dg.RunsFilter(created_after=instant))
    return any(run.job_name in jobs and run.status != dg.DagsterRunStatus.NOT_STARTED for run in later)


def report_late_publication(settings: Settings, now: datetime) -> bool:
    """One alert per generation that has become too old; True when one was raised."""
    name = served_generation(settings.serving)
    if name is None:
        return False
    manifest = read_manifest(settings.serving, name)
    age = now - datetime.fromisoformat(manifest.published_at)
    if age <= timedelta(hours=settings.publication_late_hours):
        return False
    report = latest_report(settings)
    confirmed = report and report["succeeded"] and report["generation"] == name
    if confirmed and now - datetime.fromisoformat(report["ended_at"]) <= timedelta(
        hours=settings.publication_late_hours
    ):
        return False  # the data has not changed since, so the run had nothing new to publish
    return raise_alert(
        settings,
        f"late publication {name}",
        f"The published data is {age / timedelta(hours=1):.0f} hours old",
        f"Readers see {name}, as of {manifest.as_of}; at most {settings.publication_late_hours} hours are agreed "
        "(LIFECYCLE_PUBLICATION_LATE_HOURS). `lifecycle status` shows the last run, `lifecycle doctor` what is wrong.",
        now,
    )


def report_silent_sources(settings: Settings, now: datetime) -> int:
    """One alert per source that had a rhythm and has stopped; returns how many were raised.

    What a source delivered and how often stands in the report of the last run.
    """
    report = latest_report(settings)
    raised = 0
    for delivery in report["deliveries"] if report else ():
        usual = delivery["usual_gap_hours"]
        if usual is None:
            continue
        last = datetime.fromisoformat(delivery["last_new_rows_at"]).replace(tzinfo=UTC)
        # Reports written before the longest gap was kept do not hold it.
        rest = min(delivery.get("longest_gap_hours", usual), LONGEST_REST_HOURS) + REST_MARGIN_HOURS
        if now - last > timedelta(hours=max(settings.source_silent_hours, 3 * usual, rest)):
            raised += raise_alert(
                settings,
                f"silent source {delivery['source']}.{delivery['entity']} since {last.isoformat()}",
                f"Nothing new from {delivery['source']}: {delivery['entity']}",
                f"The last new rows came {last:%Y-%m-%d %H:%M} UTC; they used to come every {usual:.0f} hours. Ask who "
                "delivers them, or see `lifecycle sources list`.",
                now,
            )
    return raised


@dataclass(frozen=True, slots=True)
class InboxState:
    """What lies in the inbox.

    Args:
        digest: changes with every file; empty when there is none.
        newest_at: when a file last came, was written to or renamed, UTC; None when there is none. Not the time of
            writing a file carries, which copies and transfers keep from the original.
    """

    digest: str = ""
    newest_at: datetime | None = None

    def is_settled(self, now: datetime) -> bool:
        """Whether no file is still being written."""
        return self.newest_at is not None and now - self.newest_at > SETTLED_AFTER


def inbox_state(settings: Settings) -> InboxState:
    """The files of the inbox by name and stamp; none is opened."""
    from ingestion.files.discovery import discover
    from ingestion.files.register import stamp_of

    files = discover(settings.inbox).files
    if not files:
        return InboxState()
    listed = "\n".join(f"{file.name} {stamp_of(file.path)}" for file in files)
    # A folder moved into the inbox changes none of its files, only the folder it now lies in.
    places = {
        place for file in files for place in (file.path, *file.path.parents) if place.is_relative_to(settings.inbox)
    }
    newest = datetime.fromtimestamp(max(place.stat().st_ctime for place in places), UTC)
    return InboxState(hashlib.sha256(listed.encode()).hexdigest(), newest)
