"""The end of a run: figures people read, one verdict, warnings told once, and the places to look at last."""

from __future__ import annotations

import io
from datetime import date, datetime

import duckdb
import pytest
from rich.console import Console

from orchestration.cli.outcome import figures_of, print_outcome
from orchestration.notes import FILE_WORDS, run_notes
from orchestration.run import RunOutcome
from quality.checks import Gate, Outcome, Severity
from quality.suites.identity import VIOLATIONS
from quality.suites.identity import checks as identity_checks
from quality.suites.raw import checks as raw_checks
from quality.verdicts import Verdict

SUMMARY = {
    "as of": date(2026, 6, 30),
    "people": 2610,
    "known people": 1210,
    "checks passed": 1900,
    "not evaluated": 168,
}


def said_of(settings, outcome):
    said = io.StringIO()
    print_outcome(settings, Console(file=said, soft_wrap=True), outcome)
    return said.getvalue().splitlines()


def verdict(table, name, outcome=Outcome.FAIL):
    return Verdict(
        run_id="run",
        gate=Gate.RAW,
        table_name=table,
        check_name=name,
        severity=Severity.WARN,
        outcome=outcome,
        observed="3",
        threshold="0",
        unexpected_count=None,
        row_count=5,
        data_fingerprint="f",
        check_definition="d",
        as_of=date(2024, 6, 30),
        evaluated_at=datetime(2024, 7, 1),
        message="observed 3",
        is_blocking=False,
    )


def test_a_good_run_ends_with_figures_verdict_what_is_worth_a_look_and_places(settings):
    lines = said_of(settings, RunOutcome("run", succeeded=True, notes=["a file"], summary=SUMMARY))
    assert lines[1] == "  people             2,610 (1,210 known, 1,400 anonymous)"
    assert lines[4:7] == [
        "Published as of 2026-06-30; nothing was stopped.",
        "Worth a look (nothing was stopped):",
        "! a file",
    ]
    assert lines[7].startswith("Tables: ") and lines[-1] == "Dagster:   make ui"


def test_a_run_that_was_stopped_claims_nothing(settings, capsys):
    outcome = RunOutcome("run", succeeded=False, problems=["g1: closed"], notes=["a file"], summary=SUMMARY)
    said = "\n".join(said_of(settings, outcome))
    assert "Worth a look:" in said
    assert not any(words in said for words in ("Published", "nothing was stopped", "too little history"))
    assert "g1: closed" in capsys.readouterr().err


def test_a_good_run_without_notes_has_nothing_worth_a_look(settings):
    assert "Worth a look" not in "\n".join(said_of(settings, RunOutcome("run", succeeded=True, summary=SUMMARY)))


def test_people_are_told_alone_when_nobody_knows_how_many_are_known():
    assert figures_of({"people": 5}, succeeded=True) == {"people": "5"}
    assert figures_of({"people": 5, "known people": 0}, succeeded=True) == {"people": "5 (0 known, 5 anonymous)"}


@pytest.mark.parametrize("check", sorted(FILE_WORDS))
def test_a_warning_the_inbox_tells_of_the_same_entity_is_not_told_again(check):
    told, other = verdict("raw_files.crm_orders", check), verdict("raw_files.crm_deals", check)
    file = f"crm/orders/a.csv: 1 of 9 {FILE_WORDS[check]}: x."
    assert check in {one.name for one in raw_checks()}
    with duckdb.connect() as connection:
        notes = run_notes(connection, [file], [told, other])
        assert notes[0] == file and len(notes) == 2 and "crm_deals" in notes[1]
        assert len(run_notes(connection, [], [told])) == 1, "an earlier run's file is told by the gate alone"


def test_warnings_of_identity_are_told_by_its_notes_unless_they_could_not_be_calculated():
    warned = [one for one in identity_checks() if one.severity is Severity.WARN and one.table == VIOLATIONS]
    found = [verdict(one.table, one.name) for one in warned]
    broken = verdict(warned[0].table, warned[0].name, Outcome.ERROR)
    with duckdb.connect() as connection:
        [note] = run_notes(connection, [], [*found, broken])
    assert "could not be calculated" in note


def test_the_contact_to_explain_is_the_one_who_bought_most_and_no_address(settings):
    from ingestion.warehouse import connect
    from orchestration.sample_company import contact_to_explain

    with connect(settings) as connection:
        connection.execute("create schema marts")
        connection.execute(
            "create table marts.customer_profile as from "
            "(values ('a', 5.0), ('b', 9.0), ('c', 99.0), ('d', null)) as people (customer_id, revenue_amount)"
        )
        connection.execute(
            "create table marts.customer_identifiers as from (values ('a', 'contact_id', 'hubspot:1'), "
            "('b', 'contact_id', 'hubspot:2'), ('c', 'contact_id', 'files:c@example.com'), ('c', 'email', "
            "'c@example.com'), ('d', 'contact_id', 'hubspot:4')) "
            "as identifiers (customer_id, identifier_type, identifier_value)"
        )
    assert contact_to_explain(settings) == "contact_id:hubspot:2"
