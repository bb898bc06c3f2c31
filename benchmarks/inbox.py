"""`python -m benchmarks.inbox`: how fast the inbox loads web events, how much memory that takes, and the floor.

The floor is copying the same Parquet file once into a DuckDB table. Every load runs in a process of its own; what is
measured includes the start of Python, hashing the file, checking every value and the commit.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

import duckdb

from benchmarks.measure import Measurement, run

LOAD = """
import sys
from pathlib import Path
from ingestion.files.inbox import load_inbox
from ingestion.settings import Settings
report = load_inbox(Settings(data_dir=Path(sys.argv[1])))
assert report.rejected == 0, report.all_messages
print(report.rows.accepted)
"""
FLOOR = """
import sys
import duckdb
from pathlib import Path
from ingestion.settings import Settings
settings = Settings()
(file,) = Path(sys.argv[1]).rglob("*.parquet")
config = {"memory_limit": settings.memory_limit, "threads": settings.threads}
with duckdb.connect(sys.argv[1] + "/floor.duckdb", config=config) as connection:
    print(connection.execute(f"create table events as select * from read_parquet('{file}')").fetchone()[0])
"""
EVENTS = """
select
    'e' || i as event_id,
    'anon-' || (hash(i) % 500000) as anonymous_id,
    case when i % 5 = 0 then 'u' || (hash(i) % 100000) end as user_id,
    case when i % 20 = 0 then 'person' || (hash(i) % 100000) || '@example.com' end as email,
    ['page_view', 'product_view', 'search', 'add_to_cart', 'login'][1 + (hash(i * 3) % 5)::int] as event,
    {time} as occurred_at,
    'https://shop.example.com/products/p' || (hash(i * 7) % 5000) as page_url,
    case when i % 3 = 0 then 'https://search.example.com/' end as referrer,
    'search' as utm_source,
    'cpc' as utm_medium,
    'spring' as utm_campaign,
    case when i % 9 = 0 then 'click' || hash(i) end as click_id,
    'p' || (hash(i * 7) % 5000) as product_id,
    case when i % 4 = 0 then ((hash(i) % 100000) / 100)::decimal(18, 2) end as value_amount,
    case when i % 4 = 0 then 'EUR' end as currency,
    'mobile' as device_type,
    'DE' as country,
    case when i % 10 = 0 then '{{"variant":"b"}}' end as properties
from range({rows}) as t(i)
"""
AWARE = "(timestamp '2022-01-01' + to_seconds((i * 2)::bigint))::timestamptz"
LOCAL = "strftime(timestamp '2022-01-01' + to_seconds((i * 2)::bigint), '%Y-%m-%dT%H:%M:%S')"


def write_events(data_dir: Path, rows: int, kind: str) -> Path:
    """One file of web events: Parquet with typed times, CSV with local times without an offset."""
    file = data_dir / "inbox" / "web" / "events" / f"events.{kind}"
    file.parent.mkdir(parents=True)
    time, form = (AWARE, "format parquet") if kind == "parquet" else (LOCAL, "format csv, header")
    with duckdb.connect(config={"threads": 2, "memory_limit": "2GB"}) as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(f"copy ({EVENTS.format(rows=rows, time=time)}) to '{file}' ({form})")
    return file


def report(name: str, measured: Measurement, rows: int) -> None:
    """Print one line of figures."""
    print(
        f"{name:<34} {rows:>12,} rows {measured.seconds:8.1f} s {rows / measured.seconds:10,.0f} rows/s "
        f"peak {measured.peak_gigabytes:5.2f} GB",
        flush=True,
    )


def measure(root: Path, rows: int, kind: str) -> None:
    """Write a file, load it, load again; for Parquet copy it to the floor, too."""
    data_dir = root / kind
    write_events(data_dir, rows, kind)
    environment = dict(os.environ)
    for name, script in (
        (f"load {kind}", LOAD),
        (f"load {kind} again (unchanged)", LOAD),
        *([(f"floor: copy {kind}", FLOOR)] if kind == "parquet" else []),
    ):
        report(name, run([sys.executable, "-c", script, str(data_dir)], environment), rows)
    shutil.rmtree(data_dir)


def main() -> None:
    """Measure Parquet and CSV."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parquet-rows", type=int, default=5_000_000)
    parser.add_argument("--csv-rows", type=int, default=2_000_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lifecycle-inbox-bench-") as folder:
        measure(Path(folder), arguments.parquet_rows, "parquet")
        measure(Path(folder), arguments.csv_rows, "csv")


if __name__ == "__main__":
    main()
