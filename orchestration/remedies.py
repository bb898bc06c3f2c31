"""What to do about what an engine or the operating system says when the machine lacks something."""

from __future__ import annotations

import re
import shutil
import signal
from pathlib import Path

LITTLE = 50_000_000  # bytes; a run needs more than that
DISK_IS_FULL = re.compile(r"no space left on device|disk is full", re.IGNORECASE)
_REMEDIES = {
    DISK_IS_FULL: "The disk is full. Free space and run again; what was published before is unharmed.",
    # What SQLite, in which Dagster keeps its runs, says of a full disk and of a broken one alike.
    re.compile(r"disk i/o error", re.IGNORECASE): "The disk is full or damaged; `lifecycle doctor` says how much is "
    "free. Free space and run again; what was published before is unharmed.",
    re.compile(r"out of memory error|could not allocate block|MemoryError", re.IGNORECASE): "DuckDB needs more memory "
    "than LIFECYCLE_MEMORY_LIMIT allows. Raise it (`lifecycle doctor` says how far) or lower LIFECYCLE_THREADS.",
    re.compile(
        r"read-only file system|readonly database|permission denied|cannot open file", re.IGNORECASE
    ): "A file cannot be written. Give the user of the pipeline access; `lifecycle doctor` says where.",
}


_QUOTED_PATH = re.compile(r"""["'](/[^"']+)["']""")


def remedy_of(message: str) -> str:
    """What to do about what an engine or the operating system said; empty when nothing better is known."""
    return next((remedy for pattern, remedy in _REMEDIES.items() if pattern.search(message)), "")


FOR_WANT_OF_MEMORY = (
    "most often because the machine had no memory left. Lower LIFECYCLE_MEMORY_LIMIT or LIFECYCLE_THREADS, or give the "
    "machine more memory"
)


def death_of(exit_code: int) -> str:
    """How a signal ended a child process, and what to do; empty when it ended by itself.

    Args:
        exit_code: below zero as Python tells of a signal, above 128 as shells do; not all above it are signals.
    """
    number = -exit_code if exit_code < 0 else exit_code - 128
    if number not in signal.valid_signals():
        return ""
    if number == signal.SIGKILL:
        return f"was killed from outside (signal 9), {FOR_WANT_OF_MEMORY}"
    return f"was ended by signal {number}"


def place_of(error: Exception) -> str:
    """The file or directory an operating system or engine complained about; empty when it named none."""
    named = getattr(error, "filename", None) or getattr(error, "filename2", None)
    quoted = _QUOTED_PATH.search(str(error))
    return str(named) if named else quoted.group(1) if quoted else ""


def full_disk(folder: Path) -> str:
    """How little the disk of a folder has left, for an error that named no file; empty when that is not the matter."""
    free = shutil.disk_usage(folder).free if folder.exists() else LITTLE
    return f"{free / 1e6:.1f} MB are free in {folder}" if free < LITTLE else ""
