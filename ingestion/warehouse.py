"""The connection to the warehouse file: how it is opened, tuned, protected and reported when it is locked.

Every Python module that touches the warehouse goes through `connect`. dbt opens the file itself, by `profiles.yml`.
What is written into the file belongs to the modules that write it.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.errors import ExitCode, LifecycleError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings


# Only the pipeline reads the warehouse, so it may use the newest format: texts compress in less time than in the format
# old drivers know, which published files keep.
STORAGE_VERSION = "v1.5.0"
LOOK_AGAIN_SECONDS = 0.2
SPILL_BESIDE = "spill-"
"""Of the name of a spill folder beside that of the warehouse; the process that has it follows."""


class WarehouseLockedError(LifecycleError):
    """Another process holds the warehouse; the message names it and says what to do."""

    exit_code = ExitCode.LOCKED


class WarehouseMissingError(LifecycleError):
    """There is no warehouse yet; the message says how to make one."""

    exit_code = ExitCode.NO_DATA


@contextmanager
def connect(settings: Settings, *, read_only: bool = False, waits: bool = True) -> Iterator[DuckDBPyConnection]:
    """Open the warehouse for a short time.

    Args:
        settings: where the file is, how much memory and how many threads may be used.
        read_only: open for reading; the file must exist.
        waits: whether another process that has it open is waited for, as long as the settings say.

    Yields:
        A connection in UTC that spills to the settings' folder and is closed at the end.

    Raises:
        WarehouseLockedError: when another process holds the file.
        WarehouseMissingError: when `read_only` and there is no file yet.
    """
    import duckdb

    if read_only:
        require_warehouse(settings)
    else:
        make_private_directory(settings.data_dir)
    tuning = _tuning(settings) | {"storage_compatibility_version": STORAGE_VERSION}
    path = str(settings.warehouse)
    patience = settings.lock_wait_seconds if waits else 0
    connection = _when_free(settings, patience, lambda: duckdb.connect(path, read_only=read_only, config=tuning))
    try:
        connection.execute("set timezone = 'UTC'")
        if not read_only:
            settings.warehouse.chmod(0o600)
        yield connection
    finally:
        connection.close()


def require_warehouse(settings: Settings) -> None:
    """Raise WarehouseMissingError when there is no warehouse, before a command that needs one makes anything."""
    if not settings.warehouse.exists():
        raise WarehouseMissingError(
            f"There is no warehouse at {settings.warehouse} yet. Make one with `lifecycle run` (or `lifecycle demo`)."
        )


@contextmanager
def attach_warehouse(settings: Settings) -> Iterator[DuckDBPyConnection]:
    """Open an empty database in memory with the warehouse attached read-only as `warehouse`, to copy out of it.

    Raises:
        WarehouseLockedError: when another process writes to the warehouse.
        WarehouseMissingError: when there is no file yet.
    """
    import duckdb

    require_warehouse(settings)
    with duckdb.connect(config=_tuning(settings)) as connection:
        connection.execute("set timezone = 'UTC'")
        statement = f"attach '{settings.warehouse}' as warehouse (read_only)"
        _when_free(settings, settings.lock_wait_seconds, lambda: connection.execute(statement))
        yield connection


def limits_beside(settings: Settings) -> dict[str, str | bool | int | float | list[str]]:
    """Limits of a database that is not the warehouse, with a spill folder of this process alone.

    DuckDB removes what it finds in its spill folder when it closes, so a run in progress keeps its own. What a
    killed process leaves is removed by the next run.
    """
    return {
        "memory_limit": settings.memory_limit,
        "threads": settings.threads,
        "temp_directory": str(settings.data_dir / f"{SPILL_BESIDE}{os.getpid()}"),
        "max_temp_directory_size": settings.spill_limit,
    }


def make_private_directory(path: Path) -> None:
    """Create `path` with its parents; the directory itself is readable by its owner only."""
    path.mkdir(parents=True, exist_ok=True)
    with suppress(PermissionError):  # a directory somebody else owns and lets us write to stays as they set it
        path.chmod(0o700)


def bytes_of(size: str) -> int:
    """Bytes of a size as DuckDB writes them: 6GB, 512MiB.

    Raises:
        ValueError: when it is no size; the message says how to write one.
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?\s*", size.lower())
    if found is None:
        raise ValueError(f"{size!r} is not a size; write for example 6GB or 512MiB")
    number, prefix, binary = found.groups()
    return int(float(number) * (1024 if binary else 1000) ** " kmgt".index(prefix or " "))


def _tuning(settings: Settings) -> dict[str, str | bool | int | float | list[str]]:
    return limits_beside(settings) | {"temp_directory": str(settings.spill), "preserve_insertion_order": False}


def _when_free(settings: Settings, patience: float, opened: Callable[[], DuckDBPyConnection]) -> DuckDBPyConnection:
    """Try to open until nobody else has the file, for so many seconds at most."""
    import duckdb

    deadline = time.monotonic() + patience
    while True:
        try:
            return opened()
        except duckdb.IOException as error:
            held = _holder(error)
            if held in (None, os.getpid()) or time.monotonic() >= deadline:
                raise _explain_lock(error, settings.warehouse) from error
            time.sleep(LOOK_AGAIN_SECONDS)


def _holder(error: Exception) -> int | None:
    """The process that has the file open; None when that is not what went wrong, or is not told."""
    found = re.search(r"lock.*PID (\d+)", str(error), re.DOTALL | re.IGNORECASE)
    return int(found.group(1)) if found else None


def _explain_lock(error: Exception, warehouse: Path) -> Exception:
    message = str(error)
    if "lock" not in message.lower():
        return error
    holder = re.search(r"PID (\d+)", message)
    who = f"process {holder.group(1)}" if holder else "another process"
    own = " (this very process: a connection was left open)" if holder and int(holder.group(1)) == os.getpid() else ""
    return WarehouseLockedError(
        f"The warehouse {warehouse} is in use by {who}{own}. Wait until it has finished, or stop it"
        f"{f' with `kill {holder.group(1)}`' if holder else ''}, then run again. "
        f"BI tools should read {warehouse.parent / 'serving' / 'lifecycle.duckdb'} instead: it is never locked."
    )
