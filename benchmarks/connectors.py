"""`make bench-connectors`: records a second from the sandbox into raw, and peak memory, connector by connector.

The sandbox serves from a process of its own, as the vendors would; the measured process is the connector with its load,
from the start of Python to the last commit. "waiting" is the part of it in which the sandbox had the turn; pages are
read ahead, so that not all of it is lost. "steady" leaves out what a load of nothing new costs as well. Size:
`python -m benchmarks.connectors --records 100000`, `--source hubspot --records 1000000`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from benchmarks.measure import run
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Sandbox, serving
from ingestion.sources.client import Client
from ingestion.sources.loading import load_source
from tests.connectors.benches import BENCHES, SECRET, START, Bench

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingestion.settings import Settings
    from ingestion.sources.model import Connector

RECORDS = 100_000
AIM = 20_000
# Seconds between two records: what a read goes back behind its cursor is a single page.
SPACING = timedelta(seconds=10)


class WatchedClient(Client):
    """A client that adds up how long it waits for answers."""

    waited = 0.0

    def __init__(self, connector: Connector, settings: Settings) -> None:
        super().__init__(connector, settings)
        send = self._session.send

        def watched(*arguments: object, **options: object) -> object:
            started = time.perf_counter()
            try:
                return send(*arguments, **options)
            finally:
                self.waited += time.perf_counter() - started

        self._session.send = watched


def main() -> None:
    """Measure every connector, or be one of the two processes of a measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=int(os.environ.get("RECORDS", RECORDS)))
    parser.add_argument("--source", choices=[bench.name for bench in BENCHES])
    parser.add_argument("--serve", action="store_true", help="only serve the records (used by the benchmark itself)")
    parser.add_argument("--load", metavar="ADDRESS", help="only load from there (used by the benchmark itself)")
    parser.add_argument("--data", type=Path, help="data directory of --load")
    asked = parser.parse_args()
    chosen = [bench for bench in BENCHES if asked.source in (None, bench.name)]
    if asked.serve:
        _serve(chosen[0], asked.records)
    elif asked.load:
        _load(chosen[0], asked.load, asked.data)
    else:
        for bench in chosen:
            _measure(bench, asked.records)


def _measure(bench: Bench, records: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="lifecycle-bench-"))
    program = [sys.executable, "-m", "benchmarks.connectors", "--source", bench.name, "--records", str(records)]
    try:
        with _sandbox(program) as address:
            costs = []
            for what in ("first load", "again, unchanged"):
                measured = run([*program, "--load", address, "--data", str(folder)], os.environ)
                told = json.loads(measured.output.splitlines()[-1])
                costs.append(told)
                speed = told["records"] / told["seconds"]
                print(
                    f"{bench.name:<12} {what:<18} {told['records']:>9,} records  {told['seconds']:7.1f} s  "
                    f"{speed:>8,.0f} records/s  waiting {told['waited']:6.1f} s  CPU {told['cpu']:6.1f} s  "
                    f"{told['requests']:>6,} requests  "
                    f"peak {measured.peak_gigabytes:.2f} GB",
                    flush=True,
                )
        print(f"{bench.name:<12} steady             {_steady(*costs)}", flush=True)
    finally:
        shutil.rmtree(folder)


def _steady(first: dict[str, float], again: dict[str, float]) -> str:
    """The rate of the records that only the first load had to store, without what every load costs."""
    records = first["records"] - again["records"]
    if not records:
        return "not known: every load reads these days again"
    rates = (records / max(first[what] - again[what], 0.001) for what in ("seconds", "cpu"))
    return "{:,.0f} records/s on the clock, {:,.0f} a processor second".format(*rates)


@contextmanager
def _sandbox(program: list[str]) -> Iterator[str]:
    server = subprocess.Popen([*program, "--serve"], stdout=subprocess.PIPE, text=True)
    try:
        if server.stdout is None or not (address := server.stdout.readline().strip()):
            raise RuntimeError("the sandbox did not start")
        yield address
    finally:
        server.kill()
        server.wait()


def _serve(bench: Bench, records: int) -> None:
    store = Store(START + records * SPACING + timedelta(days=30))
    bench.prepare(store)
    for number in range(1, records + 1):
        bench.put(store, number, START + number * SPACING)
    with serving(Sandbox(store, {bench.name: bench.protocol(store, SECRET)})) as sandbox:
        print(sandbox.address, flush=True)
        Event().wait()


def _load(bench: Bench, address: str, folder: Path) -> None:
    settings = bench.made_settings(Sandbox(Store(START), {}), data_dir=folder)
    settings = settings.model_copy(update={f"{bench.name}_base_url": f"{address}/{bench.name}"})
    clients: list[WatchedClient] = []

    def make(connector: Connector, settings: Settings) -> WatchedClient:
        clients.append(WatchedClient(connector, settings))
        return clients[-1]

    started, cpu = time.perf_counter(), time.process_time()
    outcome = load_source(settings, bench.connector, tables=[bench.table], make_client=make)
    seconds = time.perf_counter() - started
    [done] = outcome.resources
    told = {"records": done.promotion.delivered, "seconds": seconds, "waited": clients[0].waited}
    told["cpu"] = time.process_time() - cpu
    print(json.dumps({**told, "requests": outcome.request_count}))


if __name__ == "__main__":
    main()
