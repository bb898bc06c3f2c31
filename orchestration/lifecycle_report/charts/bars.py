"""Horizontal bars: how much of what, in the order of the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.lifecycle_report.charts.svg import WIDTH, frame, label, legend, rectangle

if TYPE_CHECKING:
    from markupsafe import Markup

    from orchestration.lifecycle_report.model import Bars, Panel, Rows
    from orchestration.lifecycle_report.wording import Writer

_LEFT = 210
_RIGHT = 90
_THICK = 14
_GAP = 8


def draw_bars(panel: Panel, chart: Bars, rows: Rows, writer: Writer) -> Markup:
    """One bar per value in each row; the scale starts at 0."""
    columns = [panel.column(name) for name in chart.values]
    largest = max((float(row[column.name] or 0) for row in rows for column in columns), default=0) or 1
    kind = panel.column(chart.category).kind
    step = _THICK * len(columns) + _GAP
    marks = []
    for index, row in enumerate(rows):
        top = index * step + _GAP / 2
        name = writer.written(kind, row[chart.category])
        marks.append(label(name, _LEFT - 8, top + _THICK * len(columns) / 2 + 4, anchor="end", room=32))
        for number, column in enumerate(columns):
            value, y = row[column.name], top + number * _THICK
            length = float(value or 0) / largest * (WIDTH - _LEFT - _RIGHT)
            words = writer.written(column.kind, value)
            tip = f"{name}, {column.label.in_language(writer.language)}: {words}"
            marks.append(rectangle(_LEFT, y + 1, length, _THICK - 2, f"fill s{number}", tip))
            marks.append(label(words, _LEFT + length + 5, y + _THICK - 3, css="small"))
    names = [column.label.in_language(writer.language) for column in columns]
    return frame(panel, writer, len(rows) * step + _GAP / 2, marks) + legend(names)
