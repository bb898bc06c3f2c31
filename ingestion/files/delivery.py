"""A file made readable: a relation with the delivered columns, whatever the format was.

The formats' own modules (`csv_delivery.py`, `jsonl_delivery.py`, `parquet_delivery.py`) make one of these; from here on
nothing knows what the file was.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ingestion.files import sql

BROKEN_LINES = "inbox_broken_lines"
STAGED_ROWS = "inbox_staged_rows"


@dataclass(frozen=True, slots=True)
class DeliveredColumn:
    """SQL of a delivered value within the relation, and its DuckDB type."""

    sql: str
    type: str = "VARCHAR"


@dataclass(frozen=True, slots=True)
class Delivery:
    """The rows of one file, ready to be read by SQL.

    Args:
        relation: what stands behind `from`.
        row_number: SQL of the row's number in the file, from 1, the header not counted.
        columns: contract column name -> delivered value.
        row_json: SQL of the whole row as delivered, as JSON.
        row_count: rows in the relation.
        extra_json: SQL of the columns the contract lacks, as JSON; None when there are none.
        drift_columns: names of the columns the contract lacks, as delivered.
        broken_count: lines that are no rows at all, in the temporary table `BROKEN_LINES`
            (row_number bigint, reason varchar, line varchar).
        delimiter: what separated the values; None where nothing did.
    """

    relation: str
    row_number: str
    columns: dict[str, DeliveredColumn]
    row_json: str
    row_count: int
    extra_json: str | None = None
    drift_columns: tuple[str, ...] = field(default=())
    broken_count: int = 0
    delimiter: str | None = None

    @property
    def delivered_count(self) -> int:
        """Rows and broken lines together: everything the file brought."""
        return self.row_count + self.broken_count


def extra_json(extras: dict[str, str]) -> str | None:
    """SQL of a JSON object of the columns the contract lacks, null in rows where all are null.

    Args:
        extras: name -> SQL of the value.
    """
    if not extras:
        return None
    packed = ", ".join(f"{sql.literal(name)}: {value}" for name, value in extras.items())
    present = " or ".join(f"{value} is not null" for value in extras.values())
    return f"case when {present} then to_json({{{packed}}}) end"
