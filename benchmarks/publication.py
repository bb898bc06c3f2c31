"""`make bench-publication`: how long readers' switch takes, and time and memory of publishing marts of many gigabytes.

Measured on random rows, which compress badly: bytes count, not what they say. Size: `make bench-publication
GIGABYTES=10`, or `python -m benchmarks.publication --gigabytes 1`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from benchmarks.measure import run
from ingestion.settings import Settings
from ingestion.warehouse import connect
from orchestration.publish.pointer import DATABASE, GENERATIONS, point_to

SWAPS = 500
ROW_BYTES = 80  # ten random bigints
WRITE = """
import sys
from pathlib import Path
from ingestion.settings import Settings
from ingestion.warehouse import connect
from orchestration.publish.generation import Manifest, limit_memory, write_generation
from quality.fingerprint import table_fingerprint

settings = Settings(data_dir=Path(sys.argv[1]), _env_file=None)
with connect(settings, read_only=True) as connection:
    limit_memory(connection)
    fingerprint = table_fingerprint(connection, "marts.wide")
    (rows,) = connection.execute("select count(*) from marts.wide").fetchone()
(settings.serving / "generations").mkdir(parents=True)
about = ("000001_2026-06-30", "2026-06-30", "bench", "2026-07-01T00:00:00+00:00")
write_generation(settings, Manifest(*about, {"wide": rows}, {"wide": fingerprint}), {})
"""


def swap_milliseconds(folder: Path) -> list[float]:
    """Time of each of many swaps between two generations, fsync included."""
    serving = folder / "serving"
    names = ("000001_2026-06-30", "000002_2026-06-30")
    for name in names:
        (serving / GENERATIONS / name / "parquet").mkdir(parents=True)
        duckdb.connect(str(serving / GENERATIONS / name / DATABASE)).close()
    found = []
    for place in range(SWAPS):
        started = time.perf_counter()
        point_to(serving, names[place % 2])
        found.append((time.perf_counter() - started) * 1000)
    return found


def publish_large(folder: Path, gigabytes: float) -> None:
    """Write and read back a generation of that size, in a process of its own, and print time and peak memory."""
    settings = Settings(data_dir=folder / "large", _env_file=None)
    columns = ", ".join(f"hash(i * 10 + {place})::ubigint as c{place}" for place in range(10))
    with connect(settings) as connection:
        connection.execute("create schema marts")
        connection.execute(
            f"create table marts.wide as select {columns} from range({int(gigabytes * 1e9 / ROW_BYTES)}) as rows (i)"
        )
    measured = run([sys.executable, "-c", WRITE, str(settings.data_dir)], os.environ)
    size = settings.warehouse.stat().st_size / 1e9
    print(f"publish {size:.1f} GB of marts: {measured.seconds:.0f} s, peak {measured.peak_gigabytes:.2f} GB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gigabytes", type=float, default=float(os.environ.get("GIGABYTES", "10")))
    gigabytes = parser.parse_args().gigabytes
    folder = Path(tempfile.mkdtemp(prefix="lifecycle-bench-"))
    try:
        times = swap_milliseconds(folder)
        worst = sorted(times)[int(0.99 * SWAPS)]
        print(f"{SWAPS} swaps: median {statistics.median(times):.1f} ms, 99th percentile {worst:.1f} ms")
        publish_large(folder, gigabytes)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
