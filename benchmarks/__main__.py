"""`make bench`: the whole pipeline on sample companies, step by step, and as a ratio to the floor.

The floor is the cheapest thing one could do with the same rows: copy them once from Parquet into DuckDB tables. The
figures are kept in `results.json` and drawn into `docs/images/performance.svg`.
Sizes: `make bench PEOPLE="10000 100000 1000000"`, or `python -m benchmarks --people 10000 100000`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from benchmarks.layers import steps_of
from benchmarks.measure import Measurement, run
from benchmarks.plot import draw
from benchmarks.results import keep, machine, read_results
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
    """Generate, run fully, run again unchanged, for each size; print figures, keep and draw them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked = [int(size) for size in os.environ.get("PEOPLE", "10000 100000").split()]
    parser.add_argument("--people", type=int, nargs="+", default=asked)
    for people in parser.parse_args().people:
        root = Path(tempfile.mkdtemp(prefix="lifecycle-bench-"))
        try:
            _measure(root, people)
        finally:
            shutil.rmtree(root)
    draw(read_results())


def _measure(root: Path, people: int) -> None:
    settings = Settings(data_dir=root / "data", _env_file=None)
    environment = {**os.environ, "LIFECYCLE_DATA_DIR": str(settings.data_dir), "COLUMNS": "200"}
    lifecycle = str(Path(sys.executable).with_name("lifecycle"))
    company = [sys.executable, "-m", "ingestion.sandbox", "--people", str(people), "--seed", str(SEED), "--end", END]
    generated = run(
        [*company, "--inbox", str(settings.inbox), "--truth", str(settings.data_dir / "truth")], environment
    )
    full = run([lifecycle, "run", "--as-of", END], environment, settings.spill)
    steps = steps_of(next(settings.run_reports.glob("*.json")), full.samples)
    again = run([lifecycle, "run", "--as-of", END], environment)
    (root / "floor").mkdir()
    floor, rows = floor_seconds(settings, root / "floor")
    print(f"{people:,} people, {rows:,} delivered rows; floor {floor:.1f} s")
    report("simulate the company", generated, rows, floor)
    report("full refresh", full, rows, floor)
    for step in steps:
        print(
            f"  {step.name:<26} {step.seconds:8.1f} s  {rows / max(step.seconds, 0.1):10,.0f} rows/s  "
            f"peak {step.peak_bytes / 1e9:5.2f} GB  spilled {step.spilled_bytes / 1e9:5.2f} GB"
        )
    report("run again, nothing new", again, rows, floor)
    keep(
        people,
        {
            "machine": machine(),
            "rows": rows,
            "floor_seconds": round(floor, 1),
            "full_seconds": round(full.seconds, 1),
            "full_peak_gigabytes": round(full.peak_gigabytes, 2),
            "again_seconds": round(again.seconds, 1),
            "steps": [asdict(step) for step in steps],
        },
    )


if __name__ == "__main__":
    main()
