"""One dbt command beside a run, in a process of its own, on the project as it was read for its data directory."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from orchestration.dbt_server.child import end_as_dbt
from orchestration.dbt_server.reading import read_project
from orchestration.garbage import collect_seldom


def main() -> None:
    """Run dbt with this process's arguments; `DBT_TARGET_PATH` says where the project was read to."""
    from dbt.cli.main import dbtRunner

    collect_seldom()
    manifest = read_project(Path(os.environ["DBT_TARGET_PATH"]))
    end_as_dbt(dbtRunner(manifest=manifest).invoke(sys.argv[1:]))


if __name__ == "__main__":
    main()
