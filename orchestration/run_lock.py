"""One run at a time: a lock file held by the process that runs, from its first step to its end.

Dagster's pool keeps steps apart; this lock keeps whole runs apart, also those started from the command line. It is an
operating-system lock: a killed process frees it.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from ingestion.left_behind import remove_folders_of_the_dead
from ingestion.warehouse import SPILL_BESIDE, WarehouseLockedError, make_private_directory

if TYPE_CHECKING:
    from filelock import FileLock

    from ingestion.settings import Settings

_held: dict[str, tuple[str, FileLock]] = {}

# Who only asks for the holder has the lock for an instant; a run that starts just then waits for that.
_PATIENCE_SECONDS = 1


def hold_run_lock(settings: Settings, run_id: str) -> bool:
    """Take the lock for `run_id` and keep it until `release_run_lock` or the end of the process.

    Returns:
        True when the run has it from now on, False when it had it already. A later run of the same process takes the
        lock over: runs within one process follow each other.

    Raises:
        WarehouseLockedError: when another run holds it.
    """
    from filelock import FileLock, Timeout

    path = settings.data_dir / "run.lock"
    holder = settings.data_dir / "run.pid"
    present = _held.get(str(path))
    if present:
        _held[str(path)] = (run_id, present[1])
        return present[0] != run_id
    make_private_directory(settings.data_dir)
    lock = FileLock(path, timeout=_PATIENCE_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        pid = _holder(settings)
        raise WarehouseLockedError(
            f"Another run is in progress (process {pid}). Wait until it has finished, or stop it with `kill {pid}`, "
            "then run again. Readers are not affected: they use the published file."
        ) from None
    holder.write_text(str(os.getpid()), encoding="utf-8")
    remove_folders_of_the_dead(settings.data_dir, SPILL_BESIDE)
    _held[str(path)] = (run_id, lock)
    return True


def run_lock_holder(settings: Settings) -> str | None:
    """Process that holds the run lock now, `unknown` when it did not say who it is; None when nobody does.

    A lock this process holds counts as well. The file is opened for reading, so it can be asked on a read-only disk.
    """
    import fcntl

    path = settings.data_dir / "run.lock"
    if str(path) in _held:
        return str(os.getpid())
    if not path.exists():
        return None
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _holder(settings)
    return None


def release_run_lock(settings: Settings, run_id: str) -> None:
    """Give the lock back, if this process holds it for `run_id`."""
    path = str(settings.data_dir / "run.lock")
    present = _held.get(path)
    if present and present[0] == run_id:
        with suppress(FileNotFoundError):
            (settings.data_dir / "run.pid").unlink()
        present[1].release()
        del _held[path]


def _holder(settings: Settings) -> str:
    holder = settings.data_dir / "run.pid"
    return holder.read_text(encoding="utf-8").strip() if holder.exists() else "unknown"
