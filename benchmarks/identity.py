"""`make bench-identity`: how well, how fast and with how much memory identities are resolved.

- The sample company with planted confusions (`--people`, PEOPLE), against its truth. Judged are all pairs of
  identifiers that belong to one person each; recall is that of the pairs which the person's own identifiers connect:
  what no row shows cannot be found.
- FEBRL 1–3, and `fake_1000.csv` when its path is given (`--fake`, FAKE_1000): once by a shared exact identifier or, for
  FEBRL that has none, by exact name and birthday, and once with the model, trained on the very records without labels.
- A graph of people with four links each (`--graph`, GRAPH), resolved whole and after a day with 1 % new links.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.company import Company
from benchmarks.graph import measure_graph
from benchmarks.metrics import Agreement, agreement
from benchmarks.people import KnownPeople, fake, febrl
from ingestion.identifiers.resolution import connected_components
from ingestion.matching.records import Records, prepared
from ingestion.matching.scoring import scored_pairs
from ingestion.matching.training import MatchModel, train
from ingestion.settings import Settings

THRESHOLD = 0.5
EXACT = {"email": "email", "name and birthday": "first_name, last_name, birth_date"}


def report(name: str, found: Agreement, seconds: float) -> None:
    """Print one line of figures."""
    print(
        f"{name:<34} pairs P {found.pairwise.precision:.4f} R {found.pairwise.recall:.4f} F1 {found.pairwise.f1:.4f}"
        f"  B³ P {found.b_cubed.precision:.4f} R {found.b_cubed.recall:.4f} F1 {found.b_cubed.f1:.4f}"
        f"  over-merged {found.over_merge_rate:.4%} under-merged {found.under_merge_rate:.4%}"
        f"  largest {found.largest}  {seconds:.1f} s",
        flush=True,
    )


def measure_known(known: KnownPeople, settings: Settings) -> None:
    """One set of known people, without and with the model."""
    with prepared(known.contacts, settings) as records:
        names = [name for (name,) in records.connection.execute("select record_key from records order by 1").fetchall()]
        truth = np.array([known.people[name] for name in names])
        field = "email" if "email" in records.fields else "name and birthday"
        started = time.perf_counter()
        exact = _exact_groups(records, EXACT[field])
        report(f"{known.name}, exact {field}", agreement(truth, exact), time.perf_counter() - started)
        started = time.perf_counter()
        model = MatchModel(1, train(records), known.name)
        trained = time.perf_counter()
        pairs = scored_pairs(records, model, THRESHOLD)
        place = {name: number for number, name in enumerate(names)}
        ends = [np.array([place[key] for key in pairs[f"{side}_record_key"].to_pylist()]) for side in ("left", "right")]
        found = connected_components(len(names), *ends)
        report(f"{known.name}, with the model", agreement(truth, found), time.perf_counter() - trained)
        print(f"{'':<34} training {trained - started:.1f} s, {records.count:,} records", flush=True)


def _exact_groups(records: Records, columns: str) -> np.ndarray:
    """A group per value; records without one stand alone."""
    filled = " and ".join(f"{column} is not null" for column in columns.split(", "))
    rows = records.connection.execute(
        f"select case when {filled} then hash({columns})::varchar else record_key end from records order by record_key"
    ).fetchall()
    return np.array([group for (group,) in rows])


def main() -> None:
    """Measure what was asked for, one thing after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=int(os.environ.get("PEOPLE", "100000")), help="0 leaves it out")
    parser.add_argument("--graph", type=int, default=int(os.environ.get("GRAPH", "1000000")), help="0 leaves it out")
    parser.add_argument("--fake", type=Path, default=os.environ.get("FAKE_1000"), help="path of fake_1000.csv")
    parser.add_argument("--cache", type=Path, help="folder that keeps the downloaded package")
    parser.add_argument("--no-sets", action="store_true", help="leave FEBRL and fake_1000 out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lifecycle-bench-identity-") as folder:
        settings = Settings(data_dir=Path(folder), _env_file=None)
        if not arguments.no_sets:
            cache = arguments.cache or settings.data_dir / "cache"
            sets = [febrl(number, cache) for number in (1, 2, 3)]
            for known in [*sets, *([fake(Path(arguments.fake))] if arguments.fake else [])]:
                measure_known(known, settings)
        if arguments.people:
            company = Company(settings, arguments.people)
            company.build()
            report(f"sample company, {arguments.people:,} people", company.agreement(), company.identity.seconds)
            print(f"{'':<34} peak {company.identity.peak_gigabytes:.2f} GB, {company.figures()}", flush=True)
            print(f"{'':<34} {company.proposals()}", flush=True)
        if arguments.graph:
            measure_graph(settings.data_dir / "graph", arguments.graph)


if __name__ == "__main__":
    main()
