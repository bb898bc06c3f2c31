"""The warehouse file is private, and a held lock names its holder and the remedy."""

import os
import stat
import subprocess
import sys
import threading

import duckdb
import pytest

from ingestion.errors import ExitCode
from ingestion.warehouse import WarehouseLockedError, WarehouseMissingError, attach_warehouse, connect
from orchestration.cli import serving
from orchestration.lifecycle_report import writing
from orchestration.publish import postgres, publisher
from orchestration.publish.generation import Manifest, write_manifest
from orchestration.publish.pointer import DATABASE, GENERATIONS, PARQUET, current_generation, point_to
from orchestration.publish.postgres_server import PostgresCopyError
from orchestration.publish.publisher import RollbackNotRecordedError, rollback
from orchestration.run_lock import hold_run_lock, release_run_lock

HOLDER = """
import duckdb, sys
connection = duckdb.connect(sys.argv[1])
connection.execute("create or replace table held as select 1 as one")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def held(settings):
    settings.data_dir.mkdir(parents=True)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(settings.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline().strip() == "held"
    yield process
    if not process.stdin.closed:
        process.stdin.close()
    process.wait()


@pytest.mark.parametrize("mode", ["write", "read", "attach"])
def test_a_held_lock_names_the_holder_and_what_to_do(settings, held, mode):
    opened = attach_warehouse(settings) if mode == "attach" else connect(settings, read_only=mode == "read")
    with pytest.raises(WarehouseLockedError) as error, opened:
        pass
    assert str(held.pid) in str(error.value)
    assert "serving/lifecycle.duckdb" in str(error.value)


@pytest.mark.parametrize("mode", ["write", "read", "attach"])
def test_a_lock_that_is_let_go_in_time_is_waited_for(settings, held, mode):
    patient = settings.model_copy(update={"lock_wait_seconds": 60})
    letting_go = threading.Timer(1, held.stdin.close)
    letting_go.start()
    opened = attach_warehouse(patient) if mode == "attach" else connect(patient, read_only=mode == "read")
    with opened as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    letting_go.join()


@pytest.fixture
def served(settings):
    """Two generations, of which readers see the second."""
    for name in ("000001_2026-01-01", "000002_2026-01-02"):
        folder = settings.serving / GENERATIONS / name
        (folder / PARQUET).mkdir(parents=True)
        duckdb.connect(folder / DATABASE).close()
        write_manifest(
            folder, Manifest(name, name.split("_")[1], "run", f"{name.split('_')[1]}T08:00:00+00:00", {}, {})
        )
    point_to(settings.serving, "000002_2026-01-02")


def test_a_rollback_without_a_warehouse_moves_readers_and_makes_none(settings, served):
    with pytest.raises(RollbackNotRecordedError, match="There is no warehouse") as error:
        rollback(settings)
    assert error.value.exit_code == ExitCode.NO_DATA
    assert current_generation(settings.serving) == "000001_2026-01-01"
    assert not settings.warehouse.exists()


def test_a_rollback_while_a_run_writes_moves_readers_and_says_that_only_the_history_is_missing(settings, held, served):
    with pytest.raises(RollbackNotRecordedError, match="Readers see 000001_2026-01-01") as error:
        rollback(settings)
    assert str(held.pid) in str(error.value)
    assert current_generation(settings.serving) == "000001_2026-01-01"


@pytest.mark.parametrize("copy_fails", [False, True])
def test_a_rollback_while_a_run_writes_still_renews_postgres_and_the_reports(
    settings, held, served, monkeypatch, copy_fails
):
    done = []

    def copy(_settings):
        done.append("postgres")
        if copy_fails:
            raise PostgresCopyError("no copy")

    monkeypatch.setattr(serving, "load_settings", lambda: settings)
    monkeypatch.setattr(postgres, "copy_to_postgres", copy)
    monkeypatch.setattr(writing, "write_published_reports", lambda _settings: done.append("reports"))
    with pytest.raises(RollbackNotRecordedError, match="Readers see 000001_2026-01-01") as error:
        serving.rollback(None)
    assert done == ["postgres", "reports"]
    assert ("no copy" in str(error.value)) == copy_fails


def test_a_publication_whose_copy_fails_still_renews_the_reports(settings, monkeypatch):
    done = []

    def copy(_settings):
        raise PostgresCopyError("no copy")

    monkeypatch.setattr(serving, "load_settings", lambda: settings)
    monkeypatch.setattr(publisher, "publish", lambda *_, **__: None)
    monkeypatch.setattr(postgres, "copy_to_postgres", copy)
    monkeypatch.setattr(writing, "write_published_reports", lambda _settings: done.append("reports"))
    with connect(settings):
        pass  # nothing is published without a warehouse
    with pytest.raises(PostgresCopyError, match="no copy"):
        serving.publish(accept=False)
    assert done == ["reports"]


def test_a_killed_holder_frees_the_lock(settings, held):
    held.kill()
    held.wait()
    with connect(settings) as connection:
        assert connection.execute("select 1").fetchone() == (1,)


def test_reading_a_missing_warehouse_says_how_to_make_one(settings):
    with pytest.raises(WarehouseMissingError, match="lifecycle run"), connect(settings, read_only=True):
        pass


def test_the_warehouse_is_readable_by_its_owner_only(settings):
    with connect(settings):
        pass
    assert stat.S_IMODE(settings.warehouse.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700


LOCK_HOLDER = """
import sys
from ingestion.settings import Settings
from orchestration.run_lock import hold_run_lock
hold_run_lock(Settings(data_dir=sys.argv[1], _env_file=None), "other")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_second_run_is_refused_with_the_first_ones_process_and_goes_on_after_its_death(settings):
    process = subprocess.Popen(
        [sys.executable, "-c", LOCK_HOLDER, str(settings.data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline().strip() == "held"
    with pytest.raises(WarehouseLockedError, match=str(process.pid)):
        hold_run_lock(settings, "mine")
    process.kill()
    process.wait()
    of_the_dead, of_this = (settings.data_dir / f"spill-{pid}" for pid in (process.pid, os.getpid()))
    for folder in (of_the_dead, of_this):
        folder.mkdir()
        (folder / "duckdb_temp_storage").write_text("rows", encoding="utf-8")
    assert hold_run_lock(settings, "mine")
    release_run_lock(settings, "mine")
    assert (of_the_dead.exists(), of_this.exists()) == (False, True)
