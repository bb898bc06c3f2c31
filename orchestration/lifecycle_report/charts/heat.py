"""A grid of cells, the darker the larger the value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.lifecycle_report.charts.svg import WIDTH, frame, label, rectangle

if TYPE_CHECKING:
    from markupsafe import Markup

    from orchestration.lifecycle_report.model import Heat, Panel, Rows
    from orchestration.lifecycle_report.wording import Writer

_LEFT = 130
_TOP = 34
_CELL = 20
_SHADES = 10


def draw_heat(panel: Panel, chart: Heat, rows: Rows, writer: Writer) -> Markup:
    """The grid; a cell without a value stays empty."""
    heads = list(dict.fromkeys(row[chart.column] for row in rows))
    sides = list(dict.fromkeys(row[chart.row] for row in rows))
    largest = max((float(row[chart.value] or 0) for row in rows), default=0) or 1
    width = (WIDTH - _LEFT) / len(heads)
    head, side, value = (panel.column(name) for name in (chart.column, chart.row, chart.value))
    room = max(int(width / 6.2), 3)
    marks = [label(head.label.in_language(writer.language), WIDTH, 11, anchor="end", css="soft small")]
    for index, name in enumerate(heads):
        x = _LEFT + (index + 0.5) * width
        marks.append(label(writer.written(head.kind, name), x, _TOP - 8, anchor="middle", css="soft small", room=room))
    for index, name in enumerate(sides):
        y = _TOP + index * _CELL + 14
        marks.append(label(writer.written(side.kind, name), _LEFT - 8, y, anchor="end", css="small", room=20))
    for row in rows:
        if row[chart.value] is None:
            continue
        x, y = _LEFT + heads.index(row[chart.column]) * width, _TOP + sides.index(row[chart.row]) * _CELL
        words = writer.written(value.kind, row[chart.value])
        shade = round(float(row[chart.value]) / largest * _SHADES)
        places = f"{writer.written(side.kind, row[chart.row])}, {writer.written(head.kind, row[chart.column])}"
        marks.append(rectangle(x + 1, y + 1, width - 2, _CELL - 2, f"heat h{shade}", f"{places}: {words}"))
        marks.append(label(words, x + width / 2, y + 14, anchor="middle", css="tiny", room=room))
    return frame(panel, writer, _TOP + len(sides) * _CELL, marks)
