"""Puts sections, pictures and tables together to one HTML page that loads nothing.

What the page looks like stands in `templates/report.html.j2`; what it says in `content/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.lifecycle_report.charts import pictures
from orchestration.lifecycle_report.content import SECTIONS
from orchestration.lifecycle_report.model import Heat, Kind, Language, Text
from orchestration.lifecycle_report.wording import NOTHING, Writer, machine_readable

if TYPE_CHECKING:
    from markupsafe import Markup

    from orchestration.lifecycle_report.model import Answers, Panel, Rows

_TEMPLATE = Path(__file__).parent / "templates" / "report.html.j2"
_LEFT_ALIGNED = (Kind.TEXT, Kind.NAME, Kind.DAY, Kind.MONTH, Kind.FLAG)

_WORDS = {
    "heading": Text("Customer lifecycle report", "Bericht zum Kundenlebenszyklus"),
    "as_of": Text("As of", "Stichtag"),
    "generation": Text("generation", "Ausgabe"),
    "figures": Text(
        "All figures are sums over people; the report holds no personal data. A dash means that there is nothing to "
        "calculate the figure from.",
        "Alle Zahlen sind Summen über Menschen; der Bericht enthält keine personenbezogenen Daten. Ein Strich heißt, "
        "dass es nichts gibt, woraus die Zahl zu berechnen wäre.",
    ),
    "contents": Text("Contents", "Inhalt"),
    "table": Text("Table", "Tabelle"),
    "rows": Text("rows", "Zeilen"),
    "empty": Text("There is no data for this yet.", "Dafür gibt es noch keine Daten."),
    "missing": Text(
        "This generation was published by another version and cannot answer this; tables:",
        "Diese Ausgabe stammt von einer anderen Version und kann das nicht beantworten; Tabellen:",
    ),
}


@dataclass(frozen=True, slots=True)
class _Cell:
    written: str
    value: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class _Table:
    heads: list[_Cell]
    rows: list[list[_Cell]]


@dataclass(frozen=True, slots=True)
class _PanelView:
    key: str
    title: str
    note: str
    missing: str
    pictures: list[tuple[str, Markup]]
    table: _Table


def render(answers: Answers, language: Language) -> str:
    """The page in one language."""
    from jinja2 import Environment, StrictUndefined

    writer = Writer(language, answers.currency)
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    sections = [
        (section.key, section.title.in_language(language), [_view(panel, answers, writer) for panel in section.panels])
        for section in SECTIONS
    ]
    words = {name: text.in_language(language) for name, text in _WORDS.items()}
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    return template.render(language=language.value, words=words, answers=answers, sections=sections)


def _view(panel: Panel, answers: Answers, writer: Writer) -> _PanelView:
    rows = answers.rows.get(panel.key, [])
    return _PanelView(
        key=panel.key,
        title=panel.title.in_language(writer.language),
        note=panel.note.in_language(writer.language),
        missing=answers.missing.get(panel.key, ""),
        pictures=pictures(panel, rows, writer),
        table=_grid(panel, panel.chart, rows, writer) if isinstance(panel.chart, Heat) else _table(panel, rows, writer),
    )


def _table(panel: Panel, rows: Rows, writer: Writer) -> _Table:
    heads = [
        _Cell(column.label.in_language(writer.language), column.name, column.kind not in _LEFT_ALIGNED)
        for column in panel.columns
    ]
    return _Table(heads, [[_cell(column.kind, row[column.name], writer) for column in panel.columns] for row in rows])


def _grid(panel: Panel, chart: Heat, rows: Rows, writer: Writer) -> _Table:
    """The table of a grid has its shape: a row per side, a column per head, other columns beside the side."""
    side, head, value = (panel.column(name) for name in (chart.row, chart.column, chart.value))
    beside = [column for column in panel.columns if column.name not in (side.name, head.name, value.name)]
    names = list(dict.fromkeys(row[head.name] for row in rows))
    lines: dict[object, dict[object, object]] = {}
    for row in rows:
        line = lines.setdefault(row[side.name], {"beside": [row[column.name] for column in beside]})
        line[row[head.name]] = row[value.name]
    heads = [_Cell(column.label.in_language(writer.language), column.name, False) for column in (side, *beside)]
    heads += [_Cell(writer.written(head.kind, name), machine_readable(name), True) for name in names]
    body = [
        [
            _cell(side.kind, name, writer),
            *(_cell(column.kind, known, writer) for column, known in zip(beside, line["beside"], strict=True)),
            *(_cell(value.kind, line.get(head_name), writer) for head_name in names),
        ]
        for name, line in lines.items()
    ]
    return _Table(heads, body)


def _cell(kind: Kind, value: object, writer: Writer) -> _Cell:
    written = NOTHING if value is None else writer.written(kind, value)
    return _Cell(written, machine_readable(value), kind not in _LEFT_ALIGNED)
