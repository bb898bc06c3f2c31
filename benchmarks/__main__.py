"""`make bench`: the whole pipeline on a sample company, step by step, and as a ratio to the floor.

The floor is the cheapest thing one could do with the same rows: copy them once from Parquet into DuckDB tables.
Size: `make bench PEOPLE=100000`, or `python -m benchmarks --people 10000`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Measurement, run
from ingestion.contract import ENTITIES
from ingestion.settings import Settings
from ingestion.warehouse import attach_warehouse

SEED = 7
END = "2026-06-30"


def floor_seconds(settings: Settings, folder: Path) -> tuple[float, int]:
    """Seconds to copy all raw rows from Parquet into DuckDB tables, and how many rows there are."""
    with attach_warehouse(settings) as connection:
        rows = 0
        for entity in ENTITIES:
            connection.execute(
                f"copy warehouse.raw_files.{entity.table} to '{folder / entity.table}.parquet' (format parquet)"
            )
        connection.execute(f"attach '{folder / 'floor.duckdb'}' as floor")
        started = time.perf_counter()
        for entity in ENTITIES:
            connection.execute(f"create table floor.{entity.table} as select * from '{folder / entity.table}.parquet'")
        connection.execute("checkpoint floor")
        seconds = time.perf_counter() - started
        for entity in ENTITIES:
            rows += connection.execute(f"select count(*) from floor.{entity.table}").fetchall()[0][0]
    return seconds, rows


def report(name: str, measured: Measurement, rows: int, floor: float) -> None:
    """Print one line of figures."""
    print(
        f"{name:<28} {measured.seconds:8.1f} s  {rows / measured.seconds:10,.0f} rows/s  "
        f"peak {measured.peak_gigabytes:5.2f} GB  {measured.seconds / floor:6.1f} x floor"
    )


def main() -> None:
    """Generate, run fully, run again unchanged; print figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=int(os.environ.get("PEOPLE", "100000")))
    people = parser.parse_args().people
    root = Path(tempfile.mkdtemp(prefix="lifecycle-bench-"))
    try:
        _measure(root, people)
    finally:
        shutil.rmtree(root)


def _measure(root: Path, people: int) -> None:
    settings = Settings(data_dir=root / "data", _env_file=None)
    environment = {**os.environ, "LIFECYCLE_DATA_DIR": str(settings.data_dir), "COLUMNS": "200"}
    lifecycle = str(Path(sys.executable).with_name("lifecycle"))
    company = [sys.executable, "-m", "ingestion.sandbox", "--people", str(people), "--seed", str(SEED), "--end", END]
    generated = run(
        [*company, "--inbox", str(settings.inbox), "--truth", str(settings.data_dir / "truth")], environment
    )
    full = run([lifecycle, "run", "--as-of", END], environment)
    again = run([lifecycle, "run", "--as-of", END], environment)
    (root / "floor").mkdir()
    floor, rows = floor_seconds(settings, root / "floor")
    print(full.output)
    print(f"{people:,} people, {rows:,} delivered rows; floor {floor:.1f} s")
    report("simulate the company", generated, rows, floor)
    report("full refresh", full, rows, floor)
    report("run again, nothing new", again, rows, floor)


if __name__ == "__main__":
    main()
