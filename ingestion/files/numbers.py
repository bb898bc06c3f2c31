"""Reading numbers out of text, also where a German export wrote decimal commas and thousands points.

A number is never guessed: `1.234` in a file whose other numbers do not show whether the point is a decimal or a
thousands point goes to quarantine. Ranges and storage types belong to `values.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PLAIN = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
_COMMA = r"[+-]?\d+,\d+"
_GROUPED_COMMA = r"[+-]?\d{1,3}(\.\d{3})+,\d+"
_GROUPED = r"[+-]?\d{1,3}(\.\d{3}){2,}"
_AMBIGUOUS = r"[+-]?[1-9]\d{0,2}\.\d{3}"


class PointMeaning(StrEnum):
    """What `1.234` means in a file."""

    DECIMAL = "decimal"
    THOUSANDS = "thousands"
    UNKNOWN = "unknown"


def point_meaning(connection: DuckDBPyConnection, relation: str, numbers: Sequence[str]) -> PointMeaning:
    """Decide from all numbers of a file delimited by `;` what a lone point before three digits means.

    Args:
        connection: where `relation` can be read.
        relation: the file's rows.
        numbers: SQL of the file's number columns, as text.
    """
    if not numbers:
        return PointMeaning.UNKNOWN
    commas = " or ".join(f"coalesce(bool_or(contains({number}, ',')), false)" for number in numbers)
    points = " or ".join(
        f"coalesce(bool_or(regexp_full_match(trim({number}), '{PLAIN}') and contains({number}, '.')"
        f" and not regexp_full_match(trim({number}), '{_AMBIGUOUS}')), false)"
        for number in numbers
    )
    has_commas, has_points = connection.execute(f"select {commas}, {points} from {relation}").fetchone()
    if has_commas == has_points:
        return PointMeaning.UNKNOWN
    return PointMeaning.THOUSANDS if has_commas else PointMeaning.DECIMAL


def plain_number(text: str, meaning: PointMeaning | None) -> str:
    """SQL that turns a text into a plain number text with a decimal point, null when it is not a number.

    Args:
        text: SQL of the trimmed text.
        meaning: what a lone point means where decimal commas are allowed; None where they are not.
    """
    if meaning is None:
        return f"case when regexp_full_match({text}, '{PLAIN}') then {text} end"
    ambiguous = {
        PointMeaning.DECIMAL: text,
        PointMeaning.THOUSANDS: f"replace({text}, '.', '')",
        PointMeaning.UNKNOWN: "null",
    }[meaning]
    return (
        f"case when {text} is null then null"
        f" when regexp_full_match({text}, '{_AMBIGUOUS}') then {ambiguous}"
        f" when regexp_full_match({text}, '{PLAIN}') then {text}"
        f" when regexp_full_match({text}, '{_COMMA}') then replace({text}, ',', '.')"
        f" when regexp_full_match({text}, '{_GROUPED_COMMA}') then replace(replace({text}, '.', ''), ',', '.')"
        f" when regexp_full_match({text}, '{_GROUPED}') then replace({text}, '.', '') end"
    )


def number_hint(meaning: PointMeaning | None) -> str:
    """How a number has to be written in this file, for the reason of a quarantined row."""
    if meaning is None:
        return "write it like 1234.50, with a decimal point and nothing else"
    hint = "write it like 1234,50 or 1.234,50 or 1234.50"
    if meaning is PointMeaning.UNKNOWN:
        hint += "; nothing in this file shows whether 1.234 is a thousand or a fraction, so write 1234 or 1,234"
    return hint
