"""What the doctor asks the machine and the installation: versions, extensions, memory, time zone, ports."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from orchestration.doctor.findings import Finding, problem, warning, well
from orchestration.wall_clock import utc_now

if TYPE_CHECKING:
    from ingestion.settings import Settings

OLDEST_PYTHON = (3, 11)
# What the models use; all of them are part of the DuckDB package and need no network.
EXTENSIONS = ("core_functions", "icu", "json", "parquet")
UI_PORT = 3000
_CGROUP_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def python_version(version: tuple[int, int, int] = sys.version_info[:3]) -> Finding:
    """Python is new enough."""
    found = ".".join(str(part) for part in version)
    if version[:2] < OLDEST_PYTHON:
        return problem("python", found, "Install Python 3.11 or newer and run `make install PYTHON=python3.12`.")
    return well("python", found)


def locked_versions(lock: Path) -> Mapping[str, str]:
    """Version by package, as the lock pins it."""
    lines = (line.split("#")[0].split(";")[0].strip() for line in lock.read_text(encoding="utf-8").splitlines())
    return dict(line.split("==", 1) for line in lines if "==" in line)


def versions(lock: Path) -> Finding:
    """Every package of the lock is installed in the version the lock names."""
    if not lock.exists():
        return warning("packages", f"no lock at {lock}", "Work in a complete checkout of the project.")
    expected = locked_versions(lock)
    wrong = []
    for name, version in expected.items():
        try:
            present = metadata.version(name)
        except metadata.PackageNotFoundError:
            wrong.append(f"{name} is missing (lock: {version})")
            continue
        if present != version:
            wrong.append(f"{name} {present} (lock: {version})")
    if wrong:
        more = f" and {len(wrong) - 5} more" if len(wrong) > 5 else ""
        return problem("packages", "; ".join(wrong[:5]) + more, "Run `make install`: it installs exactly the lock.")
    return well("packages", f"{len(expected)} as the lock names them")


def extensions() -> Finding:
    """The DuckDB extensions the models use can be loaded without a network."""
    import duckdb

    with duckdb.connect() as connection:
        loaded = {
            name
            for (name,) in connection.execute("select extension_name from duckdb_extensions() where loaded").fetchall()
        }
    missing = [name for name in EXTENSIONS if name not in loaded]
    if missing:
        return problem(
            "extensions",
            f"DuckDB {duckdb.__version__} lacks {', '.join(missing)}",
            "Run `make install`: the package of the lock has them built in.",
        )
    return well("extensions", f"DuckDB {duckdb.__version__} with {', '.join(EXTENSIONS)}")


def memory(settings: Settings, available: int | None = None) -> Finding:
    """The memory limit fits into the machine or its container.

    Args:
        settings: the limit.
        available: bytes there are; None to ask the machine.
    """
    from ingestion.warehouse import bytes_of

    there = available if available is not None else available_memory()
    try:
        limit = bytes_of(settings.memory_limit)
    except ValueError as error:
        return problem("memory", str(error), "Set LIFECYCLE_MEMORY_LIMIT to a size.")
    found = f"limit {settings.memory_limit}, {settings.threads} threads; the machine has {there / 1e9:.1f} GB"
    remedy = f"Set LIFECYCLE_MEMORY_LIMIT to at most {max(1, round(there * 0.6 / 1e9))}GB."
    if limit > there:
        return problem("memory", found, f"{remedy} The operating system would kill the run.")
    if limit > there * 0.8:
        return warning("memory", found, f"{remedy} Python and dbt need memory beside DuckDB.")
    if settings.threads > (os.cpu_count() or 1):
        return warning("memory", found, f"Set LIFECYCLE_THREADS to at most {os.cpu_count()}.")
    return well("memory", found)


def available_memory() -> int:
    """Bytes of memory of the machine, or of its container when that has fewer."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([machine, *_cgroup_limits()])


def _cgroup_limits() -> Iterator[int]:
    for path in _CGROUP_LIMITS:
        if path.exists() and (text := path.read_text(encoding="ascii").strip()).isdigit():
            yield int(text)


def time_zone(settings: Settings, now: datetime | None = None) -> Finding:
    """The business time zone and the clock, which decides which day is over."""
    zone = ZoneInfo(settings.timezone)
    here = (now or utc_now()).astimezone(zone)
    return well("time zone", f"{settings.timezone}, now {here:%Y-%m-%d %H:%M} ({here:%z})")


def port(number: int = UI_PORT) -> Finding:
    """Nobody else listens where the UI would."""
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex(("127.0.0.1", number)) == 0
    if taken:
        return warning(
            f"port {number}",
            "something listens on 127.0.0.1 already",
            f"If it is not this project's UI, choose another port: `lifecycle ui --port {number + 1}`.",
        )
    return well(f"port {number}", "free on 127.0.0.1")
