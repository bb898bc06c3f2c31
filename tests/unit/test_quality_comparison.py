"""Figures are compared with what was usual: which earlier ones count, and what is remembered of the present one."""

from datetime import date, timedelta

import duckdb
import pytest

from quality.adapter.session import expectation_session
from quality.checks import Band, Outcome, Unit
from quality.comparison import collect, compare
from quality.measurements import (
    Measurement,
    NothingToAcceptError,
    accept_measurements,
    create_measurement_table,
    history_of,
    store_measurements,
    unusual_checks,
)
from quality.suites.conformed import NOT_SILENT
from quality.suites.vocabulary import Subject

TODAY = date(2024, 6, 30)
SUBJECT = Subject("marts.people", "Look.")
ONE_ROW = "select '' as category, null as batch, {} as value, 100 as sample_size, true as is_judged"


@pytest.fixture
def connection():
    with duckdb.connect() as opened:
        create_measurement_table(opened)
        yield opened


def check(value, band=None, sql=ONE_ROW):
    return SUBJECT.measured("count", "It is as usual.", sql.format(value), band or Band(floor=10))


def remember(connection, value, days_ago=1, category="", batch=None, run="", **other):
    """An evaluation of the gate that measured one figure."""
    as_of = TODAY - timedelta(days=days_ago)
    run_id = run or f"run of {as_of}"
    one = Measurement(("marts.people", "count"), category, batch or run_id, value, 100, True, **other)
    store_measurements(connection, "g3_marts", run_id, as_of, [one])


def compared(connection, *checks):
    with expectation_session(connection) as session:
        return compare(session, collect(connection, checks, "now", TODAY))


def judgement(connection, asked):
    return compared(connection, asked).judgements[asked.key]


def usual(connection, band):
    return sorted(history_of(connection, check(1, band), "now", TODAY).usual.get("", {}).values())


@pytest.mark.parametrize(("sql", "batch"), [(ONE_ROW, None), (ONE_ROW.replace("null as batch", "7 as batch"), "7")])
def test_a_judgement_names_the_load_whose_figure_it_is_about(connection, sql, batch):
    remember(connection, 100, batch="6")
    found = judgement(connection, check(150, sql=sql))
    assert (found.outcome, found.batch) == (Outcome.FAIL, batch)


@pytest.mark.parametrize(("value", "outcome"), [(110, Outcome.PASS), (111, Outcome.FAIL), (89, Outcome.FAIL)])
def test_a_figure_passes_inside_and_fails_outside_of_what_was_usual(connection, value, outcome):
    remember(connection, 100)
    found = judgement(connection, check(value))
    assert (found.outcome, found.threshold, found.observed) == (outcome, "90 to 110", str(value))


def test_a_failure_says_what_was_found_and_what_is_usual(connection):
    remember(connection, 100)
    assert judgement(connection, check(500)).message == "observed 500, usual is 90 to 110"


def test_too_little_history_is_no_verdict_and_stops_nothing(connection):
    remember(connection, 100)
    found = judgement(connection, check(500, Band(minimum_history=2)))
    assert (found.outcome, found.is_excused) == (Outcome.NOT_EVALUATED, True)
    assert found.message == "too little history: 1 of 2 measurements"


def test_too_few_rows_are_no_verdict_and_stop_nothing(connection):
    remember(connection, 100)
    found = judgement(connection, check("null"))
    assert (found.outcome, found.is_excused, found.message) == (Outcome.NOT_EVALUATED, True, "too few rows to judge")


def test_nothing_new_is_no_verdict_and_stops_nothing(connection):
    remember(connection, 100)
    found = judgement(connection, check(1, sql=f"{ONE_ROW} where false"))
    assert (found.outcome, found.is_excused, found.message) == (Outcome.NOT_EVALUATED, True, "nothing new to judge")


def test_a_check_that_cannot_be_calculated_is_an_error_and_is_not_excused(connection):
    found = judgement(connection, check("1 from nowhere"))
    assert (found.outcome, found.is_excused) == (Outcome.ERROR, False)


def test_a_figure_against_a_fixed_limit_needs_no_history(connection):
    asked = SUBJECT.measured("share", "It is small.", ONE_ROW.format(0.3), 0.2)
    assert judgement(connection, asked).outcome is Outcome.FAIL


def test_only_a_usual_figure_becomes_history(connection):
    remember(connection, 100)
    found = compared(connection, check(500)).measurements
    assert [(one.value, one.is_usual) for one in found] == [(500, False)]
    store_measurements(connection, "g3_marts", "now", TODAY, found)
    assert usual(connection, Band()) == [100]


def test_the_category_farthest_outside_is_told(connection):
    remember(connection, 0.10, category="a", run="before", batch="before a")
    remember(connection, 0.20, category="b", run="before", batch="before b")
    rows = " union all ".join(
        f"select '{name}' as category, null as batch, {value} as value, 9 as sample_size, true as is_judged"
        for name, value in (("a", 0.5), ("b", 0.3))
    )
    found = judgement(connection, SUBJECT.measured("count", "As usual.", rows, Band(floor=0.05)))
    assert found.observed == "0.5 (a)"


def test_a_share_that_has_gone_is_zero_and_a_new_one_was_zero(connection):
    one = Measurement(("marts.people", "count"), "old", "before", 1.0, 100, True)
    store_measurements(connection, "g2b_population", "before", TODAY - timedelta(days=1), [one])
    rows = "select 'new' as category, null as batch, 1.0 as value, 100 as sample_size, true as is_judged"
    found = judgement(connection, SUBJECT.measured("count", "As usual.", rows, Band(floor=0.25, is_share=True)))
    assert found.outcome is Outcome.FAIL
    assert found.observed in {"1 (new)", "0 (old)"}


def test_runs_that_looked_at_a_later_day_or_too_long_ago_do_not_count(connection):
    for days_ago, value in ((-1, 1), (0, 2), (92, 3), (93, 4)):
        remember(connection, value, days_ago)
    assert usual(connection, Band()) == [2, 3]


def test_the_present_run_is_no_history_of_itself(connection):
    remember(connection, 1, 0, run="now")
    assert usual(connection, Band()) == []


def test_a_day_that_was_run_twice_counts_once_with_its_last_figure(connection):
    remember(connection, 1, 3, run="first")
    remember(connection, 2, 3, run="second")
    assert usual(connection, Band()) == [2]


def test_by_weekday_only_the_same_weekday_counts(connection):
    for days_ago, value in ((1, 10), (6, 20), (7, 30), (14, 40), (15, 50)):
        remember(connection, value, days_ago)
    assert usual(connection, Band(is_by_weekday=True)) == [30, 40]


def test_what_was_accepted_on_one_weekday_counts_on_all(connection):
    """A source that has ended is declared once, not seven times."""
    for week in range(1, 6):
        remember(connection, 5_000, 7 * week)
    remember(connection, 0, 1, is_usual=False)
    assert judgement(connection, check(0, NOT_SILENT)).outcome is Outcome.FAIL
    accept_measurements(connection, "marts.people", "count", "The shop is closed.")
    assert judgement(connection, check(0, NOT_SILENT)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("usual_count", "count", "outcome"),
    [(5_000, 0, Outcome.FAIL), (5_000, 3, Outcome.PASS), (999, 0, Outcome.NOT_EVALUATED)],
)
def test_a_day_is_silent_with_no_record_where_the_weekday_has_a_thousand(connection, usual_count, count, outcome):
    """Three records instead of five thousand are a newsletter that was skipped."""
    for week in range(1, 5):
        remember(connection, usual_count, 7 * week)
    assert judgement(connection, check(count, NOT_SILENT)).outcome is outcome


def test_loads_count_whenever_they_came(connection):
    remember(connection, 7, days_ago=-400, batch="12")
    assert usual(connection, Band(unit=Unit.LOAD)) == [7]


def test_a_batch_that_is_measured_again_replaces_its_figure(connection):
    remember(connection, 7, batch="12", run="first")
    remember(connection, 8, batch="12", run="second")
    assert usual(connection, Band(unit=Unit.LOAD)) == [8]


def test_an_accepted_figure_widens_the_bounds_for_the_next_run(connection):
    remember(connection, 100, 2)
    remember(connection, 500, 1, is_usual=False)
    assert judgement(connection, check(500)).outcome is Outcome.FAIL
    assert unusual_checks(connection) == [("marts.people", "count")]
    assert accept_measurements(connection, "marts.people", "count", "A new shop.") == 1
    assert judgement(connection, check(500)).outcome is Outcome.PASS
    assert unusual_checks(connection) == []


def test_accepting_what_is_usual_is_refused_with_what_is_not(connection):
    remember(connection, 500, is_usual=False)
    with pytest.raises(NothingToAcceptError, match=r"marts\.people count"):
        accept_measurements(connection, "marts.people", "other", "Because.")


def test_only_what_the_last_evaluation_found_is_listed_and_accepted(connection):
    for days_ago, value in ((9, 100), (8, 7_000), (7, 500)):
        remember(connection, value, days_ago, is_usual=value == 100)
    assert accept_measurements(connection, "marts.people", "count", "A new shop.") == 1
    assert judgement(connection, check(500)).outcome is Outcome.PASS
    assert judgement(connection, check(7_000)).outcome is Outcome.FAIL


def test_a_check_that_is_as_usual_again_is_listed_no_longer(connection):
    remember(connection, 500, 2, is_usual=False)
    remember(connection, 100, 1)
    assert unusual_checks(connection) == []
    with pytest.raises(NothingToAcceptError, match="Out of bounds: nothing"):
        accept_measurements(connection, "marts.people", "count", "Because.")


def test_the_evaluation_of_one_gate_says_nothing_about_those_of_another(connection):
    remember(connection, 500, 2, is_usual=False)
    one = Measurement(("raw_files.crm_orders", "amounts"), "", "7", 1.0, 9, True)
    store_measurements(connection, "g1_raw", "now", TODAY, [one])
    assert unusual_checks(connection) == [("marts.people", "count")]
