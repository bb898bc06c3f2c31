"""The doctor sees what is wrong and says what to do; what is fine it calls fine."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import SecretStr

from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.warehouse import bytes_of, connect
from orchestration.alerts.outbox import AlertsNotSentError, raise_alert, send_waiting_alerts
from orchestration.doctor import directory, machine, services
from orchestration.doctor.findings import State
from orchestration.instance import open_instance
from orchestration.instance_state import InstanceState, tick_after
from orchestration.publish.pointer import DATABASE, GENERATIONS, PARQUET, point_to
from orchestration.run_lock import hold_run_lock, release_run_lock
from orchestration.status import read_status
from tests.needed import require

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def test_an_old_python_is_a_problem_and_a_new_one_is_not():
    assert machine.python_version((3, 10, 9)).state is State.PROBLEM
    assert machine.python_version((3, 12, 0)).state is State.OK


def test_the_committed_lock_is_read_whole():
    pins = [line for line in (PROJECT_ROOT / "requirements.lock").read_text().splitlines() if "==" in line]
    assert len(machine.locked_versions(PROJECT_ROOT / "requirements.lock")) == len(pins) > 100


@pytest.mark.parametrize(
    ("pin", "state", "said"),
    [
        ("duckdb==0.0.1", State.PROBLEM, "(lock: 0.0.1)"),
        ("no-such-package-here==1.0", State.PROBLEM, "no-such-package-here is missing"),
        ("# a comment", State.OK, "0 as the lock"),
    ],
)
def test_a_package_of_another_version_than_the_lock_is_named(tmp_path, pin, state, said):
    lock = tmp_path / "requirements.lock"
    lock.write_text(f"{pin}\n", encoding="utf-8")
    found = machine.versions(lock)
    assert (found.state, said in found.found) == (state, True)


def test_the_extensions_the_models_use_are_part_of_the_installed_duckdb():
    assert machine.extensions().state is State.OK


def test_a_missing_extension_is_named(monkeypatch):
    monkeypatch.setattr(machine, "EXTENSIONS", ("icu", "telepathy"))
    found = machine.extensions()
    assert found.state is State.PROBLEM
    assert "lacks telepathy" in found.found


@pytest.mark.parametrize(
    ("limit", "available", "state"),
    [
        ("6GB", 5_000_000_000, State.PROBLEM),
        ("6GB", 7_000_000_000, State.WARNING),
        ("6GB", 16_000_000_000, State.OK),
        ("plenty", 16_000_000_000, State.PROBLEM),
    ],
)
def test_a_memory_limit_must_leave_room_on_the_machine(tmp_path, limit, available, state):
    settings = Settings(data_dir=tmp_path, memory_limit=limit, threads=1, _env_file=None)
    found = machine.memory(settings, available)
    assert found.state is state
    assert bool(found.remedy) == (state is not State.OK)


@pytest.mark.parametrize(
    ("text", "size"), [("6GB", 6_000_000_000), ("512MiB", 536_870_912), ("1.5 tb", 1_500_000_000_000), ("100", 100)]
)
def test_sizes_are_read_as_duckdb_writes_them(text, size):
    assert bytes_of(text) == size


def test_a_port_in_use_is_told_with_another_one_to_take():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        number = listener.getsockname()[1]
        taken = machine.port(number)
    assert taken.state is State.WARNING
    assert f"--port {number + 1}" in taken.remedy
    assert machine.port(number).state is State.OK


def test_the_time_zone_is_told_with_the_time_it_is_there(settings):
    assert "Europe/Berlin, now 2026-07-01 14:00 (+0200)" in machine.time_zone(settings, NOW).found


def test_a_warehouse_others_may_read_is_told_with_the_command_that_mends_it(settings):
    with connect(settings):
        pass
    assert {one.state for one in directory.permissions(settings)} <= {State.OK}
    settings.warehouse.chmod(0o644)
    [open_one] = [one for one in directory.permissions(settings) if one.state is State.WARNING]
    assert f"chmod 600 {settings.warehouse}" in open_one.remedy


@pytest.mark.skipif(not os.path.ismount("/proc"), reason="needs a directory nobody can write to: /proc")
def test_a_directory_that_cannot_be_written_is_a_problem():
    found = list(directory.permissions(Settings(data_dir="/proc/lifecycle", _env_file=None)))
    assert [(one.topic, one.state) for one in found] == [("data directory", State.PROBLEM)]


@pytest.mark.parametrize(
    ("free", "state"), [(10_000_000, State.PROBLEM), (1_000_000_000, State.WARNING), (10_000_000_000, State.OK)]
)
def test_room_on_the_disk_is_measured_against_the_warehouse(settings, free, state):
    assert directory.disk(settings, free).state is state


def test_a_run_in_progress_is_told_with_its_process(settings):
    assert directory.locks(settings).state is State.OK
    hold_run_lock(settings, "run-1")
    held = directory.locks(settings)
    release_run_lock(settings, "run-1")
    assert held.state is State.WARNING
    assert str(os.getpid()) in held.found
    assert directory.locks(settings).state is State.OK


def test_a_daemon_that_has_been_silent_counts_as_gone(settings):
    gone = InstanceState(daemon_seen_at=NOW - timedelta(minutes=6), schedule_is_on=True)
    assert services.daemon(settings, gone, NOW).state is State.WARNING
    off = InstanceState(daemon_seen_at=NOW)
    assert "schedule is off" in services.daemon(settings, off, NOW).found
    alive = InstanceState(daemon_seen_at=NOW, schedule_is_on=True)
    assert "next run at 2026-07-02 05:00 CEST" in services.daemon(settings, alive, NOW).found


def test_alerts_nobody_gets_and_alerts_that_wait_are_told(settings):
    assert "no channel" in services.alerts(settings).found
    posted = settings.model_copy(update={"alert_webhook_url": SecretStr("http://127.0.0.1:9/x")})
    assert services.alerts(posted).state is State.OK
    raise_alert(posted, "run 1", "The run failed", "why", NOW)
    assert "1 not sent: not tried yet" in services.alerts(posted).found
    with pytest.raises(AlertsNotSentError):
        send_waiting_alerts(posted, NOW)
    assert "webhook: 127.0.0.1 cannot be reached" in services.alerts(posted).found


def test_a_published_generation_is_told_with_its_age_and_its_loss_is_a_problem(settings):
    assert "nothing was published" in services.publication(settings).found
    name = "000001_2026-06-30"
    folder = settings.serving / GENERATIONS / name
    (folder / PARQUET).mkdir(parents=True)
    (folder / DATABASE).touch()
    manifest = {"generation": name, "as_of": "2026-06-30", "run_id": "r", "published_at": NOW.isoformat()}
    (folder / "manifest.json").write_text(json.dumps(manifest | {"row_counts": {}, "fingerprints": {}}))
    point_to(settings.serving, name)
    assert services.publication(settings, NOW + timedelta(hours=30)).state is State.OK
    assert services.publication(settings, NOW + timedelta(hours=31)).state is State.WARNING
    (folder / DATABASE).unlink()
    assert services.publication(settings, NOW).state is State.PROBLEM


@pytest.mark.parametrize(
    ("now", "tick"),
    [
        (datetime(2026, 7, 1, 2, 59, tzinfo=UTC), "2026-07-01T05:00:00+02:00"),
        (datetime(2026, 7, 1, 3, 0, tzinfo=UTC), "2026-07-02T05:00:00+02:00"),
        (datetime(2026, 10, 24, 12, 0, tzinfo=UTC), "2026-10-25T05:00:00+01:00"),
    ],
)
def test_the_next_tick_is_five_in_the_morning_in_the_business_time_zone(now, tick):
    assert tick_after(now, "Europe/Berlin").isoformat() == tick


@pytest.fixture
def read_only(settings, tmp_path):
    """A data directory with a warehouse, an instance and a lock on a file system mounted read-only."""
    place = tmp_path / "mounted"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", place], capture_output=True, text=True, check=False)
    require(not mounted.returncode, f"a file system cannot be mounted here: {mounted.stderr.strip()}")
    there = Settings(data_dir=place / "data", _env_file=None)
    with connect(there):
        pass
    open_instance(there).dispose()
    hold_run_lock(there, "run-1")
    release_run_lock(there, "run-1")
    subprocess.run(["mount", "-o", "remount,ro", place], check=True)
    yield there
    subprocess.run(["umount", place], check=True)


def test_a_read_only_data_directory_is_diagnosed_and_read(read_only):
    lock = directory.locks(read_only)
    [found] = [one for one in directory.permissions(read_only) if one.state is State.PROBLEM]
    assert (lock.state, lock.found) == (State.OK, "nobody holds the warehouse")
    assert str(read_only.data_dir) in found.found
    assert f"mount -o remount,rw {read_only.data_dir.parent}" in found.remedy
    before = os.environ.get("DAGSTER_HOME")
    assert services.daemon(read_only).state is State.WARNING
    assert os.environ.get("DAGSTER_HOME") == before
    assert read_status(read_only)["warehouse"] == read_only.warehouse


@pytest.mark.parametrize(
    ("number", "said"),
    [(errno.EACCES, "sudo chown -R"), (errno.ENOSPC, "Free space"), (errno.EROFS, "mount -o remount,rw /")],
)
def test_what_gives_access_depends_on_what_is_missing(tmp_path, monkeypatch, number, said):
    def refuse(**_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(directory.tempfile, "TemporaryFile", refuse)
    [found] = [one for one in directory.permissions(Settings(data_dir=tmp_path, _env_file=None)) if one.remedy][:1]
    assert said in found.remedy
