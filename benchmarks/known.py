"""One set of people whose truth is known, grouped one way: a program of its own, so that its memory can be measured.

`python -m benchmarks.known "FEBRL 3" model <folder of the package>` prints its agreement. What the sets hold is read in
`people.py`; `measure_sets`, for `identity.py`, runs this program for all of them.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.measure import run
from benchmarks.metrics import agreement, as_line
from benchmarks.people import KnownPeople, fake, febrl
from ingestion.identifiers.resolution import connected_components
from ingestion.matching.records import Records, prepared
from ingestion.matching.scoring import scored_pairs
from ingestion.matching.training import MatchModel, train
from ingestion.settings import PROJECT_ROOT, Settings

THRESHOLD = 0.5
EXACT = {"email": "email", "name and birthday": "first_name, last_name, birth_date"}
FEBRL = {f"FEBRL {number}": number for number in (1, 2, 3)}
FAKE_NAME = "fake_1000"


def fake_file(root: Path = PROJECT_ROOT) -> Path | None:
    """The samples beside the project, where they are there."""
    file = root.parent / "shared" / "samples" / "identity" / f"{FAKE_NAME}.csv"
    return file if file.is_file() else None


def measure_sets(cache: Path, fake_1000: Path | None) -> None:
    """Every set by an exact identifier and with the model, each in a program of its own; prints what they tell."""
    febrl(1, cache)  # downloads the package: what that takes is nobody's figure
    sets = [*((name, cache) for name in FEBRL), *([(FAKE_NAME, fake_1000)] if fake_1000 else [])]
    for name, where in sets:
        for method in METHODS:
            found = run([sys.executable, "-m", "benchmarks.known", name, method, str(where)], os.environ)
            print(f"{found.output}{'':<34} peak {found.peak_gigabytes:.2f} GB", flush=True)


def exact_groups(records: Records) -> tuple[str, np.ndarray, str]:
    """Records that share an exact identifier are a group; those without one stand alone."""
    field = "email" if "email" in records.fields else "name and birthday"
    columns = EXACT[field]
    filled = " and ".join(f"{column} is not null" for column in columns.split(", "))
    rows = records.connection.execute(
        f"select case when {filled} then hash({columns})::varchar else record_key end from records order by record_key"
    ).fetchall()
    return f"exact {field}", np.array([group for (group,) in rows]), f"{records.count:,} records"


def model_groups(records: Records) -> tuple[str, np.ndarray, str]:
    """Components of the pairs the model, trained on the very records without labels, holds for one person."""
    started = time.perf_counter()
    model = MatchModel(1, train(records), "benchmark")
    trained = time.perf_counter() - started
    pairs = scored_pairs(records, model, THRESHOLD)
    keys = records.connection.execute("select record_key from records order by 1").fetchall()
    place = {key: number for number, (key,) in enumerate(keys)}
    ends = [np.array([place[key] for key in pairs[f"{side}_record_key"].to_pylist()]) for side in ("left", "right")]
    return "with the model", connected_components(len(place), *ends), f"of which training {trained:.1f} s"


METHODS = {"exact": exact_groups, "model": model_groups}


def measure_known(known: KnownPeople, method: str) -> str:
    """Agreement with the truth and time of one method, as lines."""
    with (
        tempfile.TemporaryDirectory(prefix="lifecycle-bench-known-") as folder,
        prepared(known.contacts, Settings(data_dir=Path(folder), _env_file=None)) as records,
    ):
        names = records.connection.execute("select record_key from records order by 1").fetchall()
        started = time.perf_counter()
        how, found, more = METHODS[method](records)
        seconds = time.perf_counter() - started
    truth = np.array([known.people[name] for (name,) in names])
    return f"{as_line(f'{known.name}, {how}', agreement(truth, found), seconds)}\n{'':<34} {more}"


if __name__ == "__main__":
    name, method, where = sys.argv[1:]
    print(measure_known(fake(Path(where)) if name == FAKE_NAME else febrl(FEBRL[name], Path(where)), method))
