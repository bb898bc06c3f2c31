"""Verdicts are remembered, and only stored passes on exactly the present data allow a publication."""

from datetime import date, datetime

import duckdb
import pytest

from orchestration.publish.quality_tables import DATA_QUALITY, DATA_QUALITY_HISTORY, QUALITY_TABLES
from quality import verdicts as store
from quality.checks import Gate, Outcome, Severity
from quality.fingerprint import Fingerprints
from quality.published import RUNS_SHOWN, data_quality_history, data_quality_rows, gate_runs
from quality.suites.vocabulary import Subject
from quality.verdicts import Verdict, create_verdict_table, drop_old_verdicts, latest_verdicts, refusals, store_verdicts

AS_OF = date(2024, 6, 30)
MART = Subject("marts.people", "Correct the model.")
CHECK = MART.filled("id")[0]
WARNING = MART.has_rows(Severity.WARN)
RAW_CHECK = Subject("raw_files.crm_orders", "Deliver again.").filled("order_id")[0]


@pytest.fixture
def connection(monkeypatch):
    suites = {Gate.RAW: (RAW_CHECK,), Gate.MARTS: (CHECK, WARNING)}
    monkeypatch.setattr(store, "checks_of", lambda gate: suites.get(Gate(gate), ()))
    with duckdb.connect() as opened:
        opened.execute("create schema marts; create schema raw_files; create schema ops")
        opened.execute("create table marts.people as select 1 as id")
        opened.execute("create table raw_files.crm_orders as select 'o' as order_id, 1 as _load_seq")
        opened.execute(
            """create table ops.loads as select 1 as load_seq, 'files' as source, 'crm_orders' as entity,
            'loaded' as status, 'abc' as content_hash, 3 as delivered_count, 1 as accepted_count,
            2 as quarantined_count"""
        )
        opened.execute("create schema quarantine")
        opened.execute(
            """create table quarantine.balance as select 'files' as source, 'crm_orders' as entity, 1 as open_count,
            1 as waiting_count, 4 as discarded_count"""
        )
        yield opened


def verdict(connection, gate, check, outcome=Outcome.PASS, as_of=AS_OF, **other):
    fields = {
        "run_id": "run",
        "gate": gate,
        "table_name": check.table,
        "check_name": check.name,
        "severity": check.severity,
        "outcome": outcome,
        "observed": None,
        "threshold": "no null",
        "unexpected_count": 0,
        "row_count": 1,
        "data_fingerprint": Fingerprints(connection).of(check.tables),
        "check_definition": check.definition,
        "as_of": as_of,
        "evaluated_at": datetime(2024, 7, 1),
        "message": "" if outcome is Outcome.PASS else "1 of 1 rows break it",
        "is_blocking": outcome is not Outcome.PASS and check.severity is Severity.ERROR,
    }
    return Verdict(**fields | other)


def store_passes(connection, **other):
    store_verdicts(connection, Gate.RAW, "run", [verdict(connection, Gate.RAW, RAW_CHECK)])
    store_verdicts(connection, Gate.MARTS, "run", [verdict(connection, Gate.MARTS, CHECK, **other)])


def reasons(connection, as_of=AS_OF):
    return [(refusal.table, refusal.check, refusal.reason) for refusal in refusals(connection, as_of)]


def test_stored_passes_on_the_present_data_allow_a_publication(connection):
    store_passes(connection)
    assert reasons(connection) == []


def test_a_check_that_did_not_run_refuses(connection):
    assert reasons(connection) == [
        ("raw_files.crm_orders", "filled__order_id", "did_not_run"),
        ("marts.people", "filled__id", "did_not_run"),
    ]


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [(Outcome.FAIL, "failed"), (Outcome.ERROR, "errored"), (Outcome.NOT_EVALUATED, "not_evaluated")],
)
def test_anything_but_a_pass_refuses(connection, outcome, reason):
    store_passes(connection, outcome=outcome)
    assert reasons(connection) == [("marts.people", "filled__id", reason)]


def test_a_warning_refuses_nothing(connection):
    passed = verdict(connection, Gate.MARTS, CHECK)
    warned = verdict(connection, Gate.MARTS, WARNING, Outcome.FAIL)
    store_passes(connection)
    store_verdicts(connection, Gate.MARTS, "later", [passed, warned])
    assert reasons(connection) == []


def test_a_pass_on_other_data_refuses(connection):
    store_passes(connection)
    connection.execute("insert into marts.people values (2)")
    assert reasons(connection) == [("marts.people", "filled__id", "ran_on_other_data")]


def test_a_new_delivery_after_the_raw_gate_refuses(connection):
    store_passes(connection)
    connection.execute("insert into raw_files.crm_orders values ('p', 2)")
    assert reasons(connection) == [("raw_files.crm_orders", "filled__order_id", "ran_on_other_data")]


def test_a_pass_for_another_as_of_refuses(connection):
    store_passes(connection)
    assert reasons(connection, date(2024, 7, 1)) == [("marts.people", "filled__id", "ran_for_other_as_of")]


def test_a_pass_of_an_older_definition_refuses(connection):
    store_passes(connection, check_definition="of yesterday")
    assert reasons(connection) == [("marts.people", "filled__id", "check_has_changed")]


def test_a_pass_on_a_table_that_was_missing_refuses(connection):
    store_passes(connection, data_fingerprint=None)
    assert reasons(connection) == [("marts.people", "filled__id", "ran_on_other_data")]


def test_the_latest_verdict_counts_even_when_the_clock_went_back(connection):
    store_passes(connection)
    later = verdict(connection, Gate.MARTS, CHECK, Outcome.FAIL, run_id="later", evaluated_at=datetime(2020, 1, 1))
    store_verdicts(connection, Gate.MARTS, "later", [later])
    assert reasons(connection) == [("marts.people", "filled__id", "failed")]


def test_a_gate_that_stopped_before_a_check_leaves_no_older_pass_behind(connection):
    store_passes(connection)
    store_verdicts(connection, Gate.MARTS, "later", [])
    store_verdicts(connection, Gate.MARTS, "later", [verdict(connection, Gate.MARTS, WARNING)])
    assert reasons(connection) == [("marts.people", "filled__id", "did_not_run")]


def test_a_mart_without_a_suite_refuses(connection):
    store_passes(connection)
    connection.execute("create table marts.surprise as select 1 as id")
    assert reasons(connection) == [("marts.surprise", "has_a_suite", "undeclared")]


def test_a_gate_evaluated_twice_by_one_run_is_stored_once(connection):
    store_passes(connection)
    store_passes(connection)
    assert connection.execute("select count(*) from ops.quality_verdicts").fetchone() == (2,)
    assert len(latest_verdicts(connection)) == 2


def test_storing_fails_as_a_whole(connection):
    store_passes(connection)
    broken = verdict(connection, Gate.MARTS, CHECK, as_of="no date")
    with pytest.raises(duckdb.Error):
        store_verdicts(connection, Gate.MARTS, "run", [broken])
    assert len(latest_verdicts(connection)) == 2


def test_refusal_says_what_happened_and_what_to_do(connection):
    store_passes(connection, outcome=Outcome.FAIL)
    message = refusals(connection, AS_OF)[0].message
    assert message == "marts.people: filled__id failed (1 of 1 rows break it). Correct the model."


def test_data_quality_counts_the_quarantine_of_raw_tables(connection):
    store_passes(connection)
    rows = {row["table"]: row for row in data_quality_rows(connection)}
    assert rows["raw_files.crm_orders"]["quarantined_count"] == 2
    assert rows["marts.people"]["quarantined_count"] is None
    assert set(rows["marts.people"]) == set(QUALITY_TABLES[DATA_QUALITY].columns)


def test_the_history_holds_a_verdict_per_check_and_run_of_the_last_runs_and_of_stopped_ones(connection):
    for number in range(RUNS_SHOWN + 2):
        stopped = verdict(connection, Gate.MARTS, CHECK, Outcome.FAIL, run_id=f"run {number}", batch=str(number))
        store_verdicts(connection, Gate.MARTS, f"run {number}", [stopped])
    store_verdicts(connection, Gate.RAW, "first", [verdict(connection, Gate.RAW, RAW_CHECK, run_id="first")])
    history = data_quality_history(connection)
    assert set(history.column_names) == set(QUALITY_TABLES[DATA_QUALITY_HISTORY].columns)
    rows = {(row["run_id"], row["gate"]): row for row in history.to_pylist()}
    kept = {(f"run {number}", Gate.MARTS) for number in range(2, RUNS_SHOWN + 2)}
    assert set(rows) == kept | {("first", Gate.RAW)}
    assert len(rows) == history.num_rows
    assert (rows["run 2", Gate.MARTS]["outcome"], rows["run 2", Gate.MARTS]["batch"]) == (Outcome.FAIL, "2")


def test_a_publication_rests_on_the_run_that_evaluated_each_gate_last(connection):
    store_passes(connection)
    later = verdict(connection, Gate.MARTS, CHECK, run_id="later")
    store_verdicts(connection, Gate.MARTS, "later", [later])
    assert gate_runs(connection) == {Gate.RAW: "run", Gate.MARTS: "later"}


def test_a_table_of_verdicts_of_an_older_version_gets_the_columns_it_lacks(connection):
    store_passes(connection)
    connection.execute(f"alter table {store.TABLE} drop column batch")
    create_verdict_table(connection)
    assert {found.batch for found in latest_verdicts(connection)} == {None}


def test_old_verdicts_are_dropped_but_the_latest_of_a_gate_and_those_asked_for(connection):
    old = {"evaluated_at": datetime(2024, 1, 1)}
    for run_id in ("published", "forgotten", "latest"):
        store_verdicts(connection, Gate.MARTS, run_id, [verdict(connection, Gate.MARTS, CHECK, run_id=run_id, **old)])
    kept = [(Gate.MARTS, "published"), (Gate.RAW, "forgotten")]
    assert drop_old_verdicts(connection, datetime(2023, 12, 31), []) == 0
    assert drop_old_verdicts(connection, datetime(2024, 1, 2), kept) == 1
    left = connection.execute(f"select run_id from {store.TABLE} order by evaluation").fetchall()
    assert left == [("published",), ("latest",)]
    assert drop_old_verdicts(connection, datetime(2024, 1, 2), []) == 1


def test_before_the_first_gate_there_are_no_verdicts(connection):
    assert latest_verdicts(connection) == ()
    assert data_quality_rows(connection) == []
