"""One dbt command beside a run, in a process of its own, on the project as it was read for a data directory."""

from __future__ import annotations

import sys
from pathlib import Path

from orchestration.dbt_server.child import end_as_dbt
from orchestration.dbt_server.reading import read_project
from orchestration.garbage import collect_seldom


def main() -> None:
    """Run dbt with this process's arguments but the first, which is the folder the project was read into."""
    from dbt.cli.main import dbtRunner

    collect_seldom()
    manifest = read_project(Path(sys.argv[1]))
    end_as_dbt(dbtRunner(manifest=manifest).invoke(sys.argv[2:]))


if __name__ == "__main__":
    main()
