"""The memory of the gates: what every check found, and whether that still allows a publication.

One row per run, gate, table and check in `ops.quality_verdicts`. Publishing asks `refusals`: every required check
needs its latest stored verdict to be a pass, given on exactly the data that is there now. What readers of the marts see
of the verdicts is in `published.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from quality.checks import Check, Gate, Outcome
from quality.fingerprint import Fingerprints
from quality.measurements import Measurement, create_measurement_table, store_measurements
from quality.suites import GATES, checks_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLE = "ops.quality_verdicts"
UNDECLARED = "has_a_suite"

_COLUMNS = {
    "run_id": "varchar",
    "gate": "varchar",
    "table_name": "varchar",
    "check_name": "varchar",
    "severity": "varchar",
    "outcome": "varchar",
    "observed": "varchar",
    "threshold": "varchar",
    "unexpected_count": "bigint",
    "row_count": "bigint",
    "data_fingerprint": "varchar",
    "check_definition": "varchar",
    "as_of": "date",
    "evaluated_at": "timestamp",
    "message": "varchar",
    "is_blocking": "boolean",
    "batch": "varchar",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check found in one run; the fields are the columns of `ops.quality_verdicts`.

    `evaluated_at` is a wall clock in UTC and says nothing about the data. `is_blocking`: the verdict stops the
    publication. A required check does so unless it passed; only where there is too little history to compare with, or
    nothing new to compare, a verdict that is no pass stops nothing. `batch` is the load the verdict is about, where
    there is one: the newest of a raw table, or the one whose figure was judged.
    """

    run_id: str
    gate: str
    table_name: str
    check_name: str
    severity: str
    outcome: str
    observed: str | None
    threshold: str | None
    unexpected_count: int | None
    row_count: int | None
    data_fingerprint: str | None
    check_definition: str
    as_of: date
    evaluated_at: datetime
    message: str
    is_blocking: bool
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason not to publish.

    Args:
        gate: gate of the check.
        table: table of the check.
        check: name of the check.
        reason: `failed`, `errored`, `not_evaluated`, `did_not_run`, `ran_on_other_data`, `ran_for_other_as_of`,
            `check_has_changed` or `undeclared`.
        message: what happened and what to do, in plain words.
    """

    gate: str
    table: str
    check: str
    reason: str
    message: str


def create_verdict_table(connection: DuckDBPyConnection) -> None:
    """Create `ops.quality_verdicts` when it is missing. Calling it again changes nothing."""
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    connection.execute("create schema if not exists ops")
    connection.execute(f"create table if not exists {TABLE} (evaluation bigint, {columns})")
    # A warehouse of an older version; its verdicts are of other definitions and allow nothing.
    connection.execute(f"alter table {TABLE} add column if not exists is_blocking boolean")
    connection.execute(f"alter table {TABLE} add column if not exists batch varchar")


def store_verdicts(
    connection: DuckDBPyConnection,
    gate: str,
    run_id: str,
    verdicts: Sequence[Verdict],
    measurements: Sequence[Measurement] = (),
) -> None:
    """Store what one gate found in one run, all or nothing; an earlier evaluation by the same run is replaced.

    Args:
        connection: an open, writable connection.
        gate: the gate.
        run_id: the run.
        verdicts: all verdicts of the gate.
        measurements: the figures it measured, for the runs to come.
    """
    create_verdict_table(connection)
    create_measurement_table(connection)
    row = f"({', '.join('?' * len(_COLUMNS))})"
    connection.execute("begin")
    try:
        evaluation = connection.execute(f"select coalesce(max(evaluation), 0) + 1 from {TABLE}").fetchall()[0][0]
        connection.execute(f"delete from {TABLE} where run_id = ? and gate = ?", [run_id, gate])
        if verdicts:
            connection.execute(
                f"insert into {TABLE} select {evaluation}, * from (values {', '.join([row] * len(verdicts))})",
                [value for verdict in verdicts for value in astuple(verdict)],
            )
            store_measurements(connection, gate, run_id, verdicts[0].as_of, measurements)
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def drop_old_verdicts(connection: DuckDBPyConnection, oldest: datetime, kept: Sequence[tuple[str, str]]) -> int:
    """Drop the verdicts nobody asks for any more.

    Args:
        connection: an open, writable connection.
        oldest: UTC without a zone; what was evaluated earlier goes, but for the latest evaluation of each gate.
        kept: gate and run of verdicts that stay, however old.

    Returns:
        How many were dropped.
    """
    create_verdict_table(connection)
    return int(
        connection.execute(
            f"""delete from {TABLE}
            where evaluated_at < ?
                and evaluation not in (select max(evaluation) from {TABLE} group by gate)
                and (gate, run_id) not in (select unnest(?::varchar[]), unnest(?::varchar[]))""",
            [oldest, [gate for gate, _ in kept], [run_id for _, run_id in kept]],
        ).fetchall()[0][0]
    )


def latest_verdicts(connection: DuckDBPyConnection) -> tuple[Verdict, ...]:
    """The verdicts of the latest evaluation of each gate, in the order they were given; empty before the first."""
    exists = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'ops' and table_name = 'quality_verdicts'"
    ).fetchone()
    if exists is None:
        return ()
    rows = connection.execute(
        f"""select {", ".join(_COLUMNS)} from {TABLE}
        where evaluation in (select max(evaluation) from {TABLE} group by gate)
        order by gate, table_name, check_name"""
    ).fetchall()
    return tuple(Verdict(*row) for row in rows)


def required_checks() -> tuple[tuple[Gate, Check], ...]:
    """Every check a publication needs a pass of, with its gate."""
    return tuple((gate, check) for gate in GATES for check in checks_of(gate) if check.is_required)


def undeclared_marts(connection: DuckDBPyConnection) -> tuple[str, ...]:
    """Tables of the schema `marts` that no suite examines, as `marts.<table>`."""
    declared = {check.table for check in checks_of(Gate.MARTS)}
    present = connection.execute(
        """select 'marts.' || table_name from information_schema.tables
        where table_catalog = current_database() and table_schema = 'marts' order by table_name"""
    ).fetchall()
    return tuple(table for (table,) in present if table not in declared)


def refusals(connection: DuckDBPyConnection, as_of: date, fingerprints: Fingerprints | None = None) -> list[Refusal]:
    """Everything that speaks against publishing the present marts; empty when they may be published.

    Args:
        connection: an open connection to the warehouse; its data must not change meanwhile.
        as_of: the date the marts to be published were calculated for.
        fingerprints: of the same connection, to calculate none twice.
    """
    verdicts = {
        (verdict.gate, verdict.table_name, verdict.check_name): verdict for verdict in latest_verdicts(connection)
    }
    present = fingerprints or Fingerprints(connection)
    found = [
        refusal
        for gate, check in required_checks()
        if (refusal := _refusal(gate, check, verdicts.get((gate, check.table, check.name)), present, as_of))
    ]
    return found + [_undeclared(table) for table in undeclared_marts(connection)]


_NOT_PASSED = {
    Outcome.FAIL: ("failed", "failed"),
    Outcome.ERROR: ("errored", "could not be calculated"),
    Outcome.NOT_EVALUATED: ("not_evaluated", "was not evaluated"),
}


def _refusal(
    gate: Gate, check: Check, verdict: Verdict | None, fingerprints: Fingerprints, as_of: date
) -> Refusal | None:
    """Why the check does not allow a publication, or None when it does."""

    def refusal(reason: str, what: str, remedy: str) -> Refusal:
        return Refusal(gate, check.table, check.name, reason, f"{check.table}: {check.name} {what}. {remedy}")

    again = "Run `lifecycle run` again, so that the gates see the present data."
    if verdict is None:
        return refusal("did_not_run", "did not run", again)
    if verdict.outcome != Outcome.PASS and (verdict.is_blocking or verdict.outcome != Outcome.NOT_EVALUATED):
        reason, what = _NOT_PASSED[Outcome(verdict.outcome)]
        return refusal(reason, f"{what} ({verdict.message})", check.remedy)
    if verdict.check_definition != check.definition:
        return refusal("check_has_changed", "passed under an older definition", again)
    if gate is not Gate.RAW and verdict.as_of != as_of:
        return refusal("ran_for_other_as_of", f"passed for {verdict.as_of}, not for {as_of}", again)
    if verdict.data_fingerprint is None or verdict.data_fingerprint != fingerprints.of(check.tables):
        return refusal("ran_on_other_data", "passed on other data than the present", again)
    return None


def _undeclared(table: str) -> Refusal:
    return Refusal(
        Gate.MARTS,
        table,
        UNDECLARED,
        "undeclared",
        f"{table}: no suite examines it. Declare it in quality/suites, then run again.",
    )
