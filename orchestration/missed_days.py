"""Days whose tick nobody heard: which of them the next tick of the daily schedule makes up for.

Of several missed ticks Dagster lets the last one happen, unless a schedule runs partitions. That one asks here for the
days of the others, which run before its own, each for itself. What was missed: every tick since the schedule last
started a run or was switched on, whichever came later, and since the latest day that has been done in another way:
readers who have seen that day are not shown an older one.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from orchestration.instance_state import DAILY, DAILY_SCHEDULE, clock_of, tick_after
from orchestration.last_day import last_complete_day

if TYPE_CHECKING:
    import dagster as dg

AS_OF = "lifecycle/as_of"
MOST_DAYS = 31
"""No more than this many are made up for, the latest: who was away longer does not want to wait for all of them."""


def missed_days(instance: dg.DagsterInstance, as_of: date, timezone: str) -> list[date]:
    """The days before `as_of` that a tick was missed for and that no run has passed since, the oldest first.

    Args:
        instance: knows the schedule's runs and since when it is on.
        as_of: the day of the present tick.
        timezone: business time zone.
    """
    begun = [day for day in (_first_day(instance, timezone), _day_after_last_run(instance)) if day]
    if not begun:
        return []
    first = max([*begun, as_of - timedelta(days=MOST_DAYS), *_day_after_latest_done(instance, timezone)])
    return [first + timedelta(days=number) for number in range((as_of - first).days)]


def _first_day(instance: dg.DagsterInstance, timezone: str) -> date | None:
    """The day of the first tick after the schedule was switched on; None while it never ticked."""
    states = [state for state in instance.all_instigator_state() if state.instigator_name == DAILY_SCHEDULE]
    switched_on = [state.instigator_data.start_timestamp for state in states if state.is_running]
    known = [instant for instant in switched_on if instant]
    if not known:
        return None
    return last_complete_day(tick_after(datetime.fromtimestamp(max(known), UTC), timezone), timezone)


def _day_after_last_run(instance: dg.DagsterInstance) -> date | None:
    """The day after the latest one the schedule has started a run for."""
    import dagster as dg

    latest = instance.get_runs(dg.RunsFilter(tags={"dagster/schedule_name": DAILY_SCHEDULE}), limit=2 * MOST_DAYS)
    days = [date.fromisoformat(run.tags[AS_OF]) for run in latest if AS_OF in run.tags]
    return max(days) + timedelta(days=1) if days else None


def _day_after_latest_done(instance: dg.DagsterInstance, timezone: str) -> list[date]:
    """The day after the latest one a daily run has done, from the command line too; nothing before there was one."""
    import dagster as dg

    succeeded = dg.RunsFilter(job_name=DAILY, statuses=[dg.DagsterRunStatus.SUCCESS])
    records = instance.get_run_records(succeeded, limit=2 * MOST_DAYS)
    days = [day for record in records if (day := day_of(record, timezone))]
    return [max(days) + timedelta(days=1)] if days else []


def day_of(record: dg.RunRecord, timezone: str) -> date | None:
    """The day a run looked from; without a date of its own, the day it ran on; None for one that never began."""
    if asked := clock_of(record.dagster_run).get("as_of"):
        return date.fromisoformat(str(asked))
    return datetime.fromtimestamp(record.start_time, ZoneInfo(timezone)).date() if record.start_time else None
