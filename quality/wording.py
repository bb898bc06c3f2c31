"""Checks and verdicts in plain words: thresholds, and the summary a person reads when a gate does not open.

No decision is made here, and no row's value is ever mentioned.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from quality.checks import Check, Gate, Outcome

if TYPE_CHECKING:
    from quality.verdicts import Verdict

GATE_TITLES = {
    Gate.RAW: "Gate 1: raw → staging",
    Gate.PROFILE: "Gate 2: conformed → profile",
    Gate.MARTS: "Gate 3: marts → publish",
}

OUTCOME_LABELS = {
    Outcome.PASS: "passed",
    Outcome.FAIL: "failed",
    Outcome.ERROR: "error",
    Outcome.NOT_EVALUATED: "not evaluated",
}

_OUTCOME_WORDS = {
    Outcome.FAIL: "failed",
    Outcome.ERROR: "could not be calculated",
    Outcome.NOT_EVALUATED: "was not evaluated",
}

_THRESHOLD_LENGTH = 80

_FIXED_THRESHOLDS = {
    "ExpectColumnValuesToNotBeNull": "no null",
    "ExpectColumnPairValuesAToBeGreaterThanB": "in order in every row",
}


def threshold_of(check: Check) -> str:
    """What must be observed for the check to pass."""
    arguments = check.arguments
    if check.expectation in _FIXED_THRESHOLDS:
        return _FIXED_THRESHOLDS[check.expectation]
    for key, words in (("value_set", "one of"), ("column_set", "has"), ("regex", "matches")):
        if key in arguments:
            return f"{words}: {_listed(arguments[key])}"
    return _bounds(arguments.get("min_value"), arguments.get("max_value"))


def summary_of(gate: Gate, verdicts: Sequence[Verdict], checks: Sequence[Check]) -> str:
    """What a gate found and what to do, in plain words.

    Args:
        gate: the gate.
        verdicts: its verdicts.
        checks: its checks, for purpose and remedy.
    """
    passed = sum(verdict.outcome == Outcome.PASS for verdict in verdicts)
    blocking = [verdict for verdict in verdicts if verdict.blocks]
    state = "closed" if blocking else "open"
    lines = [f"{GATE_TITLES[gate]} is {state}: {passed} of {len(verdicts)} checks passed."]
    by_key = {check.key: check for check in checks}
    for table, group in _by_table(blocking).items():
        lines.append(f"  ✗ {table}")
        lines.extend(f"      {sentence}" for sentence in _sentences(group))
        check = by_key.get((table, group[0].check_name))
        lines.append(f"      → {check.remedy if check else 'Declare the table in quality/suites, then run again.'}")
    warned = [verdict for verdict in verdicts if verdict.outcome == Outcome.FAIL and not verdict.blocks]
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


def _bounds(minimum: object, maximum: object) -> str:
    if minimum == maximum:
        return f"{minimum}"
    if minimum is None:
        return f"at most {maximum}"
    if maximum is None:
        return f"at least {minimum}"
    return f"{minimum} to {maximum}"
