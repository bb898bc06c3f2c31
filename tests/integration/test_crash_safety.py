"""Killed at a step's end, on a full or read-only disk, short of memory: a clear word, no damage, the next run finishes.

The steps are the pipeline's own loading and reconciling with a stand-in for the build between them: what dbt does when
it is killed is tested in `test_pipeline.py`, kills inside loading, publication and maintenance beside each of them.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from ingestion.warehouse import connect
from orchestration.instance import end_dead_runs, open_instance
from orchestration.maintenance.backup import back_up, backup_names
from orchestration.report.document import latest_report
from tests.integration.inbox_tools import CONTACTS, Inbox
from tests.integration.small_disk import ON_LINUX, cause_in_a_run, remount, small_disk

BOUNDARIES = ("before inbox", "after inbox", "after build", "after run_report")

PIPELINE = """
import os, signal, sys
from pathlib import Path

import dagster as dg

from ingestion.settings import Settings
from ingestion.warehouse import connect
from orchestration.assets.raw import inbox
from orchestration.assets.run_report import run_report
from orchestration.instance import end_dead_runs, open_instance
from orchestration.resources import RunClock
from orchestration.run_lock import hold_run_lock

settings, boundary = Settings(data_dir=Path(sys.argv[1]), _env_file=None), sys.argv[2]

@dg.asset(key=["conformed", "contacts"], deps=[["raw_files", "crm_contacts"]])
def build():
    with connect(settings) as connection:
        connection.execute("create schema if not exists conformed")
        connection.execute("create or replace table conformed.contacts as select * from raw_files.crm_contacts")

@dg.success_hook
def die_after(context):
    if boundary == "after " + {"inbox": "inbox", "conformed__contacts": "build", "ops__run_report": "run_report"}[
        context.op.name
    ]:
        os.kill(os.getpid(), signal.SIGKILL)

hold_run_lock(settings, "run")
job = dg.Definitions(
    assets=[inbox, build, run_report],
    jobs=[dg.define_asset_job("daily", hooks={die_after})],
    resources={"settings": settings, "clock": RunClock(as_of="2026-06-30")},
    executor=dg.in_process_executor,
).resolve_job_def("daily")
with open_instance(settings) as instance:
    end_dead_runs(instance)
    if boundary == "before inbox":
        instance.report_dagster_event(
            dg.DagsterEvent("PIPELINE_START", "daily", message="began"), instance.create_run_for_job(job).run_id
        )
        os.kill(os.getpid(), signal.SIGKILL)
    sys.exit(not job.execute_in_process(instance=instance, raise_on_error=False).success)
"""


def run(settings, boundary="none"):
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PIPELINE, str(settings.data_dir), boundary],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_run_killed_between_steps_is_seen_as_what_it_was_and_the_next_one_finishes(settings, boundary):
    Inbox(settings).put("crm/contacts/a.csv", CONTACTS)
    killed = run(settings, boundary)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    again = run(settings)
    assert again.returncode == 0, again.stderr
    with open_instance(settings) as instance:
        states = [found.status for found in instance.get_runs()]
        assert end_dead_runs(instance) == []
    # After the last step nothing is left that could be started again.
    ended = dg.DagsterRunStatus.SUCCESS if boundary == "after run_report" else dg.DagsterRunStatus.FAILURE
    assert states == [dg.DagsterRunStatus.SUCCESS, ended]
    with connect(settings, read_only=True) as connection:
        counts = connection.execute(
            "select (select count(*) from conformed.contacts), (select count(*) from raw_files.crm_contacts)"
        ).fetchone()
    assert counts == (2, 2)
    assert latest_report(settings)["succeeded"]


@ON_LINUX
def test_a_full_disk_is_told_and_the_backup_is_made_when_there_is_room_again(tmp_path):
    disk = tmp_path / "disk"
    with small_disk(disk) as settings:
        inbox = Inbox(settings)
        inbox.put("crm/contacts/a.csv", CONTACTS)
        inbox.load()
        kept = inbox.query("select count(*) from raw_files.crm_contacts")
        cause = cause_in_a_run(lambda: back_up_until_full(settings))
        assert "The disk is full. Free space" in cause.message
        assert "The disk is full. Free space" in cause.tellable
        assert inbox.query("select count(*) from raw_files.crm_contacts") == kept
        remount(disk, "size=64m")
        assert back_up(settings).name in backup_names(settings)


def back_up_until_full(settings):
    roomy = settings.model_copy(update={"backups_kept": 1_000})
    for day in range(1_000):
        back_up(roomy, datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day))


@ON_LINUX
def test_a_directory_nobody_may_write_to_is_told_and_keeps_what_it_holds(tmp_path):
    disk = tmp_path / "disk"
    with small_disk(disk) as settings:
        inbox = Inbox(settings)
        inbox.put("crm/contacts/a.csv", CONTACTS)
        inbox.load()
        remount(disk, "ro")
        cause = cause_in_a_run(inbox.load)
        assert "cannot be written" in cause.message
        assert "lifecycle doctor" in cause.message
        remount(disk, "rw")
        inbox.load()
        assert inbox.query("select count(*) from raw_files.crm_contacts") == [(2,)]


def test_too_little_memory_is_told_with_the_setting_that_gives_more(settings):
    tight = settings.model_copy(update={"memory_limit": "20MB", "spill_limit": "1MB"})

    def sort_much():
        with connect(tight) as connection:
            connection.execute("create table t as select range as n, md5(range::varchar) as m from range(2000000)")
            connection.execute("create table sorted as select * from t order by m, n")

    cause = cause_in_a_run(sort_much)
    assert "LIFECYCLE_MEMORY_LIMIT" in cause.message
    with connect(settings) as connection:
        assert connection.execute("select count(*) from duckdb_tables() where table_name = 'sorted'").fetchone() == (0,)


def test_the_command_tells_a_full_disk_in_one_line_and_not_with_a_traceback(monkeypatch, capsys):
    from orchestration.cli import app

    def fail():
        raise OSError(28, "No space left on device", "/data/warehouse.duckdb")

    monkeypatch.setattr(app, "app", fail)
    with pytest.raises(SystemExit) as ended:
        app.main()
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("The disk is full. Free space")
