"""What the doctor asks the data directory: may we write, does nobody else read, who holds it, is there room.

The warehouse is opened for a moment only, and only when no run holds it.
"""

from __future__ import annotations

import errno
import os
import shlex
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.settings import PROJECT_ROOT
from ingestion.warehouse import WarehouseLockedError, connect
from orchestration.doctor.findings import Finding, problem, warning, well
from orchestration.run_lock import run_lock_holder

if TYPE_CHECKING:
    from ingestion.settings import Settings

# A rebuild or a backup needs room for the warehouse once more, a publication for the marts; spilled rows come on top.
ROOM_PER_WAREHOUSE = 3
LEAST_ROOM = 2_000_000_000


def permissions(settings: Settings) -> Iterator[Finding]:
    """The pipeline may write where it must, and nobody else may read what is private."""
    yield _writable(settings.data_dir)
    yield from _private(settings.data_dir, 0o700, "the data directory holds personal data")
    yield from _private(settings.warehouse, 0o600, "the warehouse holds personal data")
    yield from _private(PROJECT_ROOT / ".env", 0o600, "the file holds credentials")
    if settings.inbox.exists() and not os.access(settings.inbox, os.R_OK | os.X_OK):
        yield problem("inbox", f"{settings.inbox} cannot be read", f"Run `chmod u+rx {settings.inbox}`.")


def _writable(directory: Path) -> Finding:
    there = next(path for path in (directory, *directory.parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there) as probe:
            probe.write(b"probe")
    except OSError as error:
        return problem("data directory", f"{there} cannot be written: {error.strerror}", _access(there, error))
    return well("data directory", f"{directory} can be written" if there == directory else f"{directory} will be made")


def _access(directory: Path, error: OSError) -> str:
    """The command that gives access, by what the operating system said."""
    other = "or set LIFECYCLE_DATA_DIR to another directory."
    if error.errno == errno.EROFS:
        mount = next(path for path in (directory, *directory.parents) if os.path.ismount(path))
        return f"Mount it for writing, `sudo mount -o remount,rw {shlex.quote(str(mount))}`, {other}"
    if error.errno in (errno.EACCES, errno.EPERM):
        owner = f"sudo chown -R {os.getuid()}:{os.getgid()} {shlex.quote(str(directory))}"
        return f"Give it to the user of the pipeline, `{owner}`, {other}"
    return f"Free space on it, {other}"


def _private(path: Path, mode: int, why: str) -> Iterator[Finding]:
    if not path.exists():
        return
    present = stat.S_IMODE(path.stat().st_mode)
    if present & 0o077:
        remedy = f"Others may read or change it, and {why}: `chmod {mode:o} {path}`."
        yield warning("permissions", f"{path} has mode {present:04o}", remedy)
    else:
        yield well("permissions", f"{path.name} has mode {present:04o}")


def locks(settings: Settings) -> Finding:
    """Who holds the warehouse."""
    holder = run_lock_holder(settings)
    if holder:
        return warning(
            "locks",
            f"a run is in progress (process {holder})",
            f"Wait until it has finished, or stop it with `kill {holder}`; the next run goes on from there.",
        )
    if not settings.warehouse.exists():
        return well("locks", "there is no warehouse yet; `lifecycle run` makes one")
    try:
        with connect(settings, read_only=True, waits=False):
            return well("locks", "nobody holds the warehouse")
    except WarehouseLockedError as error:
        return problem("locks", *str(error).split(". ", 1))


def disk(settings: Settings, free: int | None = None) -> Finding:
    """There is room for a rebuild, a backup and what a run spills.

    Args:
        settings: where the data lies.
        free: free bytes; None to ask the file system.
    """
    there = next(path for path in (settings.data_dir, *settings.data_dir.parents) if path.exists())
    room = free if free is not None else shutil.disk_usage(there).free
    size = settings.warehouse.stat().st_size if settings.warehouse.exists() else 0
    found = f"{room / 1e9:.1f} GB free, the warehouse has {size / 1e9:.2f} GB"
    if room < size + LEAST_ROOM / 4:
        return problem("disk", found, "Free space: a run may fail for want of it. It would leave no damage behind.")
    if room < ROOM_PER_WAREHOUSE * size + LEAST_ROOM:
        return warning("disk", found, "Free space soon: a rebuild or a backup needs as much as the warehouse again.")
    return well("disk", found)
