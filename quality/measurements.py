"""The memory of measured figures: what was usual, so that the next run can be compared with it without reading again.

One row per check, category and batch in `ops.quality_measurements`; a batch is a load, or a run; `evaluation` tells
which was stored later, whatever the clock says. A figure that lay out of bounds is kept, but never becomes what is
usual, unless a person accepts it with a reason. How far a figure may lie from its history is decided in `bands.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from quality.checks import Check, CheckKey, Unit

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TABLE = "ops.quality_measurements"

_COLUMNS = {
    "run_id": "varchar",
    "gate": "varchar",
    "table_name": "varchar",
    "check_name": "varchar",
    "category": "varchar",
    "batch": "varchar",
    "as_of": "date",
    "value": "double",
    "sample_size": "bigint",
    "is_judged": "boolean",
    "is_usual": "boolean",
    "evaluation": "bigint",
}
_PRESENT = ", ".join(_COLUMNS)
# What an earlier evaluation of the gate found out of bounds is over: what still is was found again.
_IS_OPEN = f"not is_usual and (gate, evaluation) in (select gate, max(evaluation) from {TABLE} group by gate)"
# Older figures say little about what is usual now.
_MOST_MEASUREMENTS = 60


class NothingToAcceptError(LifecycleError):
    """No figure of that check lies out of bounds; the message says which do."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """One measured figure.

    Args:
        key: table and name of the check.
        category: what the figure is about within the check: a column, a stage, a channel; empty for the whole.
        batch: the load it is about, or the run.
        value: the figure; None when there were too few rows.
        sample_size: rows it was calculated from.
        is_judged: whether it was compared with its history.
        is_usual: whether it may become history.
    """

    key: CheckKey
    category: str
    batch: str
    value: float | None
    sample_size: int | None
    is_judged: bool
    is_usual: bool = True


@dataclass(slots=True)
class History:
    """The earlier figures of one check.

    Args:
        usual: figures that were in bounds, by category and batch.
        accepted: figures a person accepted, by category.
        batches: all batches there are figures of.
    """

    usual: dict[str, dict[str, float]] = field(default_factory=dict)
    accepted: dict[str, list[float]] = field(default_factory=dict)
    batches: set[str] = field(default_factory=set)


def create_measurement_table(connection: DuckDBPyConnection) -> None:
    """Create `ops.quality_measurements` when it is missing. Calling it again changes nothing."""
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    connection.execute("create schema if not exists ops")
    connection.execute(f"create table if not exists {TABLE} ({columns}, accepted_reason varchar)")


def has_measurement_table(connection: DuckDBPyConnection) -> bool:
    """Whether `ops.quality_measurements` is there."""
    found = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'ops' and table_name = 'quality_measurements'"
    ).fetchone()
    return found is not None


def history_of(connection: DuckDBPyConnection, check: Check, run_id: str, as_of: date) -> History:
    """What a check with a band found before.

    Args:
        connection: an open connection.
        check: the check.
        run_id: the present run, which is no history of itself.
        as_of: the date of the present run. Of runs, only those that looked at the world from this day or an earlier
            one count, each day once; loads count whenever they came.
    """
    band = check.band
    if band is None:
        return History()
    by_run = band.unit is Unit.RUN
    where = "run_id <> $run_id and as_of between $first_day and $as_of" if by_run else "true"
    if by_run and band.is_by_weekday:
        where += " and (dayofweek(as_of) = dayofweek($as_of) or accepted_reason is not null)"
    parameters: dict[str, object] = {"table": check.table, "check": check.name, "most": _MOST_MEASUREMENTS}
    if by_run:
        parameters |= {"run_id": run_id, "as_of": as_of, "first_day": as_of - timedelta(days=band.window_days)}
    rows = connection.execute(
        f"""select category, batch, value, accepted_reason is not null
        from {TABLE}
        where table_name = $table and check_name = $check and is_usual and value is not null and {where}
        qualify row_number() over (
                partition by category, {"as_of" if by_run else "batch"} order by evaluation desc
            ) = 1
            and dense_rank() over (partition by category order by as_of desc, evaluation desc, batch desc) <= $most
        """,
        parameters,
    ).fetchall()
    found = History()
    for category, batch, value, is_accepted in rows:
        found.batches.add(batch)
        if is_accepted:
            found.accepted.setdefault(category, []).append(value)
        else:
            found.usual.setdefault(category, {})[batch] = value
    return found


def store_measurements(
    connection: DuckDBPyConnection, gate: str, run_id: str, as_of: date, measurements: Sequence[Measurement]
) -> None:
    """Remember the figures of one gate in one run; earlier figures about the same batches are replaced.

    Args:
        connection: an open, writable connection; the caller holds the transaction.
        gate: the gate.
        run_id: the run.
        as_of: the date of the run.
        measurements: what was measured.
    """
    if not measurements:
        return
    columns: dict[str, list[object]] = {
        "table_name": [one.key[0] for one in measurements],
        "check_name": [one.key[1] for one in measurements],
        "category": [one.category for one in measurements],
        "batch": [one.batch for one in measurements],
        "value": [one.value for one in measurements],
        "sample_size": [one.sample_size for one in measurements],
        "is_judged": [one.is_judged for one in measurements],
        "is_usual": [one.is_usual for one in measurements],
    }
    unnested = ", ".join(f"unnest($n_{name}::{_COLUMNS[name]}[]) as {name}" for name in columns)
    connection.execute(
        f"create or replace temp table measured as select {unnested}",
        {f"n_{name}": values for name, values in columns.items()},
    )
    connection.execute(
        f"""delete from {TABLE} using measured
        where {TABLE}.table_name = measured.table_name and {TABLE}.check_name = measured.check_name
            and {TABLE}.batch = measured.batch"""
    )
    connection.execute(
        f"""insert into {TABLE} ({_PRESENT})
        select $run_id, $gate, table_name, check_name, category, batch, $as_of, value, sample_size, is_judged,
            is_usual, (select coalesce(max(evaluation), 0) + 1 from {TABLE})
        from measured""",
        {"run_id": run_id, "gate": gate, "as_of": as_of},
    )
    connection.execute("drop table measured")


def accept_measurements(connection: DuckDBPyConnection, table: str, check: str, reason: str) -> int:
    """Declare what the last evaluation of a check found out of bounds right: from now on, bounds reach as far as it.

    Args:
        connection: an open, writable connection.
        table: `schema.table` of the check.
        check: name of the check.
        reason: why they are right; kept beside them.

    Returns:
        How many figures were accepted.

    Raises:
        NothingToAcceptError: when its last evaluation found no figure out of bounds.
    """
    create_measurement_table(connection)
    accepted = connection.execute(
        f"""update {TABLE} set is_usual = true, accepted_reason = ?
        where table_name = ? and check_name = ? and {_IS_OPEN}
        returning category""",
        [reason, table, check],
    ).fetchall()
    if not accepted:
        waiting = _listed(unusual_checks(connection))
        raise NothingToAcceptError(f"No figure of {check} on {table} lies out of its bounds. Out of bounds: {waiting}.")
    return len(accepted)


def unusual_checks(connection: DuckDBPyConnection) -> list[CheckKey]:
    """Checks whose last evaluation found a figure out of bounds that nobody has accepted."""
    if not has_measurement_table(connection):
        return []
    return connection.execute(
        f"select distinct table_name, check_name from {TABLE} where {_IS_OPEN} order by all"
    ).fetchall()


def _listed(keys: Iterable[CheckKey]) -> str:
    return ", ".join(f"{table} {check}" for table, check in keys) or "nothing"
