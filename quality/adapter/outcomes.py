"""Great Expectations' results as plain judgements: outcome, figure and message, never a row's value.

An exception inside a check is an error of its own kind, never a failed and never a passed check.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from quality.checks import Check, Judgement, Outcome

if TYPE_CHECKING:
    from great_expectations.core import ExpectationValidationResult

_QUOTED_VALUE = re.compile(r"'[^']*'")
_ADDRESS = re.compile(r"\S+@\S+")
_LONG_NUMBER = re.compile(r"\d{5,}")
_MESSAGE_LENGTH = 300


def judgement_of(check: Check, result: ExpectationValidationResult) -> Judgement:
    """Turn one Great Expectations result into a judgement."""
    exception = _exception_message(result.exception_info)
    if exception is not None:
        return Judgement(Outcome.ERROR, message=redacted(exception))
    outcome = Outcome.PASS if result.success else Outcome.FAIL
    details: Mapping[str, Any] = result.result or {}
    if "unexpected_count" in details:
        return _rows_judgement(outcome, details)
    missing = _missing_columns(check, details)
    if missing:
        return Judgement(outcome, f"missing: {', '.join(missing)}", len(missing), f"missing columns: {missing}")
    observed = _as_text(details.get("observed_value"))
    return Judgement(outcome, observed, message="" if result.success else f"observed {observed or 'nothing'}")


def error_judgement(error: Exception) -> Judgement:
    """The judgement of a check whose evaluation raised."""
    return Judgement(Outcome.ERROR, message=redacted(str(error)))


def redacted(message: str) -> str:
    """The first line of an error message without anything that could be a delivered value."""
    first = next((line for line in message.splitlines() if line.strip()), "")
    for pattern in (_QUOTED_VALUE, _ADDRESS, _LONG_NUMBER):
        first = pattern.sub("…", first)
    return first[:_MESSAGE_LENGTH]


def _exception_message(info: Mapping[str, Any] | None) -> str | None:
    """The message of the exception in `info`, which is one exception or one per failed metric."""
    if not info:
        return None
    entries = [info] if "raised_exception" in info else [entry for entry in info.values() if isinstance(entry, dict)]
    messages = [str(entry.get("exception_message")) for entry in entries if entry.get("raised_exception")]
    return messages[0] if messages else None


def _rows_judgement(outcome: Outcome, details: Mapping[str, Any]) -> Judgement:
    unexpected = int(details["unexpected_count"] or 0)
    judged = int(details.get("element_count") or 0)
    observed = f"{unexpected} of {judged} rows"
    return Judgement(outcome, observed, unexpected, "" if outcome is Outcome.PASS else f"{observed} break it")


def _missing_columns(check: Check, details: Mapping[str, Any]) -> list[str]:
    expected = check.arguments.get("column_set")
    if not isinstance(expected, list | tuple):
        return []
    present = set(details.get("observed_value") or ())
    return [str(name) for name in expected if name not in present]


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, float):
        return f"{value:.10g}" if abs(value) < 1e15 else f"{value:g}"
    if isinstance(value, list | tuple | set | dict):
        return f"{len(value)} values"
    return str(value)
