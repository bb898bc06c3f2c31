"""Maintenance loses nothing: a backup is read back, a rebuild compared, and what is restored is what was backed up."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from ingestion.warehouse import WarehouseLockedError, WarehouseMissingError, connect
from orchestration.maintenance import backup, compaction
from orchestration.maintenance.backup import NoBackupError, back_up, backup_names, restore
from orchestration.maintenance.compaction import compact, free_share
from orchestration.maintenance.warehouse_files import CopyMismatchError, fingerprints_of_file

NOW = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def filled(settings):
    """A warehouse with a table, a commented one, a view on it, and room that deleted rows have left."""
    with connect(settings) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.customer_profile as select range as id from range(1000)")
        connection.execute("comment on column marts.customer_profile.id is 'Who.'")
        connection.execute("create view marts.everybody as select id from warehouse.marts.customer_profile")
        connection.execute("create table bloat as select range as n, md5(range::varchar) as t from range(400000)")
        connection.execute("checkpoint")
        connection.execute("drop table bloat")
        connection.execute("checkpoint")
    return settings


def content(settings):
    with connect(settings, read_only=True) as connection:
        people = connection.execute("select count(*), sum(id) from marts.everybody").fetchone()
        comment = connection.execute(
            "select comment from duckdb_columns() where table_name = 'customer_profile'"
        ).fetchone()
    return people, comment


def test_a_bloated_file_is_rebuilt_and_holds_the_same(filled):
    before = content(filled)
    assert free_share(filled) > filled.bloat_share
    done = compact(filled)
    assert done.is_rebuilt
    assert done.bytes_after < done.bytes_before / 2
    assert content(filled) == before == ((1000, 499_500), ("Who.",))
    assert filled.warehouse.stat().st_mode & 0o777 == 0o600


def test_a_file_without_holes_is_left_alone_unless_asked(filled):
    compact(filled)
    assert not compact(filled).is_rebuilt
    assert compact(filled, force=True).is_rebuilt


def test_a_rebuilt_file_that_differs_is_not_used(filled, monkeypatch):
    before = filled.warehouse.read_bytes()
    real = compaction.fingerprints_of_file
    monkeypatch.setattr(
        compaction, "fingerprints_of_file", lambda *found: real(*found) | {"marts.customer_profile": "other"}
    )
    with pytest.raises(CopyMismatchError, match=r"marts\.customer_profile"):
        compact(filled, force=True)
    assert len(filled.warehouse.read_bytes()) == len(before)
    assert content(filled)[0] == (1000, 499_500)


def test_erased_rows_are_gone_from_the_file_after_a_rebuild(filled):
    mark = "erase-me-" * 5
    with connect(filled) as connection:
        connection.execute(f"create table people as select '{mark}' || range as name from range(5000)")
        connection.execute("checkpoint")
        connection.execute("delete from people")
    compact(filled, force=True)
    assert b"erase-me" not in filled.warehouse.read_bytes()


def test_a_backup_holds_what_the_warehouse_held_and_comes_back(filled):
    made = back_up(filled, NOW)
    assert made.name == "20260701T030000Z"
    assert (made.path.stat().st_mode & 0o777, (made.path / "warehouse.duckdb").stat().st_mode & 0o777) == (0o700, 0o600)
    with connect(filled) as connection:
        connection.execute("delete from marts.customer_profile")
    assert restore(filled).name == made.name
    assert content(filled)[0] == (1000, 499_500)
    kept = filled.warehouse.with_name("warehouse.before_restore")
    assert fingerprints_of_file(filled, kept) != fingerprints_of_file(filled, filled.warehouse)


def test_a_warehouse_that_cannot_be_opened_is_set_aside_with_its_log_and_replaced(filled):
    back_up(filled, NOW)
    log, broken = filled.warehouse.with_name("warehouse.duckdb.wal"), b"no database" * 1000
    filled.warehouse.write_bytes(broken)
    log.write_bytes(b"no log" * 1000)
    restore(filled)
    assert content(filled)[0] == (1000, 499_500)
    assert filled.warehouse.with_name("warehouse.before_restore").read_bytes() == broken
    assert filled.warehouse.with_name("warehouse.before_restore.wal").read_bytes() == b"no log" * 1000
    assert not log.exists()


def test_a_warehouse_that_is_gone_is_restored_without_the_log_it_left(filled):
    back_up(filled, NOW)
    filled.warehouse.rename(filled.warehouse.with_name("lost"))
    filled.warehouse.with_name("warehouse.duckdb.wal").write_bytes(b"no log" * 1000)
    restore(filled)
    assert content(filled)[0] == (1000, 499_500)


def test_a_warehouse_somebody_holds_is_not_replaced(filled):
    back_up(filled, NOW)
    hold = f"import duckdb; held = duckdb.connect({str(filled.warehouse)!r}); print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        before = filled.warehouse.stat().st_ino
        with pytest.raises(WarehouseLockedError, match=str(holder.pid)):
            restore(filled)
        assert filled.warehouse.stat().st_ino == before
        holder.stdin.close()


def test_only_the_latest_backups_are_kept(filled):
    for day in range(5):
        back_up(filled, NOW + timedelta(days=day))
    assert backup_names(filled) == [f"202607{day:02d}T030000Z" for day in (3, 4, 5)]


def test_a_backup_that_cannot_be_read_back_as_it_was_is_none(filled, monkeypatch):
    monkeypatch.setattr(backup, "fingerprints_of_file", lambda *_: {})
    with pytest.raises(CopyMismatchError, match="The backup differs"):
        back_up(filled, NOW)
    assert backup_names(filled) == []


def test_a_backup_that_has_changed_since_is_not_put_in_place(filled):
    made = back_up(filled, NOW)
    manifest = made.path / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"marts.customer_profile": "', '"marts.customer_profile": "0'))
    with connect(filled) as connection:
        connection.execute("insert into marts.customer_profile values (0)")
    with pytest.raises(CopyMismatchError, match="20260701T030000Z"):
        restore(filled, made.name)
    assert content(filled)[0] == (1001, 499_500)


def test_a_name_that_is_no_backup_is_told_with_those_there_are(filled):
    with pytest.raises(NoBackupError, match="lifecycle maintenance backup"):
        restore(filled)
    back_up(filled, NOW)
    with pytest.raises(NoBackupError, match="20260701T030000Z"):
        restore(filled, "20200101T000000Z")


def test_there_is_nothing_to_back_up_before_the_first_run(settings):
    with pytest.raises(WarehouseMissingError, match="lifecycle run"):
        back_up(settings, NOW)


@pytest.mark.parametrize("work", [back_up, compact])
def test_a_warehouse_somebody_holds_is_left_alone(filled, work):
    hold = f"import duckdb; held = duckdb.connect({str(filled.warehouse)!r}); print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(WarehouseLockedError, match=str(holder.pid)):
            work(filled)
        holder.stdin.close()


KILL = """
import os, signal, sys
from pathlib import Path
from ingestion.settings import Settings
from orchestration.maintenance import backup, compaction, warehouse_files

settings, work, instant = Settings(data_dir=Path(sys.argv[1]), _env_file=None), sys.argv[2], sys.argv[3]

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

module = {"compact": compaction, "back_up": backup}[work]
setattr(module, instant, die)
{"compact": lambda: compaction.compact(settings, force=True), "back_up": lambda: backup.back_up(settings)}[work]()
"""


@pytest.mark.parametrize(
    ("work", "instant"),
    [
        ("compact", "_copy"),
        ("compact", "fingerprints_of_file"),
        ("compact", "require_equal"),
        ("compact", "put_in_place"),
        ("back_up", "table_fingerprints"),
        ("back_up", "fingerprints_of_file"),
        ("back_up", "require_equal"),
        ("back_up", "fsync_path"),
        ("back_up", "fsync_directory"),
    ],
)
def test_a_killed_upkeep_leaves_the_warehouse_whole_and_the_next_one_finishes(filled, work, instant):
    killed = subprocess.run([sys.executable, "-c", KILL, str(filled.data_dir), work, instant], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert content(filled)[0] == (1000, 499_500)
    compact(filled, force=True)
    back_up(filled, NOW)
    assert "20260701T030000Z" in backup_names(filled)
    assert list(filled.backups.glob(".building_*")) == []
    assert list(filled.data_dir.glob("warehouse.rebuilding*")) == []
