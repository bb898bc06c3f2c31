"""A disk that becomes full while dbt builds or a generation is written: a clear word, readers notice nothing, and the
next try finishes once there is room. What a full disk does to backups is tested in `test_crash_safety.py`.
"""

from __future__ import annotations

import time

import pytest

from orchestration.cli import app
from orchestration.doctor import services
from orchestration.doctor.findings import State
from orchestration.instance import open_instance
from orchestration.publish.pointer import GENERATIONS
from orchestration.remedies import remedy_of
from tests.integration.dbt_at_work import NEEDS_PROC, as_soon_as_dbt_works, build_staging, make_empty_warehouse
from tests.integration.publishing import build, publish, publish_built, seen
from tests.integration.small_disk import ON_LINUX, cause_in_a_run, fill, small_disk


@ON_LINUX
@NEEDS_PROC
@pytest.mark.parametrize("begun_by_then", ["stg_brevo__crm_consents", "accepted_values_stg_brevo"])
def test_a_disk_that_fills_while_dbt_builds_is_told_once_and_readers_notice_nothing(tmp_path, begun_by_then):
    """Whether models or tests run into it: a test that could not be run once stood beside the full disk as a check that
    found the data wrong.
    """
    disk = tmp_path / "disk"

    def fill_in_the_middle(*_):
        given_up = time.monotonic() + 60
        while time.monotonic() < given_up and not list((settings.data_dir / "dbt").rglob(f"{begun_by_then}*.sql")):
            time.sleep(0.001)
        fill(disk)

    with small_disk(disk, "160m") as settings:
        make_empty_warehouse(settings)
        publish(settings, 1)
        with as_soon_as_dbt_works(settings, fill_in_the_middle):
            [cause] = build_staging(settings)
        require_told(cause, disk)
        assert seen(settings.serving) == 1
        (disk / "ballast").unlink()
        assert build_staging(settings) == []


@ON_LINUX
def test_a_disk_that_fills_while_a_generation_is_written_is_told_and_readers_notice_nothing(tmp_path):
    disk = tmp_path / "disk"
    with small_disk(disk, "160m") as settings:
        publish(settings, 1)
        build(settings, 2)
        ballast = fill(disk)
        require_told(cause_in_a_run(lambda: publish_built(settings, 2)), disk)
        assert seen(settings.serving) == 1
        assert list((settings.serving / GENERATIONS).glob(".building_*")), "it was being written"
        ballast.unlink()
        publish_built(settings, 2)
        assert seen(settings.serving) == 2
        assert list((settings.serving / GENERATIONS).glob(".*")) == []


def require_told(cause, disk):
    assert cause.message.startswith("The disk is full. Free space and run again")
    assert str(disk) in cause.message
    assert cause.message.lower().count("no space left on device") == 1
    assert "disk is full" in cause.tellable or "no space left" in cause.tellable


@ON_LINUX
def test_on_a_full_disk_status_and_doctor_say_so_in_words(tmp_path, monkeypatch, capsys):
    """Dagster's files cannot even be read then: both once ended in a traceback of the database's library."""
    disk = tmp_path / "disk"
    with small_disk(disk) as settings:
        monkeypatch.setenv("LIFECYCLE_DATA_DIR", str(settings.data_dir))
        with open_instance(settings):
            pass
        fill(disk)
        found = services.daemon(settings)
        assert (found.state, "Free space" in found.remedy) == (State.PROBLEM, True)
        monkeypatch.setattr("sys.argv", ["lifecycle", "status"])
        with pytest.raises(SystemExit) as ended:
            app.main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert said.startswith("The disk is full or damaged") and "Traceback" not in said
    assert f"0.0 MB are free in {settings.data_dir}" in said


@pytest.mark.parametrize("said", ["database or disk is full", "disk I/O error", "[Errno 28] No space left on device"])
def test_every_way_to_say_that_a_disk_is_full_has_a_remedy(said):
    assert "Free space and run again" in remedy_of(f"(sqlite3.OperationalError) {said}\n[SQL: insert into event_logs]")
