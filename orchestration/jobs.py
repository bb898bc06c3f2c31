"""Jobs and schedules: the daily run, the full refresh, the backfill, and when they tick.

What the assets do lives in `assets/`, maintenance in `maintenance/`; a schedule only says when and as of which date.
"""

from datetime import date

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from orchestration.instance_state import DAILY, DAILY_HOUR, DAILY_SCHEDULE
from orchestration.last_day import last_complete_day
from orchestration.missed_days import AS_OF, missed_days

FULL_REFRESH = "full_refresh"
BACKFILL = "backfill"


def run_config(
    as_of: str = "", *, full_refresh: bool = False, since: str = "", until: str = ""
) -> dict[str, dict[str, object]]:
    """Run configuration of any job for a date (YYYY-MM-DD, or empty for the default) and a window of the sources."""
    clock = {"as_of": as_of, "full_refresh": full_refresh, "since": since, "until": until}
    return {"resources": {"clock": {"config": clock}}}


def pipeline_jobs() -> list[UnresolvedAssetJobDefinition]:
    """The jobs that run the whole pipeline; all write the same tables and differ in what they are asked for."""
    return [
        _pipeline(DAILY, "Load new data, build every layer, check it and publish it.", run_config()),
        _pipeline(
            FULL_REFRESH,
            "The same with all incremental models built anew.",
            run_config(full_refresh=True),
        ),
        _pipeline(
            BACKFILL,
            "Besides what is new, read again what changed at the sources: all events of the days chosen as partitions, "
            "or everything between the dates `since` and `until` of the configuration. Then build, check and publish, "
            "in one run. Files need no backfill: each is loaded once, whenever it arrives.",
            run_config(),
        ),
    ]


def _pipeline(name: str, description: str, config: dict[str, dict[str, object]]) -> UnresolvedAssetJobDefinition:
    return dg.define_asset_job(
        name, selection=dg.AssetSelection.all(), description=description, tags={"kind": "pipeline"}, config=config
    )


def daily_schedule(timezone: str, *, running: bool, catches_up: bool) -> dg.ScheduleDefinition:
    """Every morning in the business time zone, as of the day before the tick: the last complete day.

    The date comes from the tick and not from the clock: a tick that was missed runs late, for its own day.

    Args:
        timezone: business time zone.
        running: whether the schedule is on without anybody switching it on.
        catches_up: whether the days of several missed ticks run one after another, or that of the last one alone.
    """

    @dg.schedule(
        job_name=DAILY,
        name=DAILY_SCHEDULE,
        cron_schedule=f"0 {DAILY_HOUR} * * *",
        execution_timezone=timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING if running else dg.DefaultScheduleStatus.STOPPED,
        description="The daily run; as of the last complete day of the business, after the days that were missed.",
    )
    def daily_at_five(context: dg.ScheduleEvaluationContext) -> list[dg.RunRequest]:
        as_of = last_complete_day(context.scheduled_execution_time, timezone)
        days = [*(missed_days(context.instance, as_of, timezone) if catches_up else ()), as_of]
        return [_run_for(day) for day in days]

    return daily_at_five


def _run_for(day: date) -> dg.RunRequest:
    as_of = day.isoformat()
    return dg.RunRequest(run_key=as_of, run_config=run_config(as_of), tags={AS_OF: as_of})
