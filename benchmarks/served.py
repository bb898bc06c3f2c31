"""dbt as a run uses it: the project was read before, each build is a forked child of the process that holds it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.measure import Measurement, run
from ingestion.settings import PROJECT_ROOT, Settings
from orchestration.dbt_server.client import ADDRESS
from orchestration.dbt_server.process import DbtServer
from orchestration.parsed_project import dbt_environment

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    """A running server for one data directory."""

    server: DbtServer
    environment: dict[str, str]

    def build(self, *selection: str) -> Measurement:
        """Build a selection; processor time is that of the client and of the server's child, memory the client's."""
        before = _ended_children_seconds(self.server.process_id)
        where = ("--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT), "--log-level-file", "none")
        command = ("build", "--quiet", "--exclude-resource-type", "test", "unit_test", "--select", *selection)
        client = (sys.executable, "-m", "orchestration.dbt_server.client")
        measured = run([*client, *command, *where], self.environment)
        spent = _ended_children_seconds(self.server.process_id) - before
        return replace(measured, cpu_seconds=measured.cpu_seconds + spent)


@contextmanager
def served(settings: Settings) -> Iterator[Served]:
    """A server that has read the project; reading is done beside loading in a run and is not measured."""
    environment = {**os.environ, **dbt_environment(settings), "DBT_LOG_PATH": str(settings.data_dir / "logs")}
    server = DbtServer(environment)
    environment[ADDRESS] = str(server.address)
    try:
        run([sys.executable, "-m", "orchestration.dbt_server.client", "--version"], environment)
        yield Served(server, environment)
    finally:
        server.stop()


def _ended_children_seconds(process_id: int) -> float:
    """Processor time of the children a process has waited for."""
    fields = (Path("/proc") / str(process_id) / "stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[13]) + int(fields[14])) / TICKS
