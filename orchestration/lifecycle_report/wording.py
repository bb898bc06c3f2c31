"""How values are written in the languages of the report: numbers, dates, and slugs as words.

The labels of lifecycle stages are not here: the marts hold them themselves (`lifecycle_stages`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, format_percent

from orchestration.lifecycle_report.model import Kind, Text
from orchestration.lifecycle_report.vocabulary import vocabulary

if TYPE_CHECKING:
    from orchestration.lifecycle_report.model import Language

NOTHING = "–"
_YES = Text("yes", "ja")
_NO = Text("no", "nein")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes values in one language.

    Args:
        language: which.
        currency: reporting currency of amounts, ISO 4217.
    """

    language: Language
    currency: str

    def written(self, kind: Kind, value: Any) -> str:  # noqa: ANN401
        """The value for a reader; a dash where there is none."""
        if value is None:
            return NOTHING
        if kind is Kind.NAME:
            return self.name(str(value))
        if kind in (Kind.DAY, Kind.MONTH):
            return self._day(kind, value)
        if kind is Kind.FLAG:
            return _YES.in_language(self.language) if value else _NO.in_language(self.language)
        if kind is Kind.TEXT:
            return str(value)
        return self._number(kind, value)

    def name(self, slug: str) -> str:
        """The words for a slug; an unknown one is the company's own and shown as it is."""
        known = vocabulary().get(slug)
        return known.in_language(self.language) if known else slug

    def _day(self, kind: Kind, value: date) -> str:
        return format_date(value, "MMM y" if kind is Kind.MONTH else "medium", locale=self.language.value)

    def _number(self, kind: Kind, value: float) -> str:
        locale = self.language.value
        if kind is Kind.RATE:
            return str(format_percent(value, "#,##0.0 %", locale=locale))
        if kind is Kind.AMOUNT:
            # No decimals from 1,000 on: they tell nobody anything and make columns wide.
            pattern = "#,##0 ¤" if abs(value) >= 1000 else "#,##0.00 ¤"
            return str(format_currency(value, self.currency, pattern, locale=locale, currency_digits=False))
        pattern = {Kind.COUNT: "#,##0", Kind.DAYS: "#,##0.0"}.get(kind, "#,##0.##")
        return str(format_decimal(value, pattern, locale=locale))


def machine_readable(value: Any) -> str:  # noqa: ANN401
    """The value as programs read it: ISO dates, points in numbers, nothing for null."""
    return "" if value is None else str(value)
