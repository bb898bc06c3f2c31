"""What `make bench` measured, kept as a file: the last figures of each size, with the machine they come from."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import Any

import duckdb

RESULTS = Path(__file__).with_name("results.json")


def machine() -> str:
    """The machine in words: processor, cores, memory, system, versions."""
    models = [line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores, {gigabytes:.0f} GB, "
        f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}, "
        f"DuckDB {duckdb.__version__}"
    )


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def read_results() -> dict[str, dict[str, Any]]:
    """Results by number of people, the smallest size first."""
    found = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    return dict(sorted(found.items(), key=lambda one: int(one[0])))


def keep(people: int, result: dict[str, Any]) -> None:
    """Replace what was known of this size."""
    found = read_results() | {str(people): result}
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
