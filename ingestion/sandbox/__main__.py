"""Writes the sample company from the command line: `python -m ingestion.sandbox --inbox DIR --truth DIR`."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from ingestion.sandbox.company import write_company


def main() -> None:
    """Parse the arguments, write the company, say what was written."""
    parser = argparse.ArgumentParser(
        prog="python -m ingestion.sandbox", description="Write the sample company's files."
    )
    parser.add_argument("--people", type=int, default=1000, help="how many people (default 1000)")
    parser.add_argument("--seed", type=int, default=7, help="seed of all draws (default 7)")
    parser.add_argument("--end", type=date.fromisoformat, default=date(2026, 6, 30), help="last day, YYYY-MM-DD")
    parser.add_argument("--inbox", type=Path, required=True, help="folder that receives <domain>/<entity>/<file>")
    parser.add_argument("--truth", type=Path, required=True, help="folder that receives the truth")
    arguments = parser.parse_args()

    def show(done: int, total: int) -> None:
        sys.stderr.write(f"\r{done:,} of {total:,} people")
        sys.stderr.flush()

    summary = write_company(arguments.people, arguments.seed, arguments.end, arguments.inbox, arguments.truth, show)
    sys.stderr.write("\n")
    for table, count in summary.row_counts.items():
        sys.stdout.write(f"{table:32}{count:>14,}\n")
    sys.stdout.write(f"{'rows in ' + str(summary.file_count) + ' files':32}{summary.row_count:>14,}\n")


if __name__ == "__main__":
    main()
