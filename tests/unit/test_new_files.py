"""New files start a run, however they came; files that are being written or were loaded do not."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from orchestration.last_day import last_complete_day
from orchestration.run_lock import hold_run_lock, release_run_lock
from orchestration.sensors import new_files
from orchestration.watch import inbox_state


@pytest.fixture
def instance():
    """An instance in memory: making one on disk takes longer than all the rest."""
    with dg.DagsterInstance.ephemeral() as opened:
        yield opened


def run_daily(instance):
    """A good run of a job that has the name of the daily one and does nothing."""

    @dg.op
    def work():
        pass

    @dg.job(name="daily", executor_def=dg.in_process_executor)
    def daily():
        work()

    assert daily.execute_in_process(instance=instance).success


def deliver(settings, name, written_before=timedelta(0)):
    path = settings.inbox / "crm" / "orders" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("order_id\n1\n")
    written = (datetime.now(UTC) - written_before).timestamp()
    os.utime(path, (written, written))
    return path


@pytest.fixture
def tick(settings, instance, monkeypatch):
    """Looks at the inbox, some minutes after now."""

    def look(cursor=None, minutes=5):
        monkeypatch.setattr("orchestration.sensors.utc_now", lambda: datetime.now(UTC) + timedelta(minutes=minutes))
        return new_files(dg.build_sensor_context(instance=instance, cursor=cursor), settings=settings)

    return look


def test_new_files_start_one_run_for_the_last_complete_day(settings, tick):
    deliver(settings, "a.csv")
    found = tick()
    [request] = found.run_requests
    expected = last_complete_day(datetime.now(UTC) + timedelta(minutes=5), settings.timezone)
    assert request.run_config["resources"]["clock"]["config"]["as_of"] == str(expected)
    assert isinstance(tick(found.cursor), dg.SkipReason)
    deliver(settings, "b.csv")
    assert tick(found.cursor).run_requests[0].run_key != request.run_key


def test_files_still_being_written_or_a_run_in_progress_start_nothing_yet(settings, tick):
    deliver(settings, "a.csv", written_before=timedelta(days=3))
    assert "still being written" in tick(minutes=0).skip_message
    hold_run_lock(settings, "somebody")
    assert "in progress" in tick().skip_message
    release_run_lock(settings, "somebody")
    assert tick().run_requests


def test_files_the_last_run_has_loaded_start_nothing(settings, instance, tick):
    deliver(settings, "a.csv")
    run_daily(instance)
    found = tick()
    assert found.run_requests == []
    assert found.cursor == inbox_state(settings).digest


def test_a_copy_that_kept_the_time_of_its_original_starts_a_run(settings, instance, tick):
    deliver(settings, "a.csv")
    run_daily(instance)
    deliver(settings, "b.csv", written_before=timedelta(days=3))
    assert tick().run_requests


def test_a_file_written_before_the_last_run_and_renamed_after_it_starts_a_run(settings, instance, tick):
    unfinished = deliver(settings, "a.csv.part", written_before=timedelta(hours=1))
    run_daily(instance)
    unfinished.rename(unfinished.with_suffix(""))
    assert tick().run_requests


def test_a_folder_moved_into_the_inbox_after_the_last_run_starts_a_run(settings, instance, tick):
    deliver(settings, "a.csv")
    outside = settings.inbox.rename(settings.inbox.with_name("outside"))
    settings.inbox.mkdir()
    run_daily(instance)
    (outside / "crm").rename(settings.inbox / "crm")
    assert tick().run_requests


def test_an_empty_inbox_starts_nothing(tick):
    assert "no new file" in tick().skip_message
