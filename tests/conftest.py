"""Fixtures every test may use: settings on a temporary directory, the dbt manifest, a company that was built once."""

import json
import os

import pytest

from ingestion.settings import Settings

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
    """dbt's manifest, parsed once for the whole session."""
    from orchestration.resources import dbt_project

    shared = Settings(data_dir=tmp_path_factory.mktemp("manifest"), _env_file=None)
    return json.loads(dbt_project(shared).manifest_path.read_text(encoding="utf-8"))
