"""Fixtures every test may use: settings on a temporary directory, the dbt manifest, a company that was built once."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

from ingestion.settings import Settings
from orchestration.run import RunOutcome

os.environ.update(
    {
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "GX_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
)


@pytest.fixture
def settings(tmp_path):
    """Settings on an empty data directory of the test's own."""
    return Settings(data_dir=tmp_path / "data", _env_file=None)


@pytest.fixture(scope="session")
def manifest(tmp_path_factory):
    """Dbt's manifest, parsed once for the whole session."""
    from orchestration.resources import dbt_project

    shared = Settings(data_dir=tmp_path_factory.mktemp("manifest"), _env_file=None)
    return json.loads(dbt_project(shared).manifest_path.read_text(encoding="utf-8"))


COMPANY_END = date(2026, 6, 30)
COMPANY_PEOPLE = 400


@dataclass(frozen=True)
class Company:
    """A sample company that went through the whole pipeline.

    Args:
        settings: its data directory; shared by all tests of the session, so never write into it.
        outcome: what the run reported.
    """

    settings: Settings
    outcome: RunOutcome

    def copy_to(self, folder: Path) -> Settings:
        """A copy of the data directory that a test may change."""
        shutil.copytree(self.settings.data_dir, folder, symlinks=True)
        return Settings(data_dir=folder, _env_file=None)


@pytest.fixture(scope="session")
def company(tmp_path_factory, worker_id):
    """The sample company with 400 people, loaded, built, checked and published once, for all workers of the session."""
    shared_folder = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent
    shared = Settings(data_dir=shared_folder / "company" / "data", _env_file=None)
    report = shared_folder / "company" / "outcome.json"
    report.parent.mkdir(exist_ok=True)
    with FileLock(report.with_suffix(".lock")):
        if not report.exists():
            report.write_text(json.dumps(asdict(build_company(shared)), default=str), encoding="utf-8")
    outcome = RunOutcome(**json.loads(report.read_text(encoding="utf-8")))
    assert outcome.succeeded, outcome.problems
    return Company(shared, outcome)


def build_company(shared: Settings) -> RunOutcome:
    from orchestration.run import run_pipeline
    from orchestration.sample_company import deliver_sample_company

    deliver_sample_company(shared, people=COMPANY_PEOPLE, seed=7, end=COMPANY_END)
    return run_pipeline(shared, as_of=COMPANY_END)
