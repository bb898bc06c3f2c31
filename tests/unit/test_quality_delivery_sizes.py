"""How much is delivered, how complete and in which words: what is stopped, and what goes on."""

import json

import duckdb
import pytest

from ingestion.files.headers import fold
from ingestion.sources.registry import CONNECTORS
from quality.bands import Bounds, bounds_of
from quality.checks import Outcome, Severity
from quality.suites import checks_of
from quality.suites.loads import delivered_value
from tests.unit.delivered_source import CONTACTS, TABLE

UNKNOWN = "no_new_unknown_values"
EMPTY = "delivery_is_not_empty"
IDENTIFIERS = "identifiers_are_filled_as_usual"


def pulled():
    """What is read from the interfaces of vendors, with the connector that reads it."""
    return [(one, resource) for one in CONNECTORS if one.files is None for resource in one.resources]


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


@pytest.mark.parametrize("loads", [1, 4])
def test_an_empty_file_is_stopped_after_a_single_one_of_thousands_of_rows(source, loads):
    """It once went on until there were five loads."""
    source.connection.execute("delete from ops.loads")
    deliver_days(source, loads, 10_000)
    source.deliver("2024-06-01", rows_per_day=0)
    assert source.judged(EMPTY) is Outcome.FAIL


def test_an_empty_file_goes_on_where_small_ones_have_followed_on_a_large_history(source):
    source.connection.execute("delete from ops.loads")
    source.deliver("2023-01-01", days=300, rows_per_day=100)
    source.judged(EMPTY)
    source.deliver("2024-05-01", days=1, rows_per_day=3)
    source.judged(EMPTY)
    source.deliver("2024-05-02", rows_per_day=0)
    assert source.judged(EMPTY) is Outcome.NOT_EVALUATED


def test_what_is_read_on_from_a_cursor_may_be_empty_after_a_large_first_load():
    bands = {check.table: check.band for check in checks_of("g1_raw") if check.name == EMPTY}
    by_cursor = {f"{one.schema}.{resource.table.name}" for one, resource in pulled() if resource.cursor is not None}
    assert by_cursor, "otherwise nothing is proven"
    assert {bounds_of(bands[table], [10_000.0] * 4) for table in by_cursor} == {None}
    assert bounds_of(bands[TABLE], [10_000.0] * 4) == Bounds(1, None)


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
    assert source.judged(EMPTY) is Outcome.PASS


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


def test_small_first_loads_are_put_together_until_they_are_worth_a_share(source):
    """A company of 300 people brings a dozen contacts a month: half of the addresses blank once went on there."""
    for _ in range(12):
        source.deliver_contacts(15, 1)
    assert identified(source, (15, 1), (60, 40)) is Outcome.FAIL


def test_few_first_rows_are_no_history(source):
    for _ in range(3):
        source.deliver_contacts(15, 1)
    assert identified(source, (15, 1), (60, 40)) is Outcome.NOT_EVALUATED


@pytest.mark.parametrize(
    ("rows", "blank", "outcome"),
    [
        pytest.param(19, 19, Outcome.NOT_EVALUATED, id="few rows prove nothing"),
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


def test_a_column_that_identifies_nobody_and_is_suddenly_blank_is_reported_and_stops_nothing(source):
    for city in ("Bonn", "Köln", "Bonn", None):
        source.deliver_contacts(400, 0)
        source.connection.execute(f"update {CONTACTS} set city = ? where _load_seq = ?", [city, source.load_seq])
        found = source.judged("columns_are_filled_as_usual", CONTACTS)
    assert found is Outcome.FAIL
    assert {check.severity for check in checks_of("g1_raw") if check.name == "columns_are_filled_as_usual"} == {
        Severity.WARN
    }


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
