"""People: who they are, what they did and where they stand, against a copy in which they are resolved from nothing.

In the copy no table knows an earlier run, so that identity, touchpoints and stages come about as in a full refresh.
What is a figure of all customers together is copied as it is: a full refresh computes it from the tables compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingestion.warehouse import attach_warehouse, connect
from orchestration.identity.copied_people import copied_people
from orchestration.verification.comparison import Compared, compared

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

CHOSEN = "identifier_key in (from chosen)"
SAMPLE = {
    # The columns left out number groups within one resolution.
    "identity.customer_identifiers_map": "select identifier_key, identifier_type, identifier_value, customer_id"
    f" from {{table}} where {CHOSEN}",
    "lifecycle.touchpoints": f"from {{table}} where {CHOSEN}",
    "lifecycle.stage_stays": "from {table} where customer_id in"
    f" (select customer_id from {{identifiers}} where {CHOSEN})",
}
"""Rows of a sample of people by table. Rows of other people, named together with them, stay out."""


def compared_people(settings: Settings, count: int | None) -> Iterator[Compared]:
    """Compare everybody of so many evidence groups, or of all; which, changes with the date of the last run.

    Raises:
        CopyError: when dbt fails on the copy.
    """
    with attach_warehouse(settings) as connection:
        keys = [
            key
            for (key,) in connection.execute(
                "select min(identifier_key) from warehouse.identity.customer_identifiers_map,"
                " (select max(as_of) as as_of from warehouse.ops.run_context) group by evidence_group, as_of"
                " order by hash(min(identifier_key), as_of) limit ?",
                [count],
            ).fetchall()
        ]
    with copied_people(settings, keys, ()) as copy:
        chosen = list(copy.customers)
        tables = [table for table in SAMPLE if copy.has_stages or table.startswith("identity")]
        # Views name their database, which is called the same in both: each is asked in a connection of its own.
        with connect(copy.settings, read_only=True) as connection:
            _choose(connection, chosen)
            anew = {table: connection.execute(_sample(table)).to_arrow_table() for table in tables}
    with attach_warehouse(settings) as connection:
        connection.execute("use warehouse")
        _choose(connection, chosen)
        for table in tables:
            connection.register("resolved_anew", anew[table])
            yield compared(connection, table, _sample(table), "from resolved_anew")


def _choose(connection: DuckDBPyConnection, keys: list[str]) -> None:
    connection.execute("create temp table chosen as select unnest(?::varchar[]) as identifier_key", [keys])


def _sample(table: str) -> str:
    return SAMPLE[table].format(table=table, identifiers="identity.customer_identifiers_map")
