"""The books of the quarantine: decisions, the state of every row, the balance per entity, what is bearable.

`quarantine.rejected_rows` says what a delivery brought and is never changed. What became of its rows since is the
latest row of `quarantine.decisions` for each; the views derive everything else. `ingestion/raw.py` creates all of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SHARE_ALLOWED = 0.2
ROWS_ALLOWED = 20

DECISIONS_COLUMNS = {
    "decision_id": "bigint",
    "load_seq": "bigint",
    "row_number": "bigint",
    "is_line": "boolean",
    "action": "varchar",
    "reason": "varchar",
    "corrections": "json",
    "decided_at": "timestamp",
    "judged_load_seq": "bigint",
    "decision_key": "varchar",
}

# A line that could not be split into values has no column; its number counts lines, not rows.
_ROWS = """
create or replace view quarantine.rows as
with latest as (
    select *
    from quarantine.decisions
    qualify decision_id = max(decision_id) over (partition by load_seq, row_number, is_line)
)
select
    rejected_rows.load_seq || if(rejected_rows.column_name is null, ':line-', ':')
        || rejected_rows.row_number as row_id,
    case
        when latest.action = 'discard' then 'discarded'
        when latest.action = 'release' and latest.judged_load_seq is null then 'waiting'
        when latest.action = 'release' then 'released'
        else 'open'
    end as state,
    rejected_rows.load_seq,
    rejected_rows.row_number,
    rejected_rows.column_name is null as is_line,
    rejected_rows.source,
    rejected_rows.entity,
    rejected_rows.file_name,
    rejected_rows.column_name,
    rejected_rows.reason,
    rejected_rows.row_json,
    rejected_rows.quarantined_at,
    latest.decision_id,
    latest.reason as decision_reason,
    latest.corrections,
    latest.decided_at,
    latest.judged_load_seq
from quarantine.rejected_rows
left join latest
    on latest.load_seq = rejected_rows.load_seq
    and latest.row_number = rejected_rows.row_number
    and latest.is_line = (rejected_rows.column_name is null)
"""

# Rows judged again are no new deliveries: delivered = accepted + unchanged + open + waiting + discarded.
_BALANCE = """
create or replace view quarantine.balance as
with loaded as (
    select
        source,
        entity,
        sum(delivered_count) filter (where released_from is null) as delivered_count,
        sum(accepted_count) as accepted_count,
        sum(coalesce(unchanged_count, 0)) as unchanged_count,
        sum(quarantined_count) as quarantined_count
    from ops.loads
    where status = 'loaded'
    group by source, entity
),
decided as (
    select
        source,
        entity,
        count(*) filter (where state = 'waiting') as waiting_count,
        count(*) filter (where state = 'discarded') as discarded_count,
        count(*) filter (where state = 'released') as released_count
    from quarantine.rows
    where state <> 'open'
    group by source, entity
)
select
    loaded.source,
    loaded.entity,
    loaded.delivered_count::bigint as delivered_count,
    loaded.accepted_count::bigint as accepted_count,
    loaded.unchanged_count::bigint as unchanged_count,
    (
        loaded.quarantined_count - coalesce(decided.waiting_count, 0) - coalesce(decided.discarded_count, 0)
        - coalesce(decided.released_count, 0)
    )::bigint as open_count,
    coalesce(decided.waiting_count, 0) as waiting_count,
    coalesce(decided.discarded_count, 0) as discarded_count,
    coalesce(decided.released_count, 0) as released_count
from loaded
left join decided using (source, entity)
"""


def create_books(connection: DuckDBPyConnection) -> None:
    """Create the views and what is bearable by default; needs `ops.loads` and the tables of the quarantine.

    Args:
        connection: an open, writable connection to the warehouse.
    """
    connection.execute(_ROWS)
    connection.execute(_BALANCE)
    connection.execute("create table if not exists quarantine.limits (share_allowed double, rows_allowed bigint)")
    if connection.execute("select count(*) from quarantine.limits").fetchone() == (0,):
        connection.execute("insert into quarantine.limits values (?, ?)", [SHARE_ALLOWED, ROWS_ALLOWED])


def set_limits(connection: DuckDBPyConnection, share_allowed: float, rows_allowed: int) -> None:
    """Write down what is bearable, where the first gate reads it.

    Args:
        connection: an open, writable connection to a warehouse with books.
        share_allowed: share of the delivered rows of an entity that may be open in quarantine.
        rows_allowed: open rows that never stop a run, whatever their share.
    """
    connection.execute(
        "update quarantine.limits set share_allowed = $share, rows_allowed = $rows "
        "where (share_allowed, rows_allowed) is distinct from ($share, $rows)",
        {"share": share_allowed, "rows": rows_allowed},
    )
