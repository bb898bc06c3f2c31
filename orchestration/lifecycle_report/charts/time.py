"""Charts over months: lines with gaps where there is no value, and stacked columns around an axis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import escape

from orchestration.lifecycle_report.charts.svg import SERIES, WIDTH, frame, label, legend, rectangle, ticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup

    from orchestration.lifecycle_report.model import Column, Columns, Kind, Lines, Panel, Rows
    from orchestration.lifecycle_report.wording import Writer

_LEFT, _RIGHT, _TOP, _HEIGHT, _BOTTOM = 70, 12, 10, 200, 26


@dataclass(frozen=True, slots=True)
class _Axes:
    """Where months and values lie."""

    months: Sequence[Any]
    levels: Sequence[float]

    def x(self, month: Any) -> float:  # noqa: ANN401
        return _LEFT + (self.months.index(month) + 0.5) * self.step

    def y(self, value: float) -> float:
        low, high = self.levels[0], self.levels[-1]
        return _TOP + (high - float(value)) / (high - low) * _HEIGHT

    @property
    def step(self) -> float:
        return (WIDTH - _LEFT - _RIGHT) / len(self.months)

    def marks(self, writer: Writer, month: Kind, value: Kind) -> list[str]:
        """Grid lines with their values, and as many months as there is room for."""
        marks = []
        for level in self.levels:
            y = self.y(level)
            marks.append(f'<line x1="{_LEFT}" y1="{y:.1f}" x2="{WIDTH - _RIGHT}" y2="{y:.1f}" class="grid"></line>')
            marks.append(label(writer.written(value, level), _LEFT - 6, y + 4, anchor="end", css="soft small"))
        every = -(-len(self.months) // 9)
        for index in range(0, len(self.months), every):
            name = writer.written(month, self.months[index])
            x = self.x(self.months[index])
            marks.append(label(name, x, _TOP + _HEIGHT + 18, anchor="middle", css="soft small"))
        return marks


def draw_lines(panel: Panel, chart: Lines, rows: Rows, writer: Writer) -> Markup:
    """A line per value or series, with a band where the chart has bounds."""
    series = _series(panel, chart, rows, writer)
    bounds = [name for name in (chart.low, chart.high) if name]
    values = [float(row[name]) for row in rows for name in (*chart.values, *bounds) if row[name] is not None]
    if not values:
        values = [0.0]
    months = sorted({row[chart.x] for row in rows})
    axes = _Axes(months, ticks(min(*values, 0.0), max(values)))
    first = panel.column(chart.values[0])
    marks = axes.marks(writer, panel.column(chart.x).kind, first.kind)
    for index, (name, column, own) in enumerate(series):
        if chart.low and chart.high:
            marks.extend(_bands(axes, chart, own, index))
        for run in _runs(own, months, chart.x, column.name):
            marks.append(_line(axes, chart.x, column, run, index))
            marks.extend(_points(axes, panel.column(chart.x), column, run, (name, index), writer))
    return frame(panel, writer, _TOP + _HEIGHT + _BOTTOM, marks) + legend([name for name, *_ in series])


def _series(panel: Panel, chart: Lines, rows: Rows, writer: Writer) -> list[tuple[str, Column, Rows]]:
    if chart.series is None:
        columns = [panel.column(name) for name in chart.values]
        return [(column.label.in_language(writer.language), column, rows) for column in columns]
    by, column = panel.column(chart.series), panel.column(chart.values[0])
    names = dict.fromkeys(row[chart.series] for row in rows)
    return [
        (writer.written(by.kind, name), column, [row for row in rows if row[chart.series] == name]) for name in names
    ]


def _runs(rows: Rows, months: Sequence[Any], x: str, name: str) -> list[Rows]:
    """Stretches of months with a value: a line never jumps over a gap."""
    known = {row[x]: row for row in rows if row[name] is not None}
    runs: list[Rows] = [[]]
    for month in months:
        if month in known:
            runs[-1].append(known[month])
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _line(axes: _Axes, x: str, column: Column, run: Rows, index: int) -> str:
    points = " ".join(f"{axes.x(row[x]):.1f},{axes.y(row[column.name]):.1f}" for row in run)
    return f'<polyline points="{points}" class="line s{index % SERIES}"></polyline>'


def _points(axes: _Axes, month: Column, column: Column, run: Rows, named: tuple[str, int], writer: Writer) -> list[str]:
    name, index = named
    return [
        f'<circle cx="{axes.x(row[month.name]):.1f}" cy="{axes.y(row[column.name]):.1f}" r="3" '
        f'class="fill s{index % SERIES}"><title>{escape(name)}, {escape(writer.written(month.kind, row[month.name]))}: '
        f"{escape(writer.written(column.kind, row[column.name]))}</title></circle>"
        for row in run
    ]


def _bands(axes: _Axes, chart: Lines, rows: Rows, index: int) -> list[str]:
    months = [row[chart.x] for row in rows]
    bands = []
    for run in _runs(rows, months, chart.x, str(chart.low)):
        upper = [f"{axes.x(row[chart.x]):.1f},{axes.y(row[chart.high]):.1f}" for row in run]
        lower = [f"{axes.x(row[chart.x]):.1f},{axes.y(row[chart.low]):.1f}" for row in reversed(run)]
        bands.append(f'<polygon points="{" ".join(upper + lower)}" class="band s{index % SERIES}"></polygon>')
    return bands


def draw_columns(panel: Panel, chart: Columns, rows: Rows, writer: Writer) -> Markup:
    """Columns stacked upwards, and those of `downwards` below the axis."""
    names = (*chart.values, *chart.downwards)
    columns = [panel.column(name) for name in names]
    top = max((sum(float(row[name] or 0) for name in chart.values) for row in rows), default=0)
    bottom = max((sum(float(row[name] or 0) for name in chart.downwards) for row in rows), default=0)
    axes = _Axes([row[chart.x] for row in rows], ticks(-bottom, top))
    month = panel.column(chart.x)
    marks = axes.marks(writer, month.kind, columns[0].kind)
    for row in rows:
        above = below = 0.0
        for index, column in enumerate(columns):
            value = float(row[column.name] or 0)
            start = below if column.name in chart.downwards else above
            end = start - value if column.name in chart.downwards else start + value
            below, above = (end, above) if column.name in chart.downwards else (below, end)
            y, height = axes.y(max(start, end)), abs(axes.y(start) - axes.y(end))
            words = writer.written(column.kind, row[column.name])
            tip = f"{column.label.in_language(writer.language)}, {writer.written(month.kind, row[chart.x])}: {words}"
            x = axes.x(row[chart.x]) - axes.step * 0.4
            marks.append(rectangle(x, y, axes.step * 0.8, height, f"fill s{index % SERIES}", tip))
    return frame(panel, writer, _TOP + _HEIGHT + _BOTTOM, marks) + legend(
        [column.label.in_language(writer.language) for column in columns]
    )
