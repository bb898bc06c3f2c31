"""The picture of `make bench`: for each size what the steps of a full refresh took, and the whole beside the floor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "performance.svg"
NAMES, BAR, THICK, GAP, HEAD = 150, 150, 13, 5, 58
SHORTEST = 0.05
"""Seconds; a step that takes less at every size is left out."""
COLOUR, FLOOR = "#2f6f9f", "#c8553d"


def draw(results: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the picture: one column of bars for each size, each with a scale of its own that its longest step fills.

    Args:
        results: what was measured, by number of people.
    """
    measured = [step for result in results.values() for step in result["steps"]]
    steps = list(dict.fromkeys(step["name"] for step in measured if step["seconds"] >= SHORTEST))
    width = NAMES + len(results) * (BAR + 70) + 10
    height = HEAD + (len(steps) + 1) * (THICK + GAP) + 10
    marks = [
        *_names(steps),
        *(mark for number, one in enumerate(results.items()) for mark in _column(number, one, steps)),
    ]
    PICTURE.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" '
        f'font-size="11" role="img" aria-label="Seconds of each step of a full refresh, by number of people">'
        f'<rect width="{width}" height="{height}" fill="white"/>{"".join(marks)}</svg>\n',
        encoding="utf-8",
    )


def _names(steps: list[str]) -> Iterator[str]:
    for number, step in enumerate([*steps, "floor"]):
        yield _text(step.split("__")[-1], NAMES - 8, _top(number) + THICK - 3, anchor="end")


def _column(number: int, sized: tuple[str, Mapping[str, Any]], steps: list[str]) -> Iterator[str]:
    people, result = sized
    left = NAMES + number * (BAR + 70)
    ratio = result["full_seconds"] / result["floor_seconds"]
    yield _text(f"{int(people):,} people, {result['rows'] / 1e6:.1f}M rows", left, 16, weight="bold")
    yield _text(f"{result['full_seconds']:,.0f} s, {ratio:.0f} × the floor", left, 32)
    yield _text(f"{result['full_peak_gigabytes']:.1f} GB at most", left, 47)
    seconds = {step["name"]: step["seconds"] for step in result["steps"]}
    longest = max(*seconds.values(), result["floor_seconds"])
    for line, step in enumerate(steps):
        yield from _bar(left, line, seconds.get(step, 0.0), longest, COLOUR)
    yield from _bar(left, len(steps), result["floor_seconds"], longest, FLOOR)


def _bar(left: float, line: int, seconds: float, longest: float, colour: str) -> Iterator[str]:
    length = seconds / longest * BAR
    yield f'<rect x="{left}" y="{_top(line)}" width="{length:.1f}" height="{THICK}" fill="{colour}"/>'
    yield _text(f"{seconds:,.1f} s", left + length + 4, _top(line) + THICK - 3)


def _top(line: int) -> int:
    return HEAD + line * (THICK + GAP)


def _text(words: str, x: float, y: float, *, anchor: str = "start", weight: str = "normal") -> str:
    return f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}" font-weight="{weight}">{escape(words)}</text>'
