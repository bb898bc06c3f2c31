"""Jobs and schedules: the daily run and when it ticks.

What the assets do lives in `assets/`; a schedule only says when and as of which date.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

DAILY = "daily"
HOUR = 5


def run_config(as_of: str = "", *, full_refresh: bool = False) -> dict[str, object]:
    """Run configuration of any job for a date (YYYY-MM-DD, or empty for the default)."""
    return {"resources": {"clock": {"config": {"as_of": as_of, "full_refresh": full_refresh}}}}


def daily_job() -> UnresolvedAssetJobDefinition:
    """Load, build, audit and publish everything."""
    return dg.define_asset_job(
        DAILY,
        selection=dg.AssetSelection.all(),
        description="Load new data, build every layer, check it and publish it.",
        tags={"kind": "pipeline"},
    )


def daily_schedule(timezone: str, *, running: bool) -> dg.ScheduleDefinition:
    """Every morning in the business time zone, as of the day before: the last complete day.

    Args:
        timezone: business time zone.
        running: whether the schedule is on without anybody switching it on.
    """

    @dg.schedule(
        job_name=DAILY,
        name="daily_at_five",
        cron_schedule=f"0 {HOUR} * * *",
        execution_timezone=timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING if running else dg.DefaultScheduleStatus.STOPPED,
        description="The daily run; as of the last complete day in the business time zone.",
    )
    def daily_at_five(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        tick = context.scheduled_execution_time.astimezone(ZoneInfo(timezone))
        as_of = (tick - timedelta(days=1)).date().isoformat()
        return dg.RunRequest(run_key=as_of, run_config=run_config(as_of), tags={"lifecycle/as_of": as_of})

    return daily_at_five
