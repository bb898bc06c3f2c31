"""`lifecycle quality`: figures out of bounds are listed, accepted with a reason, and refused when there are none."""

from datetime import date

import pytest
from typer.testing import CliRunner

from ingestion.warehouse import connect
from orchestration.cli.app import app
from quality.measurements import Measurement, NothingToAcceptError, create_measurement_table, store_measurements

KEY = ("raw_files.crm_orders", "net_amount_is_of_the_usual_size")


@pytest.fixture
def lifecycle(settings, monkeypatch):
    monkeypatch.setenv("LIFECYCLE_DATA_DIR", str(settings.data_dir))
    with connect(settings) as connection:
        create_measurement_table(connection)
        one = Measurement(KEY, "net_amount EUR", "7", 9_990.0, 40, True, is_usual=False)
        store_measurements(connection, "g1_raw", "run", date(2024, 6, 30), [one])
    return lambda *arguments: CliRunner().invoke(app, ["quality", *arguments])


def test_figures_out_of_bounds_are_listed_until_they_are_accepted(lifecycle):
    assert " ".join(KEY) in lifecycle("list").output
    accepted = lifecycle("accept", *KEY, "--reason", "A new price list.")
    assert accepted.exit_code == 0, accepted.output
    assert "1 figure(s)" in accepted.output
    assert lifecycle("list").output == "0 check(s) with figures out of bounds.\n"


def test_a_blank_reason_accepts_nothing(lifecycle):
    assert lifecycle("accept", *KEY, "--reason", " ").exit_code == 2
    assert " ".join(KEY) in lifecycle("list").output


def test_accepting_another_check_is_refused(lifecycle):
    assert isinstance(lifecycle("accept", KEY[0], "another", "--reason", "Because.").exception, NothingToAcceptError)
