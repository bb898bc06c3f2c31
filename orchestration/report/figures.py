"""Figures of the warehouse for the run report: rows at every border, what is in quarantine, what sources deliver.

Reads the warehouse; only the run that holds it may ask.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ingestion.warehouse import connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings
    from orchestration.run_context import RunContext

_QUARANTINE = """
select source, entity, reason, count(*) from quarantine.rows where state in ('open', 'waiting')
group by all order by 4 desc, 1, 2, 3 limit 20
"""
_DELIVERIES = """
with days as (
    select source, entity, loaded_at::date as loaded_on, max(loaded_at) as loaded_at
    from ops.loads where status = 'loaded' and accepted_count > 0 and released_from is null group by all
), gaps as (
    select *, date_diff('hour', lag(loaded_at) over (partition by source, entity order by loaded_at), loaded_at) as gap
    from days
)
-- A rhythm is known once a weekend has passed: a week lies between the first and the last delivery.
select
    source, entity, max(loaded_at),
    case when count(gap) >= 3 and max(loaded_on) - min(loaded_on) >= 7 then median(gap) end,
    max(gap) filter (where loaded_on >= last_loaded_on - 365)
from (select *, max(loaded_on) over (partition by source, entity) as last_loaded_on from gaps)
group by source, entity order by source, entity
"""
# Balances exactly: rows judged again are delivered once, and a discarded row is still a delivered one.
_LOADED_TOTALS = """
select
    coalesce(sum(delivered_count), 0)::bigint, coalesce(sum(accepted_count), 0)::bigint,
    coalesce(sum(open_count + waiting_count), 0)::bigint, coalesce(sum(discarded_count), 0)::bigint,
    coalesce(sum(unchanged_count), 0)::bigint
from quarantine.balance
"""


def read_figures(settings: Settings, context: RunContext) -> dict[str, Any]:
    """Borders, quarantine and deliveries, for the run's date."""
    with connect(settings, read_only=True) as connection:
        tables = {
            (schema, table): rows
            for schema, table, rows in connection.execute(
                "select schema_name, table_name, estimated_size from duckdb_tables() where not internal "
                "union all select schema_name, view_name, null from duckdb_views() where schema_name = 'quarantine'"
            ).fetchall()
        }
        return {
            "as_of": str(context.as_of),
            "borders": _borders(connection, tables),
            "quarantine": _quarantine(connection, tables),
            "deliveries": _deliveries(connection, tables),
        }


def _borders(connection: DuckDBPyConnection, tables: dict[tuple[str, str], int]) -> dict[str, int]:
    borders: dict[str, int] = {}
    if ("quarantine", "balance") in tables:
        totals = connection.execute(_LOADED_TOTALS).fetchall()[0]
        borders |= dict(zip(("delivered", "accepted", "quarantined", "discarded", "unchanged"), totals, strict=True))
    borders["raw"] = _rows(connection, [key for key in tables if key[0].startswith("raw_")])
    borders["conformed"] = _rows(connection, [key for key in tables if key[0] == "conformed"])
    borders["touchpoints"] = _rows(connection, [key for key in tables if key == ("lifecycle", "touchpoints")])
    borders["people"] = _rows(connection, [key for key in tables if key == ("marts", "customer_profile")])
    borders["marts"] = _rows(connection, [key for key in tables if key[0] == "marts"])
    return borders


def _rows(connection: DuckDBPyConnection, tables: list[tuple[str, str]]) -> int:
    counts = (connection.execute(f'select count(*) from "{one}"."{two}"').fetchall()[0][0] for one, two in tables)
    return sum(counts)


def _quarantine(connection: DuckDBPyConnection, tables: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    if ("quarantine", "rows") not in tables:
        return []
    return [
        {"source": source, "entity": entity, "reason": reason, "rows": rows}
        for source, entity, reason, rows in connection.execute(_QUARANTINE).fetchall()
    ]


def _deliveries(connection: DuckDBPyConnection, tables: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    if ("quarantine", "balance") not in tables:
        return []
    return [
        {
            "source": source,
            "entity": entity,
            "last_new_rows_at": at.isoformat(),
            "usual_gap_hours": usual,
            "longest_gap_hours": longest,
        }
        for source, entity, at, usual, longest in connection.execute(_DELIVERIES).fetchall()
    ]
