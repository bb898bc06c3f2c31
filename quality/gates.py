"""The gates: run the suite of one border on the warehouse and store one verdict per check.

The warehouse is open for reading while the checks run and for writing only while the verdicts are stored, never both.
What is checked is in `suites/`; how a check is judged in `adapter/`; how a figure is compared with its history in
`comparison.py`; what a missing pass means in `verdicts.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from ingestion.warehouse import connect
from quality.adapter.outcomes import error_judgement
from quality.adapter.session import ExpectationSession, expectation_session
from quality.checks import Check, CheckKey, Gate, Judgement, Outcome, Severity
from quality.comparison import NOTHING_NEW, collect, compare
from quality.fingerprint import Fingerprints
from quality.measurements import Measurement, create_measurement_table, has_measurement_table
from quality.suites import checks_of
from quality.verdicts import UNDECLARED, Verdict, store_verdicts, undeclared_marts
from quality.wording import summary_of, threshold_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

# A calculated number, None when there was nothing to calculate it from, or why it could not be calculated.
_Figure = float | Judgement | None

_AS_OF = re.compile(r"(?<!:):as_of\b")


@dataclass(frozen=True, slots=True)
class GateResult:
    """The verdicts of one gate in one run."""

    gate: Gate
    verdicts: tuple[Verdict, ...]

    @property
    def passed(self) -> bool:
        """Whether every check of severity `error` passed; an error or a missing evaluation is no pass."""
        return not any(verdict.is_blocking for verdict in self.verdicts)

    @property
    def summary(self) -> str:
        """What was found and what to do, in plain words."""
        return summary_of(self.gate, self.verdicts, checks_of(self.gate))


def run_gate(settings: Settings, gate: str, run_id: str, as_of: date) -> GateResult:
    """Evaluate all checks of a gate on the warehouse and store the verdicts.

    Args:
        settings: where the warehouse is.
        gate: name of the gate, for example `g1_raw`.
        run_id: the run the verdicts belong to.
        as_of: the date the run looks at the world from.

    Returns:
        All verdicts; a check that could not be calculated is among them as an error.

    Raises:
        WarehouseMissingError: when there is no warehouse.
        WarehouseLockedError: when another process holds it.
    """
    checks = checks_of(gate)
    with _prepared(settings) as connection:
        evaluation = _Evaluation(connection, Gate(gate), checks, run_id, as_of)
        found = evaluation.verdicts()
    with connect(settings) as connection:
        store_verdicts(connection, gate, run_id, found, evaluation.measurements)
    return GateResult(Gate(gate), found)


@contextmanager
def _prepared(settings: Settings) -> Iterator[DuckDBPyConnection]:
    """The warehouse, to be read; the table of measurements is made where there is none yet."""
    with connect(settings, read_only=True) as connection:
        if has_measurement_table(connection):
            yield connection
            return
    with connect(settings) as connection:
        create_measurement_table(connection)
    with connect(settings, read_only=True) as connection:
        yield connection


class _Evaluation:
    """One gate's evaluation on one open connection."""

    def __init__(
        self, connection: DuckDBPyConnection, gate: Gate, checks: Sequence[Check], run_id: str, as_of: date
    ) -> None:
        self._connection = connection
        self._gate = gate
        self._checks = checks
        self._run_id = run_id
        self._as_of = as_of
        self._fingerprints = Fingerprints(connection)
        self._row_counts = _row_counts(connection, checks)
        self._newest_loads = _newest_loads(connection) if gate is Gate.RAW else {}
        self.measurements: tuple[Measurement, ...] = ()

    def verdicts(self) -> tuple[Verdict, ...]:
        checks = self._checks
        judged = {check.key: missing for check in checks if (missing := _missing_table(check, self._row_counts))}
        judged |= {check.key: NOTHING_NEW for check in checks if check.key not in judged and self._has_nothing(check)}
        judged |= self._judge([check for check in checks if check.key not in judged])
        found = [self._verdict(check, judged[check.key]) for check in checks]
        if self._gate is Gate.MARTS:
            found += [self._undeclared(table) for table in undeclared_marts(self._connection)]
        return tuple(found)

    def _has_nothing(self, check: Check) -> bool:
        """Many connectors are never configured; to ask their empty tables would cost a run more than it tells."""
        return check.is_about_rows and self._row_counts[check.table] == 0

    def _judge(self, checks: Sequence[Check]) -> dict[CheckKey, Judgement]:
        """Judge columns while the statements that calculate numbers run beside, on a connection of their own."""
        calculated = [check for check in checks if check.figure is not None]
        measured = [replace(one, measures=self._at_as_of(one.measures)) for one in checks if one.measures is not None]
        by_table: dict[str, list[Check]] = {}
        for check in checks:
            if check.figure is None and check.measures is None:
                by_table.setdefault(check.table, []).append(check)
        with self._connection.cursor() as connection, ThreadPoolExecutor(1) as beside:
            connection.execute("set timezone = 'UTC'")
            figures = beside.submit(self._figures, connection, calculated)
            collected = beside.submit(collect, connection, measured, self._run_id, self._as_of)
            with expectation_session(self._connection) as session:
                judged = {
                    key: judgement
                    for table, table_checks in by_table.items()
                    for key, judgement in session.judge_table(table, table_checks).items()
                }
                judged |= _judge_figures(session, calculated, figures.result())
                compared = compare(session, collected.result())
        self.measurements = compared.measurements
        return judged | compared.judgements

    def _figures(self, connection: DuckDBPyConnection, checks: Sequence[Check]) -> dict[CheckKey, _Figure]:
        """Calculate each figure once, on its own, so that one broken statement spoils no other."""
        figures: dict[CheckKey, _Figure] = {}
        for check in checks:
            try:
                row = connection.execute(self._at_as_of(check.figure or "")).fetchone()
                figures[check.key] = None if row is None or row[0] is None else float(row[0])
            except Exception as error:  # noqa: BLE001 (whatever happens inside a check is the verdict "error")
                figures[check.key] = error_judgement(error)
        return figures

    def _at_as_of(self, statement: str) -> str:
        return _AS_OF.sub(f"date '{self._as_of.isoformat()}'", statement)

    def _verdict(self, check: Check, judgement: Judgement) -> Verdict:
        return Verdict(
            run_id=self._run_id,
            gate=self._gate,
            table_name=check.table,
            check_name=check.name,
            severity=check.severity,
            outcome=judgement.outcome,
            observed=judgement.observed,
            threshold=judgement.threshold or threshold_of(check),
            unexpected_count=judgement.unexpected_count,
            row_count=self._row_counts.get(check.table),
            data_fingerprint=self._fingerprints.of(check.tables),
            check_definition=check.definition,
            as_of=self._as_of,
            evaluated_at=datetime.now(UTC).replace(tzinfo=None),
            message=judgement.message,
            is_blocking=check.is_required and judgement.outcome is not Outcome.PASS and not judgement.is_excused,
            batch=judgement.batch or self._newest_loads.get(check.table),
        )

    def _undeclared(self, table: str) -> Verdict:
        return Verdict(
            run_id=self._run_id,
            gate=self._gate,
            table_name=table,
            check_name=UNDECLARED,
            severity=Severity.ERROR,
            outcome=Outcome.NOT_EVALUATED,
            observed=None,
            threshold="declared in quality/suites",
            unexpected_count=None,
            row_count=self._row_counts.get(table),
            data_fingerprint=None,
            check_definition="",
            as_of=self._as_of,
            evaluated_at=datetime.now(UTC).replace(tzinfo=None),
            message="no suite examines this table, so it cannot be published",
            is_blocking=True,
        )


def _judge_figures(
    session: ExpectationSession, checks: Sequence[Check], figures: Mapping[CheckKey, _Figure]
) -> dict[CheckKey, Judgement]:
    broken = {key: figure for key, figure in figures.items() if isinstance(figure, Judgement)}
    numbers = {key: figure for key, figure in figures.items() if not isinstance(figure, Judgement)}
    return broken | session.judge_figures(numbers, [check for check in checks if check.key in numbers])


def _missing_table(check: Check, present: Iterable[str]) -> Judgement | None:
    missing = [table for table in check.tables if table not in present]
    if not missing:
        return None
    return Judgement(Outcome.ERROR, message=f"{', '.join(missing)} does not exist: what builds it did not run")


def _newest_loads(connection: DuckDBPyConnection) -> dict[str, str]:
    """Number of the newest load of every raw table."""
    rows: Iterable[tuple[str, str]] = connection.execute(
        "select 'raw_' || source || '.' || entity, max(load_seq)::varchar from ops.loads group by all"
    ).fetchall()
    return dict(rows)


def _row_counts(connection: DuckDBPyConnection, checks: Sequence[Check]) -> dict[str, int]:
    """Row count of every table the checks read, as far as it exists."""
    present = connection.execute(
        """select table_schema || '.' || table_name from information_schema.tables
        where table_catalog = current_database()"""
    ).fetchall()
    wanted = {table for check in checks for table in check.tables}
    found = sorted(table for (table,) in present if table in wanted)
    return {table: connection.execute(f"select count(*) from {table}").fetchall()[0][0] for table in found}
