"""What the daily schedule makes of ticks nobody heard, with Dagster's own scheduler and queue, at chosen instants."""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.test_utils import create_test_daemon_workspace_context, instance_for_test
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget
from dagster._daemon.run_coordinator.queued_run_coordinator_daemon import QueuedRunCoordinatorDaemon
from dagster._scheduler.scheduler import launch_scheduled_runs

from orchestration.instance import open_instance
from orchestration.jobs import run_config
from orchestration.missed_days import MOST_DAYS, missed_days
from tests.unit.daily_ticks import daily

ONE_AT_A_TIME = {
    "run_coordinator": {
        "module": "dagster._core.run_coordinator.queued_run_coordinator",
        "class": "QueuedRunCoordinator",
        "config": {"max_concurrent_runs": 1},
    },
    "run_launcher": {
        "module": "dagster._core.launcher.sync_in_memory_run_launcher",
        "class": "SyncInMemoryRunLauncher",
    },
}
SWITCHED_ON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)


def june(day: int) -> datetime:
    """An hour after the tick of that day."""
    return datetime(2026, 6, 1, 4, 0, tzinfo=UTC) + timedelta(days=day - 1)


@dataclass(frozen=True)
class Daemon:
    """The scheduler and the queue of a daemon, looking when told to."""

    workspace: WorkspaceProcessContext

    @property
    def instance(self) -> dg.DagsterInstance:
        return self.workspace.instance

    def look(self, now: datetime) -> None:
        """Let the schedule tick."""
        errors = [error for error in launch_scheduled_runs(self.workspace, logging.getLogger(), now, {}) if error]
        assert not errors, errors

    def let_runs_go(self, number: int = 2 * MOST_DAYS) -> list[str]:
        """Let so many waiting runs go; the days of all that have run so far, in the order in which they did."""
        queue = QueuedRunCoordinatorDaemon(interval_seconds=1)
        for _ in range(min(number, self.instance.get_runs_count(dg.RunsFilter(statuses=[dg.DagsterRunStatus.QUEUED])))):
            list(queue.run_iteration(self.workspace))
        said = self.instance.fetch_observations(dg.AssetKey("day"), limit=100, ascending=True).records
        return [record.asset_observation.metadata["as_of"].value for record in said]


@pytest.fixture
def daemon():
    """A daemon that has just begun to look at the schedule."""
    origin = InProcessCodeLocationOrigin(LoadableTargetOrigin(module_name="tests.unit.daily_ticks", attribute="defs"))
    with (
        instance_for_test(overrides=ONE_AT_A_TIME) as instance,
        create_test_daemon_workspace_context(InProcessWorkspaceLoadTarget(origin), instance) as workspace,
    ):
        daemon = Daemon(workspace)
        daemon.look(SWITCHED_ON)
        yield daemon


def test_every_day_that_was_missed_runs_the_oldest_first_also_when_some_still_wait_at_the_next_tick(daemon):
    daemon.look(june(2))
    daemon.look(june(5))
    assert daemon.let_runs_go(2) == ["2026-06-01", "2026-06-02"]
    daemon.look(june(7))
    assert daemon.let_runs_go() == [f"2026-06-0{day}" for day in (1, 2, 3, 4, 5, 6)]


def test_days_missed_before_the_first_run_count_from_when_the_schedule_was_switched_on(daemon):
    daemon.look(june(4))
    assert daemon.let_runs_go() == [f"2026-06-0{day}" for day in (1, 2, 3)]


def test_no_day_runs_before_one_the_command_line_has_done(daemon):
    daily.execute_in_process(run_config=run_config("2026-06-02"), instance=daemon.instance)
    daemon.look(june(4))
    assert daemon.let_runs_go() == ["2026-06-02", "2026-06-03"]


def test_a_run_that_was_given_no_date_has_done_the_day_it_ran_on(daemon):
    daily.execute_in_process(run_config=run_config(), instance=daemon.instance)
    (record,) = daemon.instance.get_run_records(limit=1)
    today = datetime.fromtimestamp(record.start_time, ZoneInfo("Europe/Berlin")).date()
    assert missed_days(daemon.instance, today + timedelta(days=3), "Europe/Berlin") == [
        today + timedelta(days=1),
        today + timedelta(days=2),
    ]


def test_of_a_long_absence_only_the_latest_days_are_made_up_for(daemon):
    days = missed_days(daemon.instance, date(2026, 8, 30), "Europe/Berlin")
    assert len(days) == MOST_DAYS
    assert (days[0], days[-1]) == (date(2026, 7, 30), date(2026, 8, 29))


def test_nothing_was_missed_by_a_schedule_that_was_never_on(settings):
    with open_instance(settings) as instance:
        assert missed_days(instance, date(2026, 8, 30), "Europe/Berlin") == []
