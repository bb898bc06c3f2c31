"""Previews of marts in the UI: the first rows as a table, a funnel and a heat map as text."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.assets.previews import funnel, heat_map, mart_previews


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        opened.execute("create schema marts")
        yield opened


def test_the_first_rows_are_shown_as_a_table_with_what_would_break_it_escaped(connection):
    connection.execute(
        "create table marts.kpi_support as select * from (values ('b', 0.123456::double, null), "
        "('a|a', 2.0, repeat('x', 50))) as rows (channel, rate, comment)"
    )
    [(name, metadata)] = mart_previews(connection, ["kpi_support"]).items()
    assert name == "kpi_support"
    assert metadata["preview"].value.splitlines() == [
        "| channel | rate | comment |",
        "| --- | --- | --- |",
        f"| a\\|a | 2 | {'x' * 39}… |",
        "| b | 0.1235 |  |",
    ]
    assert set(metadata) == {"preview"}


def test_a_preview_is_short_however_long_the_mart_is(connection):
    connection.execute("create table marts.kpi_summary as select range as n from range(1000)")
    assert mart_previews(connection, ["kpi_summary"])["kpi_summary"]["preview"].value.count("\n") == 9


def test_a_mart_without_rows_has_no_plot(connection):
    connection.execute(
        "create table marts.kpi_cohort_retention (cohort_month date, months_since_first_order integer, "
        "retention_rate double, is_complete boolean)"
    )
    assert set(mart_previews(connection, ["kpi_cohort_retention"])["kpi_cohort_retention"]) == {"preview"}


def test_the_funnel_shows_the_share_that_went_on_and_leaves_out_what_nobody_entered():
    shown = funnel([("lead → buyer", 200, 50), ("buyer → regular", 10, 10), ("regular → lost", 0, 0)])
    assert shown.splitlines() == [
        f"lead → buyer     {'█' * 6}{' ' * 18}   25%  50 of 200",
        f"buyer → regular  {'█' * 24}  100%  10 of 10",
    ]


def test_the_heat_map_is_darkest_at_the_highest_rate_and_marks_months_that_are_not_over():
    shown = heat_map([("2026-01", 1, 0.5), ("2026-01", 2, 0.0), ("2026-02", 1, 0.25)])
    assert shown.splitlines() == [
        "           1  2",
        "2026-01   ██   ",
        "2026-02   ▒▒  ·",
        "██ = 50%; · = not over yet",
    ]


def test_a_heat_map_of_nobody_who_came_back_is_blank():
    assert "█" not in heat_map([("2026-01", 1, 0.0)]).splitlines()[1]
