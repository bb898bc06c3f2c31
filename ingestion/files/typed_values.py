"""Reading columns a file holds in a type of its own (Parquet), without a detour through text where that loses nothing.

A typed column the contract's type has no direct way for becomes text and is read as CSV text is (`values.py`).
"""

from __future__ import annotations

import re

from ingestion.contract import Column, ValueType
from ingestion.files import times

_INTEGERS = re.compile(r"^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$")
_FLOATS = ("DOUBLE", "FLOAT")
_NAIVE_TIMES = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS")
_AWARE_TIME = "TIMESTAMP WITH TIME ZONE"


def as_text(delivered: str, delivered_type: str) -> str:
    """SQL of a value as text; whole floats lose their `.0`, nested values become JSON."""
    if delivered_type == "VARCHAR":
        return delivered
    if delivered_type in _FLOATS:
        whole = f"isfinite({delivered}) and {delivered} = trunc({delivered}) and abs({delivered}) < 1e15"
        return (
            f"case when {whole} then cast(cast({delivered} as bigint) as varchar) else cast({delivered} as varchar) end"
        )
    if delivered_type.endswith(("[]", ")")) and not delivered_type.startswith(("DECIMAL", "ENUM")):
        return f"cast(to_json({delivered}) as varchar)"
    return f"cast({delivered} as varchar)"


def typed_value(column: Column, value: str, delivered_type: str, timezone: str) -> tuple[str, str | None] | None:
    """SQL of value and loss flag of a column the file holds in a type of its own; None when it goes the way of text.

    Args:
        column: the contract's column.
        value: SQL of the delivered value.
        delivered_type: its DuckDB type.
        timezone: business time zone, for times without an offset.
    """
    if column.type is ValueType.TIMESTAMP:
        return _typed_timestamp(value, delivered_type, timezone)
    if column.type is ValueType.DATE:
        return _typed_date(value, delivered_type, timezone)
    if column.type in (ValueType.AMOUNT, ValueType.NUMBER, ValueType.INTEGER):
        return _typed_number(column, value, delivered_type)
    if column.type is ValueType.BOOLEAN and delivered_type == "BOOLEAN":
        return value, None
    if column.type is ValueType.JSON and delivered_type.startswith(("STRUCT", "MAP")):
        return f"to_json({value})", None
    return None


def _typed_timestamp(value: str, delivered_type: str, timezone: str) -> tuple[str, str | None] | None:
    if delivered_type == _AWARE_TIME:
        return times.within_years(value, delivered_type, times.utc_of_aware(value)), None
    if delivered_type in _NAIVE_TIMES:
        naive = f"try_cast({value} as timestamp)"
        return times.within_years(naive, "timestamp", times.utc_of_local(naive, timezone)), f"{value} is not null"
    if delivered_type == "DATE":
        midnight = times.utc_of_local(f"cast({value} as timestamp)", timezone)
        return times.within_years(value, "date", midnight), f"{value} is not null"
    return None


def _typed_date(value: str, delivered_type: str, timezone: str) -> tuple[str, str | None] | None:
    if delivered_type == "DATE":
        return times.within_years(value, "date", value), None
    if delivered_type in _NAIVE_TIMES:
        naive = f"try_cast({value} as timestamp)"
        return times.within_years(naive, "timestamp", times.date_from_timestamp(naive)), None
    if delivered_type == _AWARE_TIME:
        return times.within_years(value, delivered_type, times.date_from_aware(value, timezone)), None
    return None


def _typed_number(column: Column, value: str, delivered_type: str) -> tuple[str, str | None] | None:
    is_integer = bool(_INTEGERS.match(delivered_type))
    is_decimal = delivered_type.startswith("DECIMAL")
    if not (is_integer or is_decimal or delivered_type in _FLOATS):
        return None
    cast = f"try_cast({value} as {column.type.duckdb})"
    if column.type is ValueType.INTEGER and not is_integer:
        return f"case when {value} = trunc({value}) then {cast} end", None
    if column.type is ValueType.NUMBER and delivered_type in _FLOATS:
        return f"case when isfinite({value}) then {cast} end", None
    if column.type is ValueType.AMOUNT and is_decimal:
        return cast, f"coalesce({cast} <> {value}, false)"
    return cast, None
