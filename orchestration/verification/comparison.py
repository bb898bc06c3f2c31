"""Two tables row by row: how many were compared, how many only one of them has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of comparing the sample of one table.

    Args:
        table: `schema.name`.
        row_count: rows of the sample as the runs have built them.
        differing_count: rows that only the runs or only a full refresh would build.
    """

    table: str
    row_count: int
    differing_count: int


def compared(connection: DuckDBPyConnection, table: str, built: str, anew: str) -> Compared:
    """Compare by content.

    Args:
        connection: where both can be read.
        table: what they are rows of.
        built: query for the rows the runs have built.
        anew: query for the rows of a full refresh; its columns may come in another order.
    """
    connection.execute(f"create or replace temp table built as {built}")
    connection.execute("create or replace temp table anew as from built limit 0")
    connection.execute(f"insert into anew by name select * from ({anew})")
    row_count, differing_count = connection.execute(
        "select (select count(*) from built), (select count(*) from (from built except all from anew))"
        " + (select count(*) from (from anew except all from built))"
    ).fetchall()[0]
    return Compared(table, row_count, differing_count)
