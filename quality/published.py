"""What readers of the marts see of the verdicts: those the generation rests on, and those of the runs before it.

Which columns the tables have, what they say and what identifies a row is declared in
`orchestration/publish/quality_tables.py`; the verdicts themselves are the business of `verdicts.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from quality.verdicts import TABLE, latest_verdicts

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

RUNS_SHOWN = 30


def data_quality_rows(connection: DuckDBPyConnection) -> list[dict[str, object]]:
    """The rows of `marts.data_quality`: one row per check of the latest evaluation of each gate.

    Args:
        connection: an open connection to the warehouse.

    Returns:
        Rows with gate, table, check, severity, outcome, is_blocking, observed, threshold, message, unexpected_count,
        row_count, quarantined_count, run_id, as_of and batch.
    """
    quarantined = _quarantined_by_table(connection)
    return [
        {
            "gate": verdict.gate,
            "table": verdict.table_name,
            "check": verdict.check_name,
            "severity": verdict.severity,
            "outcome": verdict.outcome,
            "is_blocking": verdict.is_blocking,
            "observed": verdict.observed,
            "threshold": verdict.threshold,
            "message": verdict.message,
            "unexpected_count": verdict.unexpected_count,
            "row_count": verdict.row_count,
            "quarantined_count": quarantined.get(verdict.table_name),
            "run_id": verdict.run_id,
            "as_of": verdict.as_of,
            "batch": verdict.batch,
        }
        for verdict in latest_verdicts(connection)
    ]


def data_quality_history(connection: DuckDBPyConnection) -> pa.Table:
    """The rows of `marts.data_quality_history`: one row per check and run, of the last runs of each gate.

    A run that was stopped is among them: what stopped it is what a reader of the history looks for.

    Args:
        connection: an open connection to a warehouse with a table of verdicts.
    """
    return connection.execute(
        f"""
        with evaluations as (
            select gate, evaluation from {TABLE}
            group by gate, evaluation
            qualify row_number() over (partition by gate order by evaluation desc) <= {RUNS_SHOWN}
        )

        select
            run_id,
            gate,
            table_name as "table",
            check_name as "check",
            severity,
            outcome,
            is_blocking,
            observed,
            threshold,
            unexpected_count,
            row_count,
            batch,
            evaluated_at,
            as_of
        from {TABLE} semi join evaluations using (gate, evaluation)
        order by evaluation, "table", "check"
        """
    ).to_arrow_table()


def gate_runs(connection: DuckDBPyConnection) -> dict[str, str]:
    """The run that evaluated each gate last: with the gate it names the verdicts a publication now rests on."""
    return {verdict.gate: verdict.run_id for verdict in latest_verdicts(connection)}


def _quarantined_by_table(connection: DuckDBPyConnection) -> dict[str, int]:
    rows: Iterable[tuple[str, int]] = connection.execute(
        "select 'raw_' || source || '.' || entity, open_count + waiting_count from quarantine.balance"
    ).fetchall()
    return dict(rows)
