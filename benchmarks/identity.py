"""`make bench-identity`: how well, how fast and with how much memory identities are resolved.

- The sample company with planted confusions (`--people`, PEOPLE), against its truth. Judged are all pairs of
  identifiers that belong to one person each; recall is that of the pairs which the person's own identifiers connect:
  what no row shows cannot be found.
- FEBRL 1–3, and `fake_1000.csv` (`--fake`, FAKE_1000, or in `../shared/samples/identity` beside the project): once by a
  shared exact identifier or, for FEBRL that has none, by exact name and birthday, and once with the model (`known.py`).
- A graph of people with four links each (`--graph`, GRAPH), resolved whole and after a day with 1 % new links.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks.company import Company
from benchmarks.graph import measure_graph
from benchmarks.known import fake_file, measure_sets
from benchmarks.metrics import as_line
from ingestion.settings import Settings


def main() -> None:
    """Measure what was asked for, one thing after the other."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=int(os.environ.get("PEOPLE", "100000")), help="0 leaves it out")
    parser.add_argument("--graph", type=int, default=int(os.environ.get("GRAPH", "1000000")), help="0 leaves it out")
    parser.add_argument("--fake", type=Path, default=os.environ.get("FAKE_1000"), help="fake_1000.csv")
    parser.add_argument("--cache", type=Path, help="folder that keeps the downloaded package")
    parser.add_argument("--no-sets", action="store_true", help="leave FEBRL and fake_1000 out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lifecycle-bench-identity-") as folder:
        settings = Settings(data_dir=Path(folder), _env_file=None)
        if not arguments.no_sets:
            measure_sets(arguments.cache or settings.data_dir / "cache", arguments.fake or fake_file())
        if arguments.people:
            company = Company(settings, arguments.people)
            company.build()
            name = f"sample company, {arguments.people:,} people"
            print(as_line(name, company.agreement(), company.identity.seconds), flush=True)
            print(f"{'':<34} peak {company.identity.peak_gigabytes:.2f} GB, {company.figures()}", flush=True)
            print(f"{'':<34} {company.proposals()}", flush=True)
        if arguments.graph:
            measure_graph(settings.data_dir / "graph", arguments.graph)


if __name__ == "__main__":
    main()
