"""Released rows a later delivery has overtaken: they go back to quarantine, so that an old row never hides a newer one.

Staging lets the last load of a key win. A row released today was delivered before what came since, but its load is the
newest. Where `updated_at` tells the versions apart it may enter; where it cannot, the row stays out and is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.files import sql
from ingestion.raw import FILES_SCHEMA, FILES_SOURCE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.contract import Entity
    from ingestion.files.delivery import Delivery

REASON = (
    "{key} was delivered again later, and that row stands: discard this one, or deliver it in a new file if it is to "
    "replace the later row"
)
_OVERTAKEN = "inbox_overtaken_rows"

# Rows judged again, even more than once, are as old as the load that first brought them.
_AGES = """
with recursive ages as (
    select load_seq, load_seq as age from ops.loads where released_from is null
    union all
    select loads.load_seq, ages.age from ops.loads as loads join ages on loads.released_from = ages.load_seq
)
"""


def return_overtaken(
    connection: DuckDBPyConnection,
    entity: Entity,
    file_name: str,
    delivery: Delivery,
    load_seq: int,
    released_from: int,
) -> int:
    """Take accepted rows whose key a later load has brought out of the raw table and back to quarantine.

    Args:
        connection: the connection of the transaction that judges them.
        entity: of the rows.
        file_name: file the rows came in.
        delivery: the released rows; its row numbers are those of the raw table.
        load_seq: load they were accepted in; not in `ops.loads` yet.
        released_from: load they were quarantined in.

    Returns:
        How many rows went back.
    """
    table = f"{FILES_SCHEMA}.{sql.name(entity.table)}"
    same_key = " and ".join(f"later.{sql.name(name)} is not distinct from mine.{sql.name(name)}" for name in entity.key)
    hides = "coalesce(later.updated_at = mine.updated_at, true)" if entity.has_versions else "true"
    connection.execute(
        f"create or replace temp table {_OVERTAKEN} as {_AGES} select mine._row_number as overtaken_number "
        f"from {table} as mine where mine._load_seq = $load_seq and exists (select 1 from {table} as later "
        f"join ages on ages.load_seq = later._load_seq where {same_key} and {hides} "
        "and ages.age > (select age from ages where load_seq = $released_from))",
        {"load_seq": load_seq, "released_from": released_from},
    )
    count = connection.execute(
        "insert into quarantine.rejected_rows "
        "(load_seq, source, entity, file_name, row_number, column_name, reason, row_json, quarantined_at) "
        f"select {load_seq}, '{FILES_SOURCE}', '{entity.table}', {sql.literal(file_name)}, {delivery.row_number}, "
        f"{sql.literal(entity.key[0])}, {sql.literal(REASON.format(key=' and '.join(entity.key)))}, "
        f"{delivery.row_json}, cast(now() as timestamp) from {delivery.relation} "
        f"where {delivery.row_number} in (select overtaken_number from temp.{_OVERTAKEN})"
    ).fetchall()[0][0]
    connection.execute(
        f"delete from {table} where _load_seq = {load_seq} "
        f"and _row_number in (select overtaken_number from temp.{_OVERTAKEN})"
    )
    connection.execute(f"drop table temp.{_OVERTAKEN}")
    return int(count)
