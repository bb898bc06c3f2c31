"""Fixtures every test may use: settings on a temporary directory, the dbt manifest, a company that was built once."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingestion.settings import Settings

if TYPE_CHECKING:
    from orchestration.run import RunOutcome

os.environ.update(
    {
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "GX_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }
)


def pytest_collection_modifyitems(items):
    """Two workers share the suite file by file; files that use the same built company go to the same worker."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


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
def company(tmp_path_factory):
    """The sample company with 400 people, loaded, built, checked and published once for the session."""
    from orchestration.run import run_pipeline
    from orchestration.sample_company import deliver_sample_company

    shared = Settings(data_dir=tmp_path_factory.mktemp("company") / "data", _env_file=None)
    deliver_sample_company(shared, people=COMPANY_PEOPLE, seed=7, end=COMPANY_END)
    outcome = run_pipeline(shared, as_of=COMPANY_END)
    assert outcome.succeeded, outcome.problems
    return Company(shared, outcome)
