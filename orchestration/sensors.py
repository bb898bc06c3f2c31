"""Sensors: how often somebody looks whether a run failed or died, files arrived, data is late, alerts wait.

What is looked for is decided in `watch.py`, how alerts leave in `alerts/`. A sensor that fails shows as a red tick.
"""

from datetime import date

import dagster as dg

from ingestion.settings import Settings
from orchestration.alerts.outbox import send_waiting_alerts
from orchestration.instance_state import DAILY, clock_of
from orchestration.jobs import BACKFILL, FULL_REFRESH, run_config
from orchestration.last_day import last_complete_day
from orchestration.missed_days import AS_OF, day_of
from orchestration.run_lock import run_lock_holder
from orchestration.source_days import DAYS_TAGS
from orchestration.wall_clock import utc_now
from orchestration.watch import (
    end_runs_without_process,
    inbox_state,
    report_failed_runs,
    report_late_publication,
    report_silent_sources,
    retries_not_begun,
)

OFTEN, SELDOM = 60, 600


def watching_sensors() -> list[dg.SensorDefinition]:
    """Every sensor; only the one that starts runs for new files is off until somebody switches it on."""
    return [failed_run, dead_run, retry_not_begun, publication_late, source_silent, waiting_alerts, new_files]


@dg.sensor(
    name="failed_run",
    minimum_interval_seconds=OFTEN,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Raises one alert per failed run, also when the second try fails, with the cause.",
)
def failed_run(context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]) -> dg.SkipReason:
    """Look for failed runs."""
    return dg.SkipReason(f"{report_failed_runs(settings, context.instance, utc_now())} alerts raised")


@dg.sensor(
    name="dead_run",
    minimum_interval_seconds=OFTEN,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Ends runs whose process is gone; the daemon then starts them again from where they were.",
)
def dead_run(context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]) -> dg.SkipReason:
    """Look for runs without a process."""
    ended = end_runs_without_process(settings, context.instance, utc_now())
    return dg.SkipReason(f"ended: {', '.join(ended)}" if ended else "no dead run")


@dg.sensor(
    name="retry_not_begun",
    job_name=DAILY,
    minimum_interval_seconds=OFTEN,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts a dead run anew when the daemon was to start it again and could not load the code.",
)
def retry_not_begun(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> list[dg.RunRequest] | dg.SkipReason:
    """Look for second tries that never began; a run of another job is a daily run that was asked for more."""
    waiting = retries_not_begun(context.instance, (DAILY, FULL_REFRESH, BACKFILL), utc_now())
    if not waiting:
        return dg.SkipReason("every second try has begun")
    return [_in_place_of(record, day_of(record, settings.timezone)) for record in waiting]


def _in_place_of(record: dg.RunRecord, day: date | None) -> dg.RunRequest:
    """A run that is asked for what a dead one was asked for, and looks from the same day."""
    run = record.dagster_run
    asked = {**clock_of(run), "as_of": day.isoformat() if day else ""}
    return dg.RunRequest(
        run_key=f"instead of the second try of {run.run_id}",
        run_config={**run.run_config, "resources": {"clock": {"config": asked}}},
        asset_selection=sorted(run.asset_selection) if run.asset_selection else None,
        tags={name: text for name, text in run.tags.items() if name in (AS_OF, *DAYS_TAGS)},
    )


@dg.sensor(
    name="publication_late",
    minimum_interval_seconds=SELDOM,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Raises one alert when readers see data older than LIFECYCLE_PUBLICATION_LATE_HOURS.",
)
def publication_late(settings: dg.ResourceParam[Settings]) -> dg.SkipReason:
    """Look at the age of the published generation."""
    return dg.SkipReason("alert raised" if report_late_publication(settings, utc_now()) else "nothing new")


@dg.sensor(
    name="source_silent",
    minimum_interval_seconds=SELDOM,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Raises one alert when a source that delivered regularly has stopped.",
)
def source_silent(settings: dg.ResourceParam[Settings]) -> dg.SkipReason:
    """Look at the last deliveries."""
    return dg.SkipReason(f"{report_silent_sources(settings, utc_now())} alerts raised")


@dg.sensor(
    name="waiting_alerts",
    minimum_interval_seconds=OFTEN,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Sends alerts that wait, by mail and webhook; fails when a channel does, and tries again later.",
)
def waiting_alerts(settings: dg.ResourceParam[Settings]) -> dg.SkipReason:
    """Send what waits."""
    return dg.SkipReason(f"{send_waiting_alerts(settings)} alerts sent")


@dg.sensor(
    name="new_files",
    job_name=DAILY,
    minimum_interval_seconds=OFTEN,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Starts the daily run when complete new files lie in the inbox, as of the last complete day.",
)
def new_files(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.SensorResult | dg.SkipReason:
    """Look for new files."""
    now, state = utc_now(), inbox_state(settings)
    if not state.digest or state.digest == context.cursor:
        return dg.SkipReason("no new file")
    if not state.is_settled(now):
        return dg.SkipReason("files are still being written")
    if run_lock_holder(settings):
        return dg.SkipReason("a run is in progress")
    succeeded = dg.RunsFilter(job_name=DAILY, statuses=[dg.DagsterRunStatus.SUCCESS])
    latest = context.instance.get_run_records(succeeded, limit=1)
    if latest and state.newest_at and (latest[0].start_time or 0) > state.newest_at.timestamp():
        return dg.SensorResult(skip_reason="the last run has loaded them", cursor=state.digest)
    as_of = last_complete_day(now, settings.timezone).isoformat()
    request = dg.RunRequest(run_key=state.digest, run_config=run_config(as_of), tags={AS_OF: as_of})
    return dg.SensorResult(run_requests=[request], cursor=state.digest)
