"""When deliveries lie in time, and twice: what is stopped, and what only looks like it and goes on."""

import pytest

from quality.checks import Outcome, Severity
from quality.suites import checks_of

TIMES = "times_are_not_shifted"
PLACES = "times_follow_on_earlier_ones"
DOUBLES = "records_are_not_doubled"


def test_the_first_deliveries_have_no_history_of_times(source):
    assert source.judged(TIMES) is Outcome.NOT_EVALUATED


@pytest.mark.parametrize(
    ("delivery", "outcome"),
    [
        pytest.param({"first_day": "2024-05-01"}, Outcome.PASS, id="the next month"),
        pytest.param({"first_day": "2024-02-01"}, Outcome.PASS, id="a month that was missing"),
        pytest.param({"first_day": "2023-01-01"}, Outcome.PASS, id="a year nobody has delivered yet"),
        pytest.param({"first_day": "2024-04-01"}, Outcome.PASS, id="the same rows again"),
        pytest.param({"first_day": "2024-04-01", "shift": "interval 60 day"}, Outcome.PASS, id="rows moved by weeks"),
        pytest.param({"first_day": "2025-05-01"}, Outcome.FAIL, id="the next month, a year too late"),
        pytest.param(
            {"first_day": "2024-04-01", "shift": "interval (-1) year"}, Outcome.FAIL, id="rows moved by a year"
        ),
        pytest.param({"first_day": "2025-05-01", "days": 2}, Outcome.NOT_EVALUATED, id="four rows prove nothing"),
    ],
)
def test_a_delivery_belongs_where_its_times_say(source, delivery, outcome):
    source.judged(TIMES)
    source.deliver(**delivery)
    assert source.judged(TIMES) is outcome


def test_new_rows_on_days_delivered_long_ago_are_stopped(source):
    """The next month, a year too early: those days have their activities already."""
    source.deliver("2023-05-01")
    source.judged(TIMES)
    source.deliver("2023-05-01", name="b")
    assert source.judged(TIMES) is Outcome.FAIL


@pytest.mark.parametrize(
    ("first_day", "days"),
    [
        pytest.param("2024-11-20", 28, id="after half a year of silence"),
        pytest.param("2022-04-01", 300, id="the history of a second shop"),
    ],
)
def test_a_delivery_that_lies_elsewhere_but_not_by_whole_years_is_reported_and_stops_nothing(source, first_day, days):
    source.deliver("2021-01-01", days=800, rows_per_day=1)
    for name in (TIMES, PLACES):
        source.judged(name)
    source.deliver(first_day, days=days, name="b")
    assert source.judged(TIMES) is Outcome.PASS
    assert source.judged(PLACES) is Outcome.FAIL
    assert {check.severity for check in checks_of("g1_raw") if check.name == PLACES} == {Severity.WARN}


def test_a_survey_of_every_year_has_the_rhythm_of_a_year(source):
    source.connection.execute("delete from ops.loads")
    found = []
    for year in range(2019, 2025):
        source.deliver(f"{year}-06-10", days=14)
        found.append(source.judged(TIMES))
    assert Outcome.FAIL not in found


def test_a_survey_of_every_year_may_come_in_several_files(source):
    source.connection.execute("delete from ops.loads")
    found = []
    for year in range(2021, 2025):
        for day in (3, 10, 17, 24):
            source.deliver(f"{year}-06-{day:02d}", days=5)
            found.append(source.judged(TIMES))
    assert Outcome.FAIL not in found


def test_the_history_of_a_second_shop_may_come_month_by_month(source):
    source.deliver("2021-01-01", days=1100, rows_per_day=1)
    source.judged(TIMES)
    for month in range(1, 13):
        source.deliver(f"2023-{month:02d}-01", name="second shop")
    assert source.judged(TIMES) is Outcome.PASS


def test_new_rows_of_days_just_before_those_of_the_last_delivery_go_on(source):
    source.judged(TIMES)
    source.deliver("2024-04-01", name="b")
    assert source.judged(TIMES) is Outcome.PASS


def test_months_that_follow_on_each_other_may_come_all_at_once(source):
    source.judged(TIMES)
    for month in range(5, 13):
        source.deliver(f"2024-{month:02d}-01")
    assert source.judged(TIMES) is Outcome.PASS


def test_a_stopped_delivery_is_judged_again_until_its_rows_are_corrected(source):
    source.judged(TIMES)
    source.deliver("2024-05-01", shift="interval 1 year")
    assert source.judged(TIMES) is Outcome.FAIL
    source.deliver("2024-06-01")
    assert source.judged(TIMES) is Outcome.FAIL
    source.deliver("2024-05-01")
    assert source.judged(TIMES) is Outcome.PASS


@pytest.mark.parametrize(
    ("name", "days", "outcome"),
    [
        pytest.param("again", 28, Outcome.FAIL, id="under other identifiers"),
        pytest.param("a", 28, Outcome.PASS, id="under the same identifiers"),
        pytest.param("again", 2, Outcome.PASS, id="only four rows of it"),
    ],
)
def test_a_file_delivered_twice_is_stopped_when_its_records_would_count_twice(source, name, days, outcome):
    source.deliver("2024-03-01", days=days, name=name)
    assert source.judged(DOUBLES) is outcome


def test_a_few_doubled_rows_in_a_large_delivery_go_on(source):
    source.deliver("2024-04-26", days=32, name="new")
    assert source.judged(DOUBLES) is Outcome.PASS
