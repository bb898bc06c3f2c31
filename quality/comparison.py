"""Checks against history: measure, look up what is usual, let the expectation judge the figure farthest outside.

The rule is arithmetic (`bands.py`), the memory is a table (`measurements.py`); how an expectation judges a number is
the adapter's business. Without enough history there is no verdict, and that is what is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from quality.adapter.outcomes import error_judgement, redacted
from quality.bands import Bounds, bounds_of
from quality.checks import Band, Check, CheckKey, Judgement, Outcome
from quality.measurements import History, Measurement, history_of
from quality.wording import bounds_text, figure_text

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from quality.adapter.session import ExpectationSession

NOTHING_NEW = Judgement(Outcome.NOT_EVALUATED, message="nothing new to judge", is_excused=True)
TOO_FEW_ROWS = Judgement(Outcome.NOT_EVALUATED, message="too few rows to judge", is_excused=True)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A measured figure with what it must lie between."""

    measurement: Measurement
    value: float
    bounds: Bounds

    @property
    def excess(self) -> float:
        return self.bounds.excess(self.value)


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing one gate's figures with their history gave."""

    judgements: dict[CheckKey, Judgement]
    measurements: tuple[Measurement, ...]


@dataclass(frozen=True, slots=True)
class Collected:
    """What was read to compare one check's figures with.

    Args:
        check: the check, its SQL complete.
        measured: its figures now.
        history: its figures in earlier runs.
        broken: why there are no figures; None when there are.
    """

    check: Check
    measured: Sequence[Measurement] = ()
    history: History = field(default_factory=History)
    broken: Judgement | None = None


def collect(connection: DuckDBPyConnection, checks: Sequence[Check], run_id: str, as_of: date) -> list[Collected]:
    """Measure all checks with `measures` and look up their history.

    Args:
        connection: an open connection to the warehouse.
        checks: checks with `measures`, their SQL complete.
        run_id: the present run.
        as_of: its date.
    """
    collected = []
    for check in checks:
        try:
            measured = _measured(connection, check, run_id)
            collected.append(Collected(check, measured, history_of(connection, check, run_id, as_of)))
        except Exception as error:  # noqa: BLE001 (whatever happens inside a check is the verdict "error")
            collected.append(Collected(check, broken=error_judgement(error)))
    return collected


def compare(session: ExpectationSession, collected: Sequence[Collected]) -> Compared:
    """Judge what was collected.

    Args:
        session: the open expectations.
        collected: the checks with what was read for them.
    """
    judgements: dict[CheckKey, Judgement] = {}
    measurements: list[Measurement] = []
    worst: dict[CheckKey, tuple[Check, _Candidate]] = {}
    for one in collected:
        if one.broken:
            judgements[one.check.key] = one.broken
            continue
        candidates = list(_candidates(one.check, one.measured, one.history))
        unusual = {found.measurement.batch for found in candidates if found.excess > 0}
        measurements += _remembered(one.measured, unusual)
        if candidates:
            worst[one.check.key] = (one.check, max(candidates, key=lambda found: found.excess))
        else:
            judgements[one.check.key] = _unjudged(one.check, one.measured, one.history)
    return Compared(judgements | _judged(session, worst), tuple(measurements))


def _measured(connection: DuckDBPyConnection, check: Check, run_id: str) -> list[Measurement]:
    rows = connection.execute(
        f"select category, batch, value::double, sample_size, is_judged from ({check.measures})"
    ).fetchall()
    return [
        Measurement(
            check.key, redacted(category), str(run_id if batch is None else batch), value, sample_size, is_judged
        )
        for category, batch, value, sample_size, is_judged in rows
    ]


def _remembered(measured: Sequence[Measurement], unusual: set[str]) -> list[Measurement]:
    """With whether each may become history; a batch of which nothing was judged is as usual as all the others."""
    judged = {one.batch for one in measured if one.is_judged}
    return [replace(one, is_usual=one.batch not in unusual if one.batch in judged else not unusual) for one in measured]


def _candidates(check: Check, measured: Sequence[Measurement], history: History) -> Iterator[_Candidate]:
    for one in _with_missing_categories(check, measured, history):
        if one.value is None or not one.is_judged:
            continue
        bounds = _bounds(check, one, history)
        if bounds is not None:
            yield _Candidate(one, one.value, bounds)


def _with_missing_categories(check: Check, measured: Sequence[Measurement], history: History) -> list[Measurement]:
    """Shares of a whole: a category that has gone has the share 0."""
    if check.band is None or not check.band.is_share or all(one.value is None for one in measured):
        return list(measured)
    gone = {*history.usual, *history.accepted} - {one.category for one in measured}
    return [*measured, *(replace(measured[0], category=category, value=0.0) for category in sorted(gone))]


def _bounds(check: Check, one: Measurement, history: History) -> Bounds | None:
    if check.band is None:
        low, high = (check.arguments.get(name) for name in ("min_value", "max_value"))
        return Bounds(_number(low), _number(high))
    usual = _usual(check.band, one.category, history)
    return bounds_of(check.band, usual, history.accepted.get(one.category, ()), one.sample_size)


def _usual(band: Band, category: str, history: History) -> list[float]:
    known = history.usual.get(category, {})
    if not band.is_share:
        return list(known.values())
    accepted = len(history.accepted.get(category, ()))
    return [*known.values(), *[0.0] * (len(history.batches) - len(known) - accepted)]


def _number(bound: object) -> float | None:
    return float(bound) if isinstance(bound, int | float) else None


def _unjudged(check: Check, measured: Sequence[Measurement], history: History) -> Judgement:
    if not measured:
        return NOTHING_NEW
    if check.band is None or all(one.value is None for one in measured):
        return TOO_FEW_ROWS
    needed = check.band.minimum_history
    message = f"too little history: {len(history.batches)} of {needed} measurements"
    if len(history.batches) >= needed:
        message = "too little history: the earlier figures are too small to compare with"
    return Judgement(Outcome.NOT_EVALUATED, message=message, is_excused=True)


def _judged(session: ExpectationSession, worst: dict[CheckKey, tuple[Check, _Candidate]]) -> dict[CheckKey, Judgement]:
    asked = [
        replace(check, arguments={"min_value": found.bounds.low, "max_value": found.bounds.high})
        for check, found in worst.values()
    ]
    judged = session.judge_figures({key: found.value for key, (_, found) in worst.items()}, asked)
    return {key: _explained(check, found, judged[key]) for key, (check, found) in worst.items()}


def _explained(check: Check, found: _Candidate, judgement: Judgement) -> Judgement:
    threshold = bounds_text(found.bounds.low, found.bounds.high)
    load = found.measurement.batch if found.measurement.batch.isdigit() else None
    about = " of ".join(filter(None, (found.measurement.category, f"load {load}" if load else "")))
    observed = f"{figure_text(found.value)}{f' ({about})' if about else ''}"
    message = "" if judgement.outcome is Outcome.PASS else judgement.message
    if judgement.outcome is Outcome.FAIL:
        message = f"observed {observed}" + (f", usual is {threshold}" if check.band else "")
    return replace(judgement, observed=observed, threshold=threshold, message=message, batch=load)
