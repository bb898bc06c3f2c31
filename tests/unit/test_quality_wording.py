"""Every state a check can be in has its words, and a warning is named, not only counted."""

from datetime import date, datetime

import dagster as dg
import pytest

from orchestration.checks import _result
from quality.checks import Gate, Outcome, Severity
from quality.suites.vocabulary import Subject
from quality.verdicts import Verdict
from quality.wording import STATES, counts_of, state_of, summary_of, warnings_of

PAGE = "http://127.0.0.1:3080/quality/index.html"
SUBJECT = Subject("marts.people", "Correct the model.")
CHECKS = (SUBJECT.unique("id"), SUBJECT.measured("share", "It is as usual.", "select 1", 0.2))


def verdict(outcome, severity=Severity.ERROR, *, is_blocking=None, name="unique__id"):
    blocks = severity is Severity.ERROR and outcome is not Outcome.PASS if is_blocking is None else is_blocking
    return Verdict(
        run_id="run",
        gate=Gate.MARTS,
        table_name="marts.people",
        check_name=name,
        severity=severity,
        outcome=outcome,
        observed="3",
        threshold="0",
        unexpected_count=None,
        row_count=5,
        data_fingerprint="f",
        check_definition="d",
        as_of=date(2024, 6, 30),
        evaluated_at=datetime(2024, 7, 1),
        message="" if outcome is Outcome.PASS else "observed 3",
        is_blocking=blocks,
    )


PASSED = verdict(Outcome.PASS)
WARNED = verdict(Outcome.FAIL, Severity.WARN, name="has_rows")
FAILED = verdict(Outcome.FAIL)
BROKEN = verdict(Outcome.ERROR)
UNEVALUATED = verdict(Outcome.NOT_EVALUATED, is_blocking=False, name="share")
MISSING = verdict(Outcome.NOT_EVALUATED)


@pytest.mark.parametrize(
    ("found", "state", "words"),
    [
        (PASSED, "passed", "passed"),
        (WARNED, "failed warnings", "failed (warn)"),
        (FAILED, "failed errors", "failed (error)"),
        (BROKEN, "errors", "error"),
        (UNEVALUATED, "not evaluated", "not evaluated"),
        (MISSING, "not evaluated", "not evaluated"),
    ],
)
def test_a_verdict_is_in_exactly_one_state(found, state, words):
    assert counts_of([found]) == {one: int(one == state) for one in STATES}
    assert state_of(found) == words


def test_warnings_are_named_with_gate_table_check_and_figure():
    assert warnings_of([PASSED, WARNED, FAILED, UNEVALUATED]) == [
        "Gate 3: marts.people has_rows failed: observed 3 (must be: 0)"
    ]


def test_the_summary_of_a_closed_gate_says_what_to_do_for_each_check_once():
    share = verdict(Outcome.FAIL, name="share")
    lines = summary_of(Gate.MARTS, [FAILED, share, FAILED], CHECKS).splitlines()
    assert lines[0] == "Gate 3: marts → publish is closed: 0 of 3 checks passed."
    accept = "If it is right: `lifecycle quality accept marts.people share --reason …`, then run again."
    assert [line.strip() for line in lines if "→" in line][1:] == [
        "→ Correct the model.",
        f"→ Correct the model. {accept}",
    ]


def test_the_summary_of_an_open_gate_says_how_much_was_not_evaluated():
    summary = summary_of(Gate.MARTS, [PASSED, UNEVALUATED], CHECKS)
    assert summary == (
        "Gate 3: marts → publish is open: 1 of 2 checks passed, 1 not evaluated for lack of history or of anything new."
    )


@pytest.mark.parametrize(
    ("verdicts", "passed", "severity"),
    [
        ([PASSED], True, "WARN"),
        ([PASSED, UNEVALUATED], True, "WARN"),
        ([UNEVALUATED], False, "WARN"),
        ([PASSED, WARNED], False, "WARN"),
        ([PASSED, FAILED, WARNED], False, "ERROR"),
        ([PASSED, BROKEN], False, "ERROR"),
        ([PASSED, MISSING], False, "ERROR"),
        ([], False, "ERROR"),
    ],
)
def test_a_table_passes_in_dagster_when_something_passed_and_nothing_failed(verdicts, passed, severity):
    result = _result("g3_marts", "marts.people", verdicts, PAGE)
    assert (result.passed, result.severity.value) == (passed, severity)


def test_dagster_is_told_counts_thresholds_and_a_link():
    metadata = _result("g3_marts", "marts.people", [PASSED, WARNED, UNEVALUATED], PAGE).metadata
    assert {name: metadata[name].value for name in ("passed", "failed_warnings", "not_evaluated", "rows")} == {
        "passed": 1,
        "failed_warnings": 1,
        "not_evaluated": 1,
        "rows": 5,
    }
    assert "| has_rows | failed (warn) | 3 | 0 | observed 3 |" in metadata["expectations"].value
    assert metadata["page"] == dg.MetadataValue.url(PAGE)
