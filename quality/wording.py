"""Checks and verdicts in plain words: thresholds, and the summary a person reads when a gate does not open.

No decision is made here, and no row's value is ever mentioned.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from quality.checks import Check, Gate, Outcome, Severity

if TYPE_CHECKING:
    from quality.verdicts import Verdict

GATE_TITLES = {
    Gate.RAW: "Gate 1: raw → staging",
    Gate.CONFORMED: "Gate 1b: staging → conformed",
    Gate.PROFILE: "Gate 2: conformed → profile",
    Gate.POPULATION: "Gate 2b: profile → marts",
    Gate.MARTS: "Gate 3: marts → publish",
}

OUTCOME_LABELS = {
    Outcome.PASS: "passed",
    Outcome.FAIL: "failed",
    Outcome.ERROR: "error",
    Outcome.NOT_EVALUATED: "not evaluated",
}

# The states a check can be in for people: a failure is a warning or an error by the severity of its check.
STATES = ("passed", "failed warnings", "failed errors", "errors", "not evaluated")

_OUTCOME_WORDS = {
    Outcome.FAIL: "failed",
    Outcome.ERROR: "could not be calculated",
    Outcome.NOT_EVALUATED: "was not evaluated",
}

_DECLARE = "Declare the table in quality/suites, then run again."
_THRESHOLD_LENGTH = 80

_FIXED_THRESHOLDS = {
    "ExpectColumnValuesToNotBeNull": "no null",
    "ExpectColumnPairValuesAToBeGreaterThanB": "in order in every row",
}


def threshold_of(check: Check) -> str:
    """What must be observed for the check to pass."""
    arguments = check.arguments
    if check.band:
        return "usual"
    if check.expectation in _FIXED_THRESHOLDS:
        return _FIXED_THRESHOLDS[check.expectation]
    for key, words in (("value_set", "one of"), ("column_set", "has"), ("regex", "matches")):
        if key in arguments:
            return f"{words}: {_listed(arguments[key])}"
    return _bounds(arguments.get("min_value"), arguments.get("max_value"))


def state_of(verdict: Verdict) -> str:
    """The state of a check in words: passed, failed (warn), failed (error), error or not evaluated."""
    if verdict.outcome == Outcome.FAIL:
        return f"failed ({verdict.severity})"
    return OUTCOME_LABELS[Outcome(verdict.outcome)]


def counts_of(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """How many of the verdicts are in each state, all states in order."""
    is_state = {
        "passed": lambda one: one.outcome == Outcome.PASS,
        "failed warnings": lambda one: one.outcome == Outcome.FAIL and one.severity == Severity.WARN,
        "failed errors": lambda one: one.outcome == Outcome.FAIL and one.severity == Severity.ERROR,
        "errors": lambda one: one.outcome == Outcome.ERROR,
        "not evaluated": lambda one: one.outcome == Outcome.NOT_EVALUATED,
    }
    return {state: sum(1 for verdict in verdicts if is_state[state](verdict)) for state in STATES}


def warnings_of(verdicts: Sequence[Verdict]) -> list[str]:
    """Everything that did not pass and stops nothing, in one sentence each: where, what, what must be."""
    return [
        f"{GATE_TITLES[Gate(verdict.gate)].split(':')[0]}: {verdict.table_name} {_sentence(verdict)}"
        for verdict in verdicts
        if not verdict.is_blocking and verdict.outcome in (Outcome.FAIL, Outcome.ERROR)
    ]


def summary_of(gate: Gate, verdicts: Sequence[Verdict], checks: Sequence[Check]) -> str:
    """What a gate found and what to do, in plain words.

    Args:
        gate: the gate.
        verdicts: its verdicts.
        checks: its checks, for purpose and remedy.
    """
    passed = sum(verdict.outcome == Outcome.PASS for verdict in verdicts)
    blocking = [verdict for verdict in verdicts if verdict.is_blocking]
    state = "closed" if blocking else "open"
    unevaluated = sum(verdict.outcome == Outcome.NOT_EVALUATED and not verdict.is_blocking for verdict in verdicts)
    aside = f", {unevaluated} not evaluated for lack of history or of anything new" if unevaluated else ""
    lines = [f"{GATE_TITLES[gate]} is {state}: {passed} of {len(verdicts)} checks passed{aside}."]
    by_key = {check.key: check for check in checks}
    for table, group in _by_table(blocking).items():
        lines.append(f"  ✗ {table}")
        lines.extend(f"      {sentence}" for sentence in _sentences(group))
        checks_here = [by_key.get((table, verdict.check_name)) for verdict in group]
        lines.extend(dict.fromkeys(f"      → {check.remedy if check else _DECLARE}" for check in checks_here))
    stopped = (Outcome.FAIL, Outcome.ERROR)
    warned = [verdict for verdict in verdicts if verdict.outcome in stopped and not verdict.is_blocking]
    for table, group in _by_table(warned).items():
        lines.append(f"  ! {table}")
        lines.extend(f"      {sentence}" for sentence in _sentences(group))
    return "\n".join(lines)


def _by_table(verdicts: Sequence[Verdict]) -> dict[str, list[Verdict]]:
    tables: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        tables.setdefault(verdict.table_name, []).append(verdict)
    return tables


def _sentences(verdicts: Sequence[Verdict]) -> list[str]:
    """One sentence per check; checks that stopped for the same reason share one."""
    reasons: dict[tuple[str, str], list[Verdict]] = {}
    for verdict in verdicts:
        is_error = verdict.outcome == Outcome.ERROR
        reasons.setdefault((verdict.outcome, verdict.message if is_error else verdict.check_name), []).append(verdict)
    return [_sentence(same[0]) if len(same) == 1 else _shared_sentence(same) for same in reasons.values()]


def _shared_sentence(verdicts: Sequence[Verdict]) -> str:
    words = _OUTCOME_WORDS[Outcome(verdicts[0].outcome)]
    return f"{len(verdicts)} checks {words}: {verdicts[0].message}"


def _sentence(verdict: Verdict) -> str:
    words = _OUTCOME_WORDS[Outcome(verdict.outcome)]
    detail = f": {verdict.message}" if verdict.message else ""
    return f"{verdict.check_name} {words}{detail} (must be: {_shortened(verdict.threshold or '')})"


def _shortened(text: str) -> str:
    return text if len(text) <= _THRESHOLD_LENGTH else f"{text[:_THRESHOLD_LENGTH]}…"


def _listed(values: object) -> str:
    return ", ".join(map(str, values)) if isinstance(values, list | tuple) else str(values)


def bounds_text(minimum: float | None, maximum: float | None) -> str:
    """Calculated bounds, as people write numbers."""
    low, high = (None if bound is None else figure_text(bound) for bound in (minimum, maximum))
    return _bounds(low, high)


def figure_text(value: float) -> str:
    """A calculated figure with four significant digits; whole numbers in full."""
    return f"{value:.0f}" if value == round(value) else f"{value:.4g}"


def _bounds(minimum: object, maximum: object) -> str:
    if minimum == maximum:
        return f"{minimum}"
    if minimum is None:
        return f"at most {maximum}"
    if maximum is None:
        return f"at least {minimum}"
    return f"{minimum} to {maximum}"
