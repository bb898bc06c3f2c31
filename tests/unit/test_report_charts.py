"""Charts of the report: gaps stay gaps, delivered texts are text, scales are round, both languages are complete."""

from dataclasses import asdict
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from orchestration.lifecycle_report.charts import pictures
from orchestration.lifecycle_report.charts.svg import ticks
from orchestration.lifecycle_report.content import PANELS, SECTIONS
from orchestration.lifecycle_report.model import Bars, Column, Columns, Heat, Kind, Language, Lines, Panel, Sankey, Text
from orchestration.lifecycle_report.vocabulary import vocabulary
from orchestration.lifecycle_report.wording import Writer

EN, DE = Writer(Language.EN, "EUR"), Writer(Language.DE, "EUR")
NAMES = ("month", "name", "other", "low", "value", "high")
DELIVERED = [Bars("name", ("value",)), Heat("name", "other", "value"), Sankey("name", "other", "value")]


def panel(chart):
    kinds = {"month": Kind.MONTH, "name": Kind.TEXT, "other": Kind.TEXT}
    columns = tuple(Column(name, Text(name, name), kinds.get(name, Kind.NUMBER)) for name in NAMES)
    return Panel("panel", Text("Title", "Titel"), Text("Note", "Notiz"), "", columns, chart)


def row(month, value, name="a", other="b"):
    low, high = (None, None) if value is None else (value - 1, value + 1)
    return {"month": date(2026, month, 1), "name": name, "other": other, "low": low, "value": value, "high": high}


def drawn(chart, rows):
    [(_, picture)] = pictures(panel(chart), rows, EN)
    return ElementTree.fromstring(f"<div>{picture}</div>")  # noqa: S314


def test_a_line_never_crosses_a_month_without_a_value():
    picture = drawn(Lines("month", ("value",)), [row(1, 1), row(2, 2), row(3, None), row(4, 4)])
    lines = [len(line.attrib["points"].split()) for line in picture.iter("polyline")]
    assert lines == [2, 1]
    assert len(list(picture.iter("circle"))) == 3


def test_a_band_is_drawn_from_the_low_to_the_high_bound():
    picture = drawn(Lines("month", ("value",), low="low", high="high"), [row(1, 1), row(2, 2)])
    [band] = picture.iter("polygon")
    assert len(band.attrib["points"].split()) == 4


def test_bars_are_as_long_as_their_values():
    picture = drawn(Bars("name", ("value",)), [row(1, 10), row(1, 5, name="b"), row(1, None, name="c")])
    widths = [float(bar.attrib["width"]) for bar in picture.iter("rect")]
    assert widths[0] > 0
    assert widths == [widths[0], pytest.approx(widths[0] / 2, abs=0.1), 0]


def test_columns_stack_upwards_and_downwards_from_the_axis():
    picture = drawn(Columns("month", ("value",), downwards=("high",)), [row(1, 3)])
    above, below = picture.iter("rect")
    assert float(above.attrib["y"]) + float(above.attrib["height"]) == pytest.approx(float(below.attrib["y"]), abs=0.2)
    assert float(below.attrib["height"]) > float(above.attrib["height"])


def test_a_cell_without_a_value_stays_empty():
    picture = drawn(Heat("name", "other", "value"), [row(1, 1), row(1, None, other="c"), row(1, 2, name="d")])
    assert len(list(picture.iter("rect"))) == 2


def test_streams_are_as_thick_as_their_values():
    picture = drawn(Sankey("name", "other", "value"), [row(1, 30), row(1, 10, other="c")])
    thick = sorted(float(path.attrib["stroke-width"]) for path in picture.iter("path"))
    assert thick[1] == pytest.approx(3 * thick[0], rel=0.01)


@pytest.mark.parametrize(
    "chart", [Bars("name", ("value",)), Heat("name", "other", "value"), Sankey("name", "other", "value")]
)
def test_a_delivered_text_is_text_and_never_markup(chart):
    picture = drawn(chart, [row(1, 1, name='<script>x</script>"&', other="<b>")])
    assert not list(picture.iter("script"))
    assert '<script>x</script>"&' in "".join(picture.itertext())


def test_every_picture_says_in_words_what_it_shows():
    picture = drawn(Bars("name", ("value",)), [row(1, 1)])
    assert picture[0].attrib["role"] == "img"
    assert picture[0].attrib["aria-label"] == "Title: Note"


@pytest.mark.parametrize(("low", "high"), [(0, 0), (-3, 7), (0, 0.013), (0, 123_456), (-100, 100)])
def test_ticks_cover_the_values_in_equal_round_steps(low, high):
    levels = ticks(low, high)
    steps = {round(right - left, 9) for left, right in pairwise(levels)}
    assert levels[0] <= low <= high <= levels[-1]
    assert len(steps) == 1
    assert f"{steps.pop():.0e}"[0] in "125"


def test_values_are_written_as_each_language_writes_them():
    assert (EN.written(Kind.AMOUNT, 1234.5), DE.written(Kind.AMOUNT, 1234.5)) == ("1,234 €", "1.234 €")
    assert (EN.written(Kind.RATE, 0.125), DE.written(Kind.RATE, 0.125)) == ("12.5 %", "12,5 %")
    assert EN.written(Kind.COUNT, None) == "–"


def test_every_text_stands_in_both_languages_and_every_panel_has_a_key_of_its_own():
    assert len({panel.key for panel in PANELS}) == len(PANELS) >= 30
    texts = [section.title for section in SECTIONS]
    texts += [text for item in PANELS for text in (item.title, item.note, *(column.label for column in item.columns))]
    assert [text for text in (*texts, *vocabulary().values()) if not (text.en and text.de)] == []


def test_a_chart_draws_columns_its_panel_declares():
    for item in (item for item in PANELS if item.chart):
        named = []
        for value in asdict(item.chart).values():
            named += value if isinstance(value, tuple) else [value] if value else []
        assert set(named) <= {column.name for column in item.columns}, item.key
