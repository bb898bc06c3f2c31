"""What a report is made of: sections with panels, each one question to the marts with its columns and its chart.

Values only; `reading.py` asks the questions, `charts/` draws the answers, `page.py` puts them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class Language(StrEnum):
    """Languages of the report."""

    EN = "en"
    DE = "de"


class Kind(StrEnum):
    """How a value is written."""

    TEXT = "text"
    NAME = "name"
    COUNT = "count"
    NUMBER = "number"
    RATE = "rate"
    AMOUNT = "amount"
    DAYS = "days"
    DAY = "day"
    MONTH = "month"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in every language of the report."""

    en: str
    de: str

    def in_language(self, language: Language) -> str:
        """The text in one language."""
        return self.de if language is Language.DE else self.en


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a panel's table.

    Args:
        name: its name in the query.
        label: its heading.
        kind: how its values are written; `name` looks slugs up in the vocabulary.
    """

    name: str
    label: Text
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars: one row per category, one bar per value; one picture per facet."""

    category: str
    values: tuple[str, ...]
    facet: str | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """Values over months: a line per value, or per series of one value; `low` and `high` make a band around it."""

    x: str
    values: tuple[str, ...]
    series: str | None = None
    facet: str | None = None
    low: str | None = None
    high: str | None = None


@dataclass(frozen=True, slots=True)
class Columns:
    """Stacked columns over months; the values in `downwards` are drawn below the axis."""

    x: str
    values: tuple[str, ...]
    downwards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heat:
    """A grid whose cells are the darker the larger the value; its table has the same shape."""

    row: str
    column: str
    value: str


@dataclass(frozen=True, slots=True)
class Sankey:
    """Streams from the sources on the left to the targets on the right, as thick as the value."""

    source: str
    target: str
    value: str


Chart = Bars | Lines | Columns | Heat | Sankey


@dataclass(frozen=True, slots=True)
class Panel:
    """One question and its answer.

    Args:
        key: its name in the page's addresses.
        title: heading.
        note: what is counted and what to mind.
        query: SQL over schema `marts`; `$language` is replaced by the language's code.
        columns: the query's columns, in their order.
        chart: the picture, if there is one.
    """

    key: str
    title: Text
    note: Text
    query: str
    columns: tuple[Column, ...]
    chart: Chart | None = None

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)


@dataclass(frozen=True, slots=True)
class Section:
    """Panels that belong together."""

    key: str
    title: Text
    panels: tuple[Panel, ...]


Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Answers:
    """What the published generation answered.

    Args:
        generation: its name.
        as_of: the date its marts look at the world from.
        currency: reporting currency.
        rows: rows by panel.
        missing: by panel without rows, the tables this generation lacks or holds with other columns.
    """

    generation: str
    as_of: str
    currency: str
    rows: Mapping[str, Rows]
    missing: Mapping[str, str]
