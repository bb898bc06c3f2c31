"""People merged and split by a publication: shown at the command line, and held back beyond the budget."""

import json

import pytest
from typer.testing import CliRunner

from ingestion.raw import create_raw_tables
from ingestion.warehouse import connect
from orchestration.cli.app import app
from orchestration.identity.changes import IdentityBudgetError
from orchestration.publish import publisher
from orchestration.publish.pointer import current_generation
from tests.integration.publishing import AS_OF
from tests.two_generations import NOW, ORDERS, ORDERS_NOW, PUBLISHED, write


@pytest.fixture
def candidate(settings, monkeypatch):
    """Settings with a budget of nobody over a publication of six people and other marts of the same people."""
    # Whether the checks passed is not the question here.
    monkeypatch.setattr(publisher, "_require_passes", lambda *_: AS_OF)
    with connect(settings) as connection:
        create_raw_tables(connection)
        write(connection, PUBLISHED, ORDERS)
    publisher.publish(settings, "first")
    with connect(settings) as connection:
        write(connection, NOW, ORDERS_NOW)
    budget = {"identity_budget_people": 0, "identity_budget_share": 0.0}
    for name, value in ({"data_dir": settings.data_dir} | budget).items():
        monkeypatch.setenv(f"LIFECYCLE_{name.upper()}", str(value))
    return settings.model_copy(update=budget)


def test_a_publication_beyond_the_budget_leaves_readers_where_they_are_until_somebody_accepts_it(candidate):
    before = current_generation(candidate.serving)
    with pytest.raises(IdentityBudgetError, match=r"2 of 5 known people would be merged or split, .*; allowed are 0"):
        publisher.publish(candidate, "second")
    assert current_generation(candidate.serving) == before
    assert publisher.publish(candidate, "third", accepts_identity_changes=True).is_new
    assert current_generation(candidate.serving) > before


def test_the_command_line_publishes_beyond_the_budget_only_when_told_so(candidate):
    before = current_generation(candidate.serving)
    refused = CliRunner().invoke(app, ["publish"])
    assert isinstance(refused.exception, IdentityBudgetError)
    assert current_generation(candidate.serving) == before
    told = CliRunner().invoke(app, ["publish", "--accept-identity-changes"])
    assert told.exit_code == 0, told.output
    assert current_generation(candidate.serving) > before


def test_the_command_line_shows_who_would_be_merged_and_split(candidate):
    told = CliRunner().invoke(app, ["identity", "diff"])
    assert told.exit_code == 0, told.output
    lines = [line.split() for line in told.output.splitlines() if line]
    assert lines[0][:3] == ["Compared", "with", current_generation(candidate.serving)]
    assert ["merged", "into", "another", "1"] in lines
    assert ["split", "1"] in lines
    assert ["identifier", "moves", "0"] in lines
    assert ["revenue", "that", "moves", "50.00", "of", "100.00"] in lines
    assert ["customer_segment", "repeat_buyer", "1", "→", "2"] in lines
    as_data = json.loads(CliRunner().invoke(app, ["identity", "diff", "--json"]).output)
    assert (as_data["merged_count"], as_data["split_count"], as_data["known_count"]) == (1, 1, 5)
