"""Backups of the warehouse, each restored once for a test: a backup nobody could read back is none.

The warehouse holds what cannot be made again from files: which load brought what, who is who since when, who decided.
Inbox files and published generations are plain files; copy them with the tools you have.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ingestion.errors import ExitCode, LifecycleError
from ingestion.warehouse import WarehouseMissingError, connect, make_private_directory
from orchestration.maintenance.warehouse_files import (
    fingerprints_of_file,
    put_in_place,
    require_equal,
    settle_warehouse,
    table_fingerprints,
)
from orchestration.publish.generation import fsync_path
from orchestration.publish.pointer import fsync_directory
from orchestration.wall_clock import utc_now

if TYPE_CHECKING:
    from pathlib import Path

    from ingestion.settings import Settings

MANIFEST, FILE = "manifest.json", "warehouse.duckdb"


class NoBackupError(LifecycleError):
    """There is no such backup; the message names those there are."""

    exit_code = ExitCode.NO_DATA


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup.

    Args:
        name: when it was made, UTC: `20260701T030000Z`.
        path: its folder.
        bytes: size of its file.
        tables: how many tables were compared after reading it back.
    """

    name: str
    path: Path
    bytes: int
    tables: int


def back_up(settings: Settings, now: datetime | None = None) -> Backup:
    """Copy the warehouse, open the copy and compare every table, then drop the oldest backups beyond those kept.

    Raises:
        WarehouseMissingError: when there is nothing to back up yet.
        WarehouseLockedError: when another process holds the warehouse.
        CopyMismatchError: when the copy cannot be read back as it was; it is removed.
    """
    if not settings.warehouse.exists():
        raise WarehouseMissingError("There is no warehouse to back up yet. `lifecycle run` makes one.")
    name = f"{now or utc_now():%Y%m%dT%H%M%SZ}"
    make_private_directory(settings.backups)
    for leftover in settings.backups.glob(".building_*"):
        shutil.rmtree(leftover)
    building = settings.backups / f".building_{name}"
    building.mkdir(mode=0o700)
    settle_warehouse(settings)
    with connect(settings, read_only=True) as connection:
        expected = table_fingerprints(connection)
    shutil.copyfile(settings.warehouse, building / FILE)
    (building / FILE).chmod(0o600)
    require_equal(expected, fingerprints_of_file(settings, building / FILE), "The backup")
    (building / MANIFEST).write_text(json.dumps({"name": name, "tables": expected}, indent=2), encoding="utf-8")
    for path in (building / FILE, building / MANIFEST, building):
        fsync_path(path)
    building.rename(settings.backups / name)
    fsync_directory(settings.backups)
    for old in backup_names(settings)[: -settings.backups_kept]:
        shutil.rmtree(settings.backups / old)
    return _backup(settings, name)


def backup_names(settings: Settings) -> list[str]:
    """Names of all complete backups, oldest first."""
    return sorted(path.parent.name for path in settings.backups.glob(f"[0-9]*/{MANIFEST}"))


def read_backups(settings: Settings) -> list[Backup]:
    """All complete backups, oldest first."""
    return [_backup(settings, name) for name in backup_names(settings)]


def chosen_backup(settings: Settings, name: str | None) -> str:
    """Name of the backup that is meant, the latest without a name.

    Raises:
        NoBackupError: when there is no such backup.
    """
    names = backup_names(settings)
    chosen = name or (names[-1] if names else None)
    if chosen is None or chosen not in names:
        there = ", ".join(names) or "none; `lifecycle maintenance backup` makes one"
        raise NoBackupError(f"There is no backup{f' {chosen}' if chosen else ''}. Those there are: {there}.")
    return chosen


def restore(settings: Settings, name: str | None = None) -> Backup:
    """Put a backup in the warehouse's place; the present file stays beside it as `warehouse.before_restore`.

    A present file that cannot be opened any more, which is what backups are for, is moved there with its log as it is.

    Args:
        settings: where warehouse and backups are.
        name: which backup; None for the latest.

    Raises:
        NoBackupError: when there is no such backup.
        CopyMismatchError: when the backup no longer holds what it held when it was made; nothing is changed.
        WarehouseLockedError: when another process holds the warehouse; nothing is changed.
    """
    chosen = chosen_backup(settings, name)
    folder = settings.backups / chosen
    new = settings.warehouse.with_name("warehouse.restoring")
    shutil.copyfile(folder / FILE, new)
    expected = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["tables"]
    require_equal(expected, fingerprints_of_file(settings, new), f"The backup {chosen}")
    _set_present_aside(settings)
    put_in_place(new, settings.warehouse)
    return _backup(settings, chosen)


def _set_present_aside(settings: Settings) -> None:
    """Keep what lies in the warehouse's place; no log of it may stay, which the backup would be opened with."""
    import duckdb

    present, kept = settings.warehouse, settings.warehouse.with_name("warehouse.before_restore")
    log, kept_log = (path.with_name(f"{path.name}.wal") for path in (present, kept))
    if not present.exists() and not log.exists():
        return
    is_whole = present.exists()
    try:
        if is_whole:
            settle_warehouse(settings)
    except duckdb.Error:
        is_whole = False
    for earlier in (kept, kept_log):
        earlier.unlink(missing_ok=True)
    if is_whole:
        kept.hardlink_to(present)
        return
    for path, aside in ((log, kept_log), (present, kept)):
        if path.exists():
            path.rename(aside)


def _backup(settings: Settings, name: str) -> Backup:
    folder = settings.backups / name
    tables = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["tables"]
    return Backup(name, folder, (folder / FILE).stat().st_size, len(tables))
