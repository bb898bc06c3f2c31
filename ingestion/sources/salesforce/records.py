"""Pure helpers: a raw table as query, the currency of records that carry none. No requests, no state."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from ingestion.sources.model import RawTable, Record, Window
from ingestion.sources.salesforce.settings import CURRENCY, OBJECTS


def query_of(table: RawTable, window: Window, left_out: Collection[str] = ()) -> str:
    """The query for the records of a table that changed within a window, in the order in which they did.

    Args:
        table: the raw table.
        window: when the records changed.
        left_out: fields the organisation does not have.
    """
    fields = ", ".join(name for name in object_fields(table) if name not in left_out)
    conditions = []
    if window.since:
        conditions.append(f"SystemModstamp >= {_literal(window.since)}")
    if window.until:
        conditions.append(f"SystemModstamp < {_literal(window.until)}")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {fields} FROM {OBJECTS[table.name]}{where} ORDER BY SystemModstamp, Id"


def object_fields(table: RawTable) -> list[str]:
    """The object's fields a table needs."""
    return [field.pointer.removeprefix("/") for field in table.fields]


def with_currency(records: Sequence[Record], currency: str | None) -> list[Record]:
    """The records of an organisation with one currency, with that currency."""
    return [{**record, CURRENCY: currency} for record in records]


def _literal(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{instant.microsecond // 1000:03d}Z"
