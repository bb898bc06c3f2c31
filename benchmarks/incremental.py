"""`make bench-incremental`: does a day cost more the longer the history is?

One sample company, of whose history 1, 2 and 4 times as many half years are delivered and built; then one further day
is delivered to each and its run is told by step. The day is the same rows each time, so what differs is the history
alone.
Contacts, companies, contracts, campaigns and rules are delivered whole: they are records, not history.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks.measure import Measurement, run
from ingestion.sandbox.company import write_company
from ingestion.settings import Settings

SEED = 7
BEFORE, DAY = date(2026, 6, 29), date(2026, 6, 30)
HISTORIES = {1: date(2026, 1, 1), 2: date(2025, 7, 1), 4: date(2024, 7, 1)}
"""First day of the history by its length in half years."""
RECORDS = ("contacts", "companies", "subscriptions", "campaigns", "fx_rates", "kpi_targets", "identity_overrides")
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """One history.

    Args:
        rows: rows in the activity stream after the day.
        first: the run that built the history.
        day: the run of the further day.
        steps: seconds of each step of the latter.
    """

    rows: int
    first: Measurement
    day: Measurement
    steps: dict[str, float]


def main() -> None:
    """Simulate once, measure each history, print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=int(os.environ.get("PEOPLE", "10000")))
    parser.add_argument("--histories", type=int, nargs="+", choices=HISTORIES, default=list(HISTORIES))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lifecycle-bench-incremental-") as folder:
        root = Path(folder)
        write_company(arguments.people, SEED, DAY, root / "company", root / "truth")
        outcomes = {}
        for history in arguments.histories:
            outcomes[history] = measure(root, history)
            _report(history, outcomes[history])
        _report_steps(outcomes)


def measure(root: Path, history: int) -> Outcome:
    """Build the history, deliver the day, run it."""
    settings = Settings(data_dir=root / f"history_{history}", _env_file=None)
    environment = {**os.environ, "LIFECYCLE_DATA_DIR": str(settings.data_dir), "COLUMNS": "200"}
    lifecycle = str(Path(sys.executable).with_name("lifecycle"))
    deliver(root / "company", settings.inbox, HISTORIES[history], BEFORE)
    first = run([lifecycle, "run", "--as-of", str(BEFORE)], environment)
    deliver(root / "company", settings.inbox, DAY, DAY)
    day = run([lifecycle, "run", "--as-of", str(DAY)], environment)
    report = json.loads(max(settings.run_reports.glob("*.json")).read_text(encoding="utf-8"))
    outcome = Outcome(_touchpoints(settings), first, day, {step["step"]: step["seconds"] for step in report["steps"]})
    shutil.rmtree(settings.data_dir)
    return outcome


def deliver(company: Path, inbox: Path, start: date, end: date) -> int:
    """Copy the company's files of the period; records of any age come with the first delivery. Returns how many."""
    count = 0
    for path in sorted(company.rglob("*.*")):
        covered_until = date.fromisoformat(path.name.split(".")[0][-10:])
        is_old_record = path.parent.name in RECORDS and start < DAY
        if covered_until <= end and (covered_until >= start or is_old_record):
            target = inbox / path.relative_to(company)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            count += 1
    return count


def _touchpoints(settings: Settings) -> int:
    from ingestion.warehouse import connect

    with connect(settings, read_only=True) as connection:
        return connection.execute("select count(*) from lifecycle.touchpoints").fetchone()[0]


def _report(history: int, outcome: Outcome) -> None:
    print(
        f"{history} x history {outcome.rows:>12,} touchpoints"
        f"  first run {outcome.first.seconds:7.1f} s (processors {outcome.first.cpu_seconds:.1f} s)"
        f"  the day {outcome.day.seconds:7.1f} s (processors {outcome.day.cpu_seconds:.1f} s)"
        f"  {outcome.day.cpu_seconds / outcome.first.cpu_seconds:.0%} of the first",
        flush=True,
    )


def _report_steps(outcomes: dict[int, Outcome]) -> None:
    steps = {step: [outcome.steps.get(step, 0.0) for outcome in outcomes.values()] for step in _longest(outcomes)}
    print(f"{'step of the day, seconds':<34}" + "".join(f"{f'{history} x':>9}" for history in outcomes))
    for step, seconds in steps.items():
        print(f"{step:<34}" + "".join(f"{one:9.1f}" for one in seconds))


def _longest(outcomes: dict[int, Outcome]) -> list[str]:
    last = list(outcomes.values())[-1].steps
    return sorted(last, key=last.__getitem__, reverse=True)[:SHOWN]


if __name__ == "__main__":
    main()
