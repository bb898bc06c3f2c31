"""The unit tests of the dbt models, which runs leave out: every one of the project runs here and passes.

dbt asks a warehouse for the columns of each input, so they run on a copy of a company whose models are all built.
"""

from __future__ import annotations

import pytest

from ingestion.settings import PROJECT_ROOT
from tests.integration.tiny_company import parsed_manifest


@pytest.fixture(scope="module")
def outcomes(company, tmp_path_factory):
    """What became of each unit test, by its name: None when it passed, otherwise dbt's message."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    folder = tmp_path_factory.mktemp("unit_tests")
    settings = company.copy_to(folder / "data")
    places = ["--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT)]
    places += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("LIFECYCLE_DATA_DIR", str(settings.data_dir))
        arguments = ["--quiet", "--no-write-json", "test", *places, "--select", "test_type:unit"]
        result = dbtRunner(manifest=parsed_manifest()).invoke(arguments)
    DuckDBConnectionManager.close_all_connections()
    assert result.exception is None
    return {one.node.unique_id: None if one.status == "pass" else one.message for one in result.result}


def test_every_unit_test_of_a_model_passes(outcomes):
    assert {name: message for name, message in outcomes.items() if message is not None} == {}


def test_no_unit_test_is_left_out(outcomes, manifest):
    assert set(outcomes) == set(manifest["unit_tests"])
    assert outcomes
