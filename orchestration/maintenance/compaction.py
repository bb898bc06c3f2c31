"""Rebuilding the warehouse file: bytes of deleted rows stay in a DuckDB file until its tables are written anew.

The new file is compared table by table before it takes the old one's place. A process killed on the way leaves the old
file as it was and a leftover that the next rebuild removes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestion.warehouse import STORAGE_VERSION, attach_warehouse, connect
from orchestration.maintenance.warehouse_files import (
    fingerprints_of_file,
    put_in_place,
    require_equal,
    settle_warehouse,
    table_fingerprints,
)

if TYPE_CHECKING:
    from pathlib import Path

    from ingestion.settings import Settings


@dataclass(frozen=True, slots=True)
class Compaction:
    """What a rebuild did.

    Args:
        free_share: share of the file's blocks that held nothing before.
        is_rebuilt: whether the file was rebuilt.
        bytes_before, bytes_after: size of the file.
    """

    free_share: float
    is_rebuilt: bool
    bytes_before: int
    bytes_after: int


def compact(settings: Settings, *, force: bool = False) -> Compaction:
    """Rebuild the warehouse file when too much of it is empty.

    Args:
        settings: where the file is, and from which share on it is rebuilt.
        force: rebuild it in any case; erased rows are then gone from the file.

    Raises:
        WarehouseLockedError: when another process holds the warehouse.
        CopyMismatchError: when the new file is not the same; the old one stays.
    """
    settle_warehouse(settings)
    before = settings.warehouse.stat().st_size
    free = free_share(settings)
    if not force and free < settings.bloat_share:
        return Compaction(free, False, before, before)
    new = settings.warehouse.with_name("warehouse.rebuilding")
    _remove(new)
    expected = _copy(settings, new)
    require_equal(expected, fingerprints_of_file(settings, new), "The rebuilt file")
    put_in_place(new, settings.warehouse)
    return Compaction(free, True, before, settings.warehouse.stat().st_size)


def free_share(settings: Settings) -> float:
    """Share of the file's blocks that hold nothing."""
    with connect(settings, read_only=True) as connection:
        row = connection.execute("select total_blocks, free_blocks from pragma_database_size()").fetchone()
    total, free = row or (0, 0)
    return free / total if total else 0.0


def _copy(settings: Settings, new: Path) -> dict[str, str]:

    with attach_warehouse(settings) as connection:
        connection.execute(f"attach '{new}' as rebuilt (storage_version '{STORAGE_VERSION}')")
        connection.execute("copy from database warehouse to rebuilt")
        connection.execute("checkpoint rebuilt")
        connection.execute("detach rebuilt")
        connection.execute("use warehouse")
        return table_fingerprints(connection)


def _remove(path: Path) -> None:
    for leftover in (path, path.with_name(f"{path.name}.wal")):
        leftover.unlink(missing_ok=True)
