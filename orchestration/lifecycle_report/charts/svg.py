"""What every chart needs: the frame with its texts, labels that fit, ticks at round values, the legend.

Every delivered text is escaped here; what leaves this module is markup.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from orchestration.lifecycle_report.model import Panel
    from orchestration.lifecycle_report.wording import Writer

WIDTH = 640
SERIES = 7
"""Colours there are; further series start again with another pattern."""


def frame(panel: Panel, writer: Writer, height: float, marks: Iterable[str]) -> Markup:
    """The SVG element around marks; what it shows is said in the panel's own words to those who do not see it."""
    words = f"{panel.title.in_language(writer.language)}: {panel.note.in_language(writer.language)}"
    return Markup(  # noqa: S704
        f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(words)}">{"".join(marks)}</svg>'
    )


def label(text: str, x: float, y: float, *, anchor: str = "start", css: str = "", room: int = 200) -> str:
    """A text that is cut to the room it has; the full one is its tooltip."""
    shown = text if len(text) <= room else text[: room - 1].rstrip() + "…"
    tip = f"<title>{escape(text)}</title>" if shown != text else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" class="{css}">{escape(shown)}{tip}</text>'


def rectangle(x: float, y: float, width: float, height: float, css: str, tip: str) -> str:
    """A filled rectangle with a tooltip."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" class="{css}">'
        f"<title>{escape(tip)}</title></rect>"
    )


def ticks(low: float, high: float, wanted: int = 4) -> list[float]:
    """Round values that cover `low` to `high`: steps of 1, 2 or 5 times a power of ten."""
    if high <= low:
        high = low + 1
    raw = (high - low) / wanted
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def legend(names: Sequence[str]) -> Markup:
    """Names of the series with their colour, below the picture; nothing for one series."""
    if len(names) < 2:
        return Markup()
    items = "".join(
        f'<li><svg viewBox="0 0 24 12" aria-hidden="true">'
        f'<line x1="0" y1="6" x2="24" y2="6" class="line s{index % SERIES}"></line></svg>{escape(name)}</li>'
        for index, name in enumerate(names)
    )
    return Markup(f'<ul class="legend">{items}</ul>')  # noqa: S704
