"""Deliveries compared with earlier ones: what is stopped, and what only looks like it and goes on."""

import json
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from ingestion.files.headers import fold
from ingestion.raw import create_raw_tables
from quality.adapter.session import expectation_session
from quality.checks import Outcome, Severity
from quality.comparison import compare
from quality.measurements import create_measurement_table, store_measurements
from quality.suites import checks_of
from quality.suites.loads import delivered_value

TODAY = date(2024, 6, 30)
TABLE = "raw_files.crm_activities"
TIMES = "times_are_not_shifted"
UNKNOWN = "no_new_unknown_values"
PLACES = "times_follow_on_earlier_ones"
DOUBLES = "records_are_not_doubled"
EMPTY = "delivery_is_not_empty"
CONTACTS = "raw_files.crm_contacts"
IDENTIFIERS = "identifiers_are_filled_as_usual"


class Source:
    """A source that delivers activities: one call per load, each measured when the gate sees it."""

    def __init__(self, connection):
        self.connection = connection
        self.load_seq = 0

    def deliver(self, first_day, days=28, name="a", rows_per_day=2, shift="interval 0 day"):
        """A load with some activities on each of the days; the same name and day give the same identifiers."""
        self.load_seq += 1
        self.connection.execute(
            f"""insert into {TABLE} (activity_id, contact_id, type, occurred_at, _load_seq)
            select $name || day || '-' || n, 'c' || n, 'call', day + {shift} + n * interval 1 hour, $load_seq
            from (select unnest(generate_series($first_day::timestamp, $first_day::timestamp + to_days($days - 1),
                interval 1 day)) as day), range($rows) as numbers (n)""",
            {"name": name, "load_seq": self.load_seq, "first_day": first_day, "days": days, "rows": rows_per_day},
        )
        count = days * rows_per_day
        self.connection.execute(
            """insert into ops.loads (load_seq, source, entity, file_name, status, delivered_count, accepted_count)
            values (?, 'files', 'crm_activities', ?, 'loaded', ?, ?)""",
            [self.load_seq, f"{self.load_seq}.csv", count, count],
        )

    def deliver_contacts(self, count, blank_count, name=""):
        """A load of contacts of which some have no e-mail address."""
        self.load_seq += 1
        self.connection.execute(
            f"""insert into {CONTACTS} (contact_id, email, _load_seq)
            select $name || '-' || n, case when n >= $blank then 'e' || n end, $load_seq
            from range($count) as numbers (n)""",
            {"name": name or f"{self.load_seq}", "blank": blank_count, "load_seq": self.load_seq, "count": count},
        )
        self.connection.execute(
            """insert into ops.loads (load_seq, source, entity, file_name, status, delivered_count, accepted_count)
            values (?, 'files', 'crm_contacts', 'contacts.csv', 'loaded', ?, ?)""",
            [self.load_seq, count, count],
        )

    def reject(self, count, name="type", value="fax"):
        """A load that ends in quarantine for an activity of a type the contract does not know."""
        self.deliver("2024-05-01", days=0)
        self.connection.execute(
            """insert into quarantine.rejected_rows
            (load_seq, source, entity, file_name, row_number, column_name, reason, row_json)
            select $load_seq, 'files', 'crm_activities', 'x.jsonl', n, 'type',
                'type is not one of the accepted values', json_object('Activity_ID ', 'r' || n, $name, $value)
            from range($count) as numbers (n)""",
            {"load_seq": self.load_seq, "name": name, "value": value, "count": count},
        )

    def judged(self, name, table=TABLE):
        """What the gate says to everything that has come since it looked last."""
        check = {check.key: check for check in checks_of("g1_raw")}[(table, name)]
        check = replace(check, measures=check.measures.replace(":as_of", f"date '{TODAY}'"))
        with expectation_session(self.connection) as session:
            found = compare(self.connection, session, [check], f"run {self.load_seq}", TODAY)
        store_measurements(self.connection, "g1_raw", f"run {self.load_seq}", TODAY, found.measurements)
        return found.judgements[check.key].outcome


@pytest.fixture
def source():
    with duckdb.connect() as connection:
        create_raw_tables(connection)
        create_measurement_table(connection)
        found = Source(connection)
        found.deliver("2024-01-01")
        found.deliver("2024-03-01", days=31)
        found.deliver("2024-04-01", days=30)
        yield found


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


def deliver_days(source, count, rows_per_day=200):
    """Some daily deliveries, each looked at when it has come."""
    for day in range(1, count + 1):
        source.deliver(f"2024-05-{day:02d}", days=1, rows_per_day=rows_per_day)
        source.judged(EMPTY)


@pytest.mark.parametrize(("usual", "outcome"), [(200, Outcome.FAIL), (20, Outcome.NOT_EVALUATED)])
def test_an_empty_delivery_is_stopped_after_large_ones_only(source, usual, outcome):
    source.connection.execute("delete from ops.loads")
    deliver_days(source, 5, usual)
    source.deliver("2024-06-01", rows_per_day=0)
    assert source.judged(EMPTY) is outcome


def test_an_empty_delivery_is_forgotten_when_a_full_one_follows(source):
    deliver_days(source, 5)
    source.deliver("2024-05-01", rows_per_day=0)
    assert source.judged(EMPTY) is Outcome.FAIL
    source.deliver("2024-05-01", rows_per_day=5)
    assert source.judged(EMPTY) is Outcome.PASS


def test_the_first_small_delivery_after_a_large_history_goes_on(source):
    source.connection.execute("delete from ops.loads")
    source.deliver("2023-01-01", days=300, rows_per_day=100)
    source.judged(EMPTY)
    source.deliver("2024-05-01", days=1, rows_per_day=12)
    assert source.judged(EMPTY) is Outcome.NOT_EVALUATED


def test_after_many_large_deliveries_a_small_one_is_none_that_is_empty(source):
    source.connection.execute("delete from ops.loads")
    deliver_days(source, 6, rows_per_day=3_000)
    source.deliver("2024-06-01", days=1, rows_per_day=2)
    assert source.judged(EMPTY) is Outcome.PASS


def test_released_rows_are_no_delivery_and_hide_none_that_is_empty(source):
    deliver_days(source, 5)
    source.deliver("2024-06-01", rows_per_day=0)
    source.deliver("2024-06-02", days=1)
    source.connection.execute("update ops.loads set released_from = 1 where load_seq = ?", [source.load_seq])
    assert source.judged(EMPTY) is Outcome.FAIL


def identified(source, *deliveries):
    """What the gate says at last, when it looks after each of the deliveries (rows, blank ones, name)."""
    for delivery in deliveries:
        source.deliver_contacts(*delivery)
        found = source.judged(IDENTIFIERS, CONTACTS)
    return found


def test_identifiers_are_compared_after_several_measurements_only(source):
    assert identified(source, (400, 0), (400, 0), (400, 400)) is Outcome.NOT_EVALUATED
    assert identified(source, (400, 400)) is Outcome.FAIL


def test_each_of_the_first_loads_is_a_measurement(source):
    for _ in range(3):
        source.deliver_contacts(400, 0)
    assert identified(source, (400, 0), (400, 200)) is Outcome.FAIL


@pytest.mark.parametrize(
    ("rows", "blank", "outcome"),
    [
        pytest.param(49, 49, Outcome.NOT_EVALUATED, id="few rows prove nothing"),
        pytest.param(60, 49, Outcome.PASS, id="a small sample varies"),
        pytest.param(600, 490, Outcome.FAIL, id="the same share of a large sample"),
    ],
)
def test_the_share_of_blank_identifiers_is_judged_by_the_size_of_the_sample(source, rows, blank, outcome):
    usual = [(200, 90)] * 3
    assert identified(source, *usual, (rows, blank)) is outcome


def test_blank_identifiers_are_not_forgotten_when_another_blank_load_follows(source):
    usual = [(400, 0)] * 3
    assert identified(source, *usual, (400, 300, "a"), (400, 300, "b"), (400, 0, "b")) is Outcome.FAIL
    assert identified(source, (400, 0, "a")) is Outcome.PASS


def test_web_events_without_identifiers_are_reported_and_stop_nothing():
    """Visitors may be anonymous."""
    severities = {check.table: check.severity for check in checks_of("g1_raw") if check.name == IDENTIFIERS}
    assert severities["raw_files.web_events"] is Severity.WARN
    assert severities[CONTACTS] is Severity.ERROR


@pytest.mark.parametrize("name", ["type", "Type", " TYPE\u00a0", "\ufefftype"])
def test_a_value_the_contract_does_not_know_is_found_however_its_column_is_spelled(source, name):
    source.reject(5, name)
    assert source.judged(UNKNOWN) is Outcome.FAIL


@pytest.mark.parametrize("name", ["subtype", "a/b~c"])
def test_other_members_of_a_rejected_row_are_not_its_value(source, name):
    source.reject(5, name)
    assert source.judged(UNKNOWN) is Outcome.PASS


def test_the_read_name_is_the_one_the_inbox_folds():
    for name in ("Type", "\u2003TYPE\t", "\ufeff type"):
        row = json.dumps({name: "fax"})
        (found,) = duckdb.sql(
            f"select {delivered_value('row', fold(name))} from (select ?::json as row)", params=[row]
        ).fetchone()
        assert found == "fax"


def test_rows_that_were_discarded_or_delivered_again_no_longer_count(source):
    source.reject(10)
    assert source.judged(UNKNOWN) is Outcome.FAIL
    source.connection.execute(
        f"""insert into {TABLE} (activity_id, type, occurred_at, _load_seq)
        select 'r' || n, 'call', timestamp '2024-05-01', {source.load_seq + 1} from range(3) as numbers (n)"""
    )
    assert source.judged(UNKNOWN) is Outcome.FAIL
    source.connection.execute(
        """insert into quarantine.decisions (decision_id, load_seq, row_number, is_line, action, reason)
        select n, ?, n, false, 'discard', 'a test' from range(3, 10) as numbers (n)""",
        [source.load_seq],
    )
    assert source.judged(UNKNOWN) is Outcome.PASS
