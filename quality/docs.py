"""The page of check results people read: the last verdicts of every gate, self-contained and readable offline.

Great Expectations' own pages load styles and scripts from the network and hold values of rows; this one holds neither.
What the verdicts say is decided in `gates.py`; the page only shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.warehouse import connect
from quality.checks import Check, Gate, Outcome
from quality.suites import GATES, checks_of
from quality.verdicts import Verdict, latest_verdicts
from quality.wording import GATE_TITLES, OUTCOME_LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingestion.settings import Settings

_TEMPLATE = Path(__file__).parent / "templates" / "verdicts.html.j2"
_WORST_FIRST = (Outcome.ERROR, Outcome.FAIL, Outcome.NOT_EVALUATED, Outcome.PASS)


@dataclass(frozen=True, slots=True)
class _Line:
    verdict: Verdict
    purpose: str
    owner: str
    remedy: str


@dataclass(frozen=True, slots=True)
class _TableSection:
    name: str
    row_count: int | None
    lines: tuple[_Line, ...]

    @property
    def needs_attention(self) -> bool:
        """Whether something failed, or was not evaluated for another reason than a lack of history."""
        return any(
            line.verdict.is_blocking or line.verdict.outcome in (Outcome.FAIL, Outcome.ERROR) for line in self.lines
        )

    @property
    def counts(self) -> dict[str, int]:
        return _counts([line.verdict for line in self.lines])


@dataclass(frozen=True, slots=True)
class _GateSection:
    title: str
    is_open: bool
    as_of: str
    run_id: str
    evaluated_at: datetime | None
    counts: dict[str, int]
    tables: tuple[_TableSection, ...]


def write_docs(settings: Settings) -> Path:
    """Write the page of the last verdicts.

    Args:
        settings: where warehouse and documents are.

    Returns:
        The page, `<docs>/quality/index.html`.

    Raises:
        WarehouseMissingError: when there is no warehouse.
    """
    with connect(settings, read_only=True) as connection:
        verdicts = latest_verdicts(connection)
    page = settings.docs / "quality" / "index.html"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(_rendered([_gate_section(gate, verdicts) for gate in GATES]), encoding="utf-8")
    return page


def _rendered(gates: list[_GateSection]) -> str:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    return template.render(gates=gates, labels={str(outcome): label for outcome, label in OUTCOME_LABELS.items()})


def _gate_section(gate: Gate, verdicts: Sequence[Verdict]) -> _GateSection:
    own = [verdict for verdict in verdicts if verdict.gate == gate]
    checks = {check.key: check for check in checks_of(gate)}
    by_table: dict[str, list[_Line]] = {}
    for verdict in sorted(own, key=_urgency):
        line = _line(verdict, checks.get((verdict.table_name, verdict.check_name)))
        by_table.setdefault(verdict.table_name, []).append(line)
    return _GateSection(
        title=GATE_TITLES[gate],
        is_open=bool(own) and not any(verdict.is_blocking for verdict in own),
        as_of=str(own[0].as_of) if own else "",
        run_id=own[0].run_id if own else "",
        evaluated_at=max((verdict.evaluated_at for verdict in own), default=None),
        counts=_counts(own),
        tables=tuple(
            _TableSection(table, lines[0].verdict.row_count, tuple(lines)) for table, lines in by_table.items()
        ),
    )


def _line(verdict: Verdict, check: Check | None) -> _Line:
    if check is None:
        return _Line(verdict, "Every table of the schema marts has a suite.", "data engineering", "Declare it.")
    return _Line(verdict, check.purpose, check.owner, check.remedy)


def _urgency(verdict: Verdict) -> tuple[int, int]:
    """Blocking verdicts first, then by outcome."""
    return (not verdict.is_blocking, _WORST_FIRST.index(Outcome(verdict.outcome)))


def _counts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    return {
        str(outcome): count
        for outcome in _WORST_FIRST
        if (count := sum(verdict.outcome == outcome for verdict in verdicts))
    }
