"""`make bench-faults`: random schedules of faults over all connectors; nothing may be lost and nothing stored twice.

Each schedule is an account of its own in the sandbox, in which requests fail, answers lead astray, records change and
the process ends while the connector loads; then it loads undisturbed until everything is there. What is drawn and what
is counted stands in `schedules.py`, `counted_loads.py` and `playing.py` of `tests/connectors`.

Size: `python -m benchmarks.fault_schedules --schedules 1000 --seed 1`. `--through` says how much of the product takes
part: `read` the connector with client, paging and cursor; `promotion` also what tells records apart and stores them;
`dlt` everything, half a second a load.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Sandbox, serving
from tests.connectors.benches import BENCHES, START, Bench
from tests.connectors.counted_loads import ONE_THREAD, Promoted, Read, ThroughDlt
from tests.connectors.playing import Result, played
from tests.connectors.schedules import PAGE_SIZE, Account, Schedule, drawn


@dataclass
class Tally:
    """What the schedules of one connector came to."""

    schedules: int = 0
    loads: int = 0
    failed: int = 0
    seconds: float = 0.0
    played: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    def add(self, number: int, result: Result, seconds: float) -> None:
        """One more schedule."""
        self.schedules += 1
        self.loads += result.load_count
        self.failed += result.failed_count
        self.seconds += seconds
        self.played += result.played
        self.lost += [f"schedule {number}: {one}" for one in result.lost]
        self.doubled += [f"schedule {number}: {one}" for one in result.doubled]


def main() -> None:
    """Play, count, print; ends with 1 when something was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--connector", choices=[bench.name for bench in BENCHES], help="this one only")
    parser.add_argument("--through", choices=("read", "promotion", "dlt"), default="read", help="what takes part")
    asked = parser.parse_args()
    benches = [bench for bench in BENCHES if asked.connector in (None, bench.name)]
    tallies = {}
    for place, bench in enumerate(benches):
        numbers = range(place + 1, asked.schedules + 1, len(benches))
        tallies[bench.name] = _tally(bench, numbers, asked.seed, asked.through)
        _print_line(bench.name, tallies[bench.name])
    _print_sum(list(tallies.values()))
    sys.exit(1 if any(tally.lost or tally.doubled for tally in tallies.values()) else 0)


def _tally(bench: Bench, numbers: range, seed: int, through: str) -> Tally:
    tally = Tally()
    with (
        _small_pages(bench),
        serving(Sandbox(Store(START), {})) as sandbox,
        duckdb.connect(config=ONE_THREAD) as memory,
    ):
        settings = bench.made_settings(sandbox)
        for number in numbers:
            schedule = drawn(random.Random(f"{seed}/{bench.name}/{number}"))  # noqa: S311 (not for secrets)
            started = time.perf_counter()
            account = Account(bench, sandbox)
            if through == "dlt":
                result = _through_dlt(schedule, account)
            else:
                loads = Read(bench) if through == "read" else Promoted(bench, memory)
                result = played(schedule, account, loads, settings)
            tally.add(number, result, time.perf_counter() - started)
    return tally


def _through_dlt(schedule: Schedule, account: Account) -> Result:
    with tempfile.TemporaryDirectory(prefix="lifecycle-faults-") as folder:
        settings = account.bench.made_settings(account.sandbox, data_dir=Path(folder))
        return played(schedule, account, ThroughDlt(account.bench, settings), settings)


@contextmanager
def _small_pages(bench: Bench) -> Iterator[None]:
    before = bench.constants.PAGE_SIZE
    bench.constants.PAGE_SIZE = PAGE_SIZE
    try:
        yield
    finally:
        bench.constants.PAGE_SIZE = before


def _print_line(name: str, tally: Tally) -> None:
    if not tally.schedules:
        return
    loads, faults = f"{tally.loads:6} loads {tally.failed:5} failed", f"{tally.played.total():6} faults"
    found = f"{len(tally.lost):4} lost {len(tally.doubled):4} doubled"
    print(
        f"{name:14} {tally.schedules:5} schedules {loads} {faults} {found} {tally.seconds:7.1f} s",
        flush=True,
    )
    for problem in (*tally.lost, *tally.doubled):
        print(f"  {problem}")


def _print_sum(tallies: list[Tally]) -> None:
    faults = sum((tally.played for tally in tallies), Counter[str]())
    for kind, count in faults.most_common():
        print(f"  {count:6} × {kind}")
    total = Tally()
    for tally in tallies:
        total.schedules += tally.schedules
        total.loads += tally.loads
        total.failed += tally.failed
        total.seconds += tally.seconds
        total.played += tally.played
        total.lost += tally.lost
        total.doubled += tally.doubled
    _print_line("all", total)


if __name__ == "__main__":
    main()
