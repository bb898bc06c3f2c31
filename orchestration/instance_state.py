"""What the Dagster instance of a data directory knows: its last run, whether its daemon lives, when the schedule ticks.

Reads only, and makes no instance where there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from orchestration.report.document import report_of
from orchestration.sample_company import is_demo
from orchestration.wall_clock import utc_now

if TYPE_CHECKING:
    import dagster as dg

    from ingestion.settings import Settings

DAILY = "daily"
"""Name of the job that runs every day."""
DAILY_HOUR = 5
DAILY_SCHEDULE = "daily_at_five"
DEAD_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class LastRun:
    """The latest run, started by whom ever.

    Args:
        run_id: Dagster run id.
        job: name of its job.
        status: Dagster's word: SUCCESS, FAILURE, STARTED, QUEUED, CANCELED.
        as_of: date it was asked for, or took; None for a run of the default that has left no report yet.
        started_at: UTC; None while it waits.
        seconds: how long it took, or takes.
    """

    run_id: str
    job: str
    status: str
    as_of: str | None
    started_at: datetime | None
    seconds: float | None


@dataclass(frozen=True, slots=True)
class InstanceState:
    """What there is to know about the instance.

    Args:
        last_run: None before the first.
        daemon_seen_at: when the daemon, which starts schedules and sensors, last said that it lives; UTC.
        schedule_is_on: whether the daily schedule ticks.
    """

    last_run: LastRun | None = None
    daemon_seen_at: datetime | None = None
    schedule_is_on: bool = False

    def daemon_lives(self, now: datetime) -> bool:
        """Whether the daemon has been heard of lately."""
        return self.daemon_seen_at is not None and now - self.daemon_seen_at < DEAD_AFTER

    def next_tick(self, settings: Settings, now: datetime) -> datetime | None:
        """When the daily run starts next, in the business time zone; None when nothing will start it."""
        return tick_after(now, settings.timezone) if self.schedule_is_on and self.daemon_lives(now) else None


def schedules_are_on(settings: Settings) -> bool:
    """Whether schedules tick without anybody switching them on."""
    return settings.schedules_on or is_demo(settings)


def clock_of(run: dg.DagsterRun) -> Mapping[str, object]:
    """What a run was asked for: `as_of` (empty for the default), `full_refresh`, `since`, `until`."""
    return (run.run_config or {}).get("resources", {}).get("clock", {}).get("config", {})


def tick_after(now: datetime, timezone: str) -> datetime:
    """The first tick of the daily schedule after `now`."""
    zone = ZoneInfo(timezone)
    today: date = now.astimezone(zone).date()
    ticks = (datetime.combine(today + timedelta(days=days), time(DAILY_HOUR), tzinfo=zone) for days in (0, 1))
    return next(tick for tick in ticks if tick > now)


def read_instance_state(settings: Settings) -> InstanceState:
    """The state of the data directory's instance."""
    if not settings.dagster_home.exists():
        return InstanceState(schedule_is_on=schedules_are_on(settings))
    from orchestration.instance import readable_instance

    with readable_instance(settings) as instance:
        records = instance.get_run_records(limit=1)
        beats = [beat.timestamp for beat in instance.get_daemon_heartbeats().values()]
        return InstanceState(
            _last_run(settings, records[0]) if records else None,
            datetime.fromtimestamp(max(beats), UTC) if beats else None,
            _schedule_is_on(settings, instance),
        )


def _last_run(settings: Settings, record: dg.RunRecord) -> LastRun:
    run, started = record.dagster_run, record.start_time
    ended = record.end_time or utc_now().timestamp()
    return LastRun(
        run.run_id,
        run.job_name,
        run.status.value,
        clock_of(run).get("as_of") or (report_of(settings, run.run_id) or {}).get("as_of"),
        datetime.fromtimestamp(started, UTC) if started else None,
        round(ended - started, 1) if started else None,
    )


def _schedule_is_on(settings: Settings, instance: dg.DagsterInstance) -> bool:
    from dagster._core.scheduler.instigation import InstigatorStatus

    stored = [state.status for state in instance.all_instigator_state() if state.instigator_name == DAILY_SCHEDULE]
    decided = [status for status in stored if status is not InstigatorStatus.DECLARED_IN_CODE]
    return InstigatorStatus.RUNNING in decided if decided else schedules_are_on(settings)
