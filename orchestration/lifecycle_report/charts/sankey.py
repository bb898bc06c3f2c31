"""Streams between two sides, as thick as their value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import escape

from orchestration.lifecycle_report.charts.svg import SERIES, WIDTH, frame, label, rectangle

if TYPE_CHECKING:
    from markupsafe import Markup

    from orchestration.lifecycle_report.model import Panel, Rows, Sankey
    from orchestration.lifecycle_report.wording import Writer

_SIDE = 165
_NODE = 10
_HEIGHT = 460
_GAP = 9


def draw_sankey(panel: Panel, chart: Sankey, rows: Rows, writer: Writer) -> Markup:
    """Sources on the left, targets on the right, both in the order of what flows through them."""
    left = _totals(rows, chart.source, chart.value)
    right = _totals(rows, chart.target, chart.value)
    scale = (_HEIGHT - _GAP * max(len(left), len(right))) / (sum(left.values()) or 1)
    starts, ends = _tops(left, scale), _tops(right, scale)
    kind = panel.column(chart.source).kind
    value = panel.column(chart.value)
    marks, leaving, arriving = [], dict(starts), dict(ends)
    colours = {name: index % SERIES for index, name in enumerate(left)}
    order = list(right)
    for row in sorted(rows, key=lambda row: (list(left).index(row[chart.source]), order.index(row[chart.target]))):
        source, target, thick = row[chart.source], row[chart.target], float(row[chart.value] or 0) * scale
        y1, y2 = leaving[source] + thick / 2, arriving[target] + thick / 2
        leaving[source], arriving[target] = leaving[source] + thick, arriving[target] + thick
        words = writer.written(value.kind, row[chart.value])
        tip = f"{writer.written(kind, source)} → {writer.written(kind, target)}: {words}"
        marks.append(_stream(y1, y2, thick, colours[source], tip))
    for totals, tops, x in ((left, starts, _SIDE), (right, ends, WIDTH - _SIDE - _NODE)):
        for name, total in totals.items():
            middle = tops[name] + total * scale / 2 + 4
            words = writer.written(kind, name)
            tip = f"{words}: {writer.written(value.kind, total)}"
            marks.append(rectangle(x, tops[name], _NODE, max(total * scale, 1), "fill node", tip))
            is_left = x == _SIDE
            at = x - 6 if is_left else x + _NODE + 6
            marks.append(label(words, at, middle, anchor="end" if is_left else "start", css="small", room=27))
    return frame(panel, writer, _HEIGHT + _GAP, marks)


def _totals(rows: Rows, side: str, value: str) -> dict[str, float]:
    totals: dict[str, float] = {}
    for row in rows:
        totals[row[side]] = totals.get(row[side], 0) + float(row[value] or 0)
    return dict(sorted(totals.items(), key=lambda item: -item[1]))


def _tops(totals: dict[str, float], scale: float) -> dict[str, float]:
    tops, y = {}, _GAP / 2
    for name, total in totals.items():
        tops[name] = y
        y += total * scale + _GAP
    return tops


def _stream(y1: float, y2: float, thick: float, colour: int, tip: str) -> str:
    x1, x2 = _SIDE + _NODE, WIDTH - _SIDE - _NODE
    middle = (x1 + x2) / 2
    path = f"M{x1},{y1:.1f} C{middle:g},{y1:.1f} {middle:g},{y2:.1f} {x2},{y2:.1f}"
    return (
        f'<path d="{path}" class="stream s{colour}" stroke-width="{max(thick, 0.6):.1f}">'
        f"<title>{escape(tip)}</title></path>"
    )
