"""What is worth an alert or a run while nobody looks: failed runs, dead runs, old publications, silent sources, files.

The rules; when they are looked at is decided in `sensors.py`. Nothing here opens the warehouse: a run may need it.
"""

from __future__ import annotations

import hashlib
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
# A run takes the lock with its first step; until then it only looks dead.
START_UP = timedelta(minutes=3)
# A file that was written to this recently may not be complete.
SETTLED_AFTER = timedelta(minutes=1)
MOST_CAUSES = 5


def report_failed_runs(settings: Settings, instance: dg.DagsterInstance, now: datetime) -> int:
    """One alert per failed run, with the cause; a run that was started again belongs to the first one.

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
        again = ["It is started again once, by itself."] if run.tags.get("dagster/will_retry") == "true" else []
        text = "\n".join([*told[:MOST_CAUSES], *more, *again, f"Run {run.run_id} in the UI shows all of it."])
        kept = "Readers keep the last good generation."
        raised += raise_alert(
            settings,
            f"failed run {run.root_run_id or run.run_id}",
            f"The run `{run.job_name}` failed",
            fit_to_leave(settings, f"{text}\n{kept}"),
            now,
        )
    return raised


def end_runs_without_process(settings: Settings, instance: dg.DagsterInstance, now: datetime) -> list[str]:
    """End runs whose process is gone, so that they are seen as failed and started again.

    Returns:
        Ids of the runs ended; empty while any run is alive or may just be starting.
    """
    if run_lock_holder(settings):
        return []
    return end_dead_runs(instance, started_before=now - START_UP)


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
        if now - last > timedelta(hours=max(settings.source_silent_hours, 3 * usual)):
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
        newest_at: when a file was last written, UTC; None when there is none.
    """

    digest: str = ""
    newest_at: datetime | None = None

    def is_settled(self, now: datetime) -> bool:
        """Whether no file is still being written."""
        return self.newest_at is not None and now - self.newest_at > SETTLED_AFTER


def inbox_state(settings: Settings) -> InboxState:
    """The files of the inbox by name, size and time; none is opened."""
    from ingestion.files.discovery import discover

    found = [(file.name, file.path.stat()) for file in discover(settings.inbox).files]
    if not found:
        return InboxState()
    listed = "\n".join(f"{name} {stat.st_size} {stat.st_mtime_ns}" for name, stat in found)
    newest = datetime.fromtimestamp(max(stat.st_mtime for _, stat in found), UTC)
    return InboxState(hashlib.sha256(listed.encode()).hexdigest(), newest)
