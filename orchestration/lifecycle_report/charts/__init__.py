"""Charts as SVG: geometry only. Colours are classes the page's style sheet gives meaning to in light and dark.

Each picture says in words what it shows; each mark has a tooltip with its value as the table writes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from orchestration.lifecycle_report.charts.bars import draw_bars
from orchestration.lifecycle_report.charts.heat import draw_heat
from orchestration.lifecycle_report.charts.sankey import draw_sankey
from orchestration.lifecycle_report.charts.time import draw_columns, draw_lines
from orchestration.lifecycle_report.model import Bars, Columns, Heat, Lines

if TYPE_CHECKING:
    from orchestration.lifecycle_report.model import Panel, Rows
    from orchestration.lifecycle_report.wording import Writer


def pictures(panel: Panel, rows: Rows, writer: Writer) -> list[tuple[str, Markup]]:
    """The panel's pictures, each with its caption: one, or one per facet; none where there is nothing to draw."""
    chart = panel.chart
    if chart is None or not rows:
        return []
    facet = getattr(chart, "facet", None)
    if facet is None:
        return [("", _draw(panel, rows, writer))]
    kind = panel.column(facet).kind
    groups: dict[object, Rows] = {}
    for row in rows:
        groups.setdefault(row[facet], []).append(row)
    return [(writer.written(kind, value), _draw(panel, group, writer)) for value, group in groups.items()]


def _draw(panel: Panel, rows: Rows, writer: Writer) -> Markup:
    chart = panel.chart
    if isinstance(chart, Bars):
        return draw_bars(panel, chart, rows, writer)
    if isinstance(chart, Lines):
        return draw_lines(panel, chart, rows, writer)
    if isinstance(chart, Columns):
        return draw_columns(panel, chart, rows, writer)
    if isinstance(chart, Heat):
        return draw_heat(panel, chart, rows, writer)
    return draw_sankey(panel, chart, rows, writer)
