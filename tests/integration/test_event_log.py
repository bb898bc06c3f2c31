"""The event log with open connections keeps what the library's own promises, between processes too."""

import os
import threading
import uuid
from pathlib import Path

import dagster as dg
import pytest
from filelock import FileLock, Timeout
from typer.testing import CliRunner

from orchestration.cli.service import app
from orchestration.event_log import EventLog
from orchestration.instance import make_instance, open_instance


def event(run_id, message="something happened"):
    return dg.EventLogEntry(
        error_info=None,
        level="info",
        user_message=message,
        run_id=run_id,
        timestamp=1.0,
    )


@pytest.fixture
def logs(tmp_path):
    """Two logs on one home, as the UI and a run have them."""
    pair = EventLog(str(tmp_path)), EventLog(str(tmp_path))
    yield pair
    for log in pair:
        log.dispose()


def test_the_instance_of_a_data_directory_uses_the_event_log(settings):
    with open_instance(settings) as instance:
        assert isinstance(instance.event_log_storage, EventLog)
        assert (settings.dagster_home / "history" / "runs" / "index.db").exists()


def test_events_are_seen_by_others_at_once_and_after_more_runs_than_databases_stay_open(logs):
    writer, reader = logs
    runs = [str(uuid.uuid4()) for _ in range(12)]
    for run in runs:
        writer.store_event(event(run))
    for run in runs:
        writer.store_event(event(run, "again"))
    for run in runs:
        assert [record.user_message for record in reader.get_logs_for_run(run)] == ["something happened", "again"]


def test_whoever_watches_a_run_is_told_of_new_events(logs):
    writer, watcher = logs
    run, told = str(uuid.uuid4()), threading.Event()
    writer.store_event(event(run))
    watcher.watch(run, None, lambda entry, _cursor: told.set() if entry.user_message == "later" else None)
    writer.store_event(event(run, "later"))
    assert told.wait(20)


def test_wiped_runs_are_gone_and_new_ones_can_be_stored(logs):
    writer, _ = logs
    run = str(uuid.uuid4())
    writer.store_event(event(run))
    writer.wipe()
    assert writer.get_logs_for_run(run) == []
    writer.store_event(event(run, "anew"))
    assert [entry.user_message for entry in writer.get_logs_for_run(run)] == ["anew"]


def test_the_databases_of_an_instance_are_made_by_one_process_at_a_time(settings, monkeypatch):
    """Daemon and webserver once started together on a fresh home; both made the tables, and no run could be opened."""
    held = []
    make = dg.DagsterInstance.from_config

    def watched(home):
        try:
            FileLock(Path(home) / "instance.lock", timeout=0).acquire()
        except Timeout:
            held.append(home)
        return make(home)

    monkeypatch.setattr(dg.DagsterInstance, "from_config", watched)
    home = make_instance(settings)
    assert held == [str(home)]
    assert (home / "history" / "runs.db").exists()
    make_instance(settings)
    assert len(held) == 1, "what is there is not opened again"


@pytest.mark.parametrize("service", ["daemon", "webserver"])
def test_a_service_finds_the_databases_made_when_it_starts(settings, monkeypatch, service):
    started = []
    monkeypatch.setenv("LIFECYCLE_DATA_DIR", str(settings.data_dir))
    monkeypatch.setattr(
        os, "execv", lambda path, _: started.append((Path(path).name, (settings.dagster_home / "history").exists()))
    )
    assert CliRunner().invoke(app, [service]).exit_code == 0
    assert started == [(f"dagster-{service}", True)]
