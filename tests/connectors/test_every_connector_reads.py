"""What every connector must keep, whatever the vendor: nothing lost and nothing stored twice.

One suite, run against the sandbox in each vendor's protocol. Failures are in `test_every_connector_endures.py`.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingestion.sandbox.server import faults
from ingestion.sources.errors import VanishedFieldError
from ingestion.sources.loading import check_source, load_source
from ingestion.sources.model import Window
from tests.connectors.benches import START


def test_records_fit_the_declared_schema_and_keys_are_unique_and_filled(trial):
    trial.people(7)
    [done] = trial.load().resources
    assert (done.promotion.accepted, done.promotion.quarantined, done.promotion.new_members) == (7, 0, ())
    key = ", ".join(trial.connector.resource(trial.bench.table).table.key)
    assert trial.rows(f"select count(*), count(distinct ({key})), count(({key})) from {trial.raw}") == [(7, 7, 7)]


def test_a_full_read_is_complete_and_a_second_one_adds_nothing_for_three_requests_at_most(trial):
    trial.people(8)
    trial.load()
    assert trial.versions() == trial.expected(8)
    trial.wait(hours=1)
    second = trial.load()
    assert trial.versions() == trial.expected(8)
    [done] = second.resources
    assert (done.promotion.accepted, done.promotion.quarantined) == (0, 0)
    trial.wait(hours=1)
    trial.people(1, first=9, at=trial.store.now)
    trial.wait(hours=1)
    trial.load()
    trial.wait(hours=1)
    assert trial.load().request_count <= 3


def test_an_empty_account_is_loaded_as_nothing_and_remembered(trial):
    [done] = trial.load().resources
    assert done.promotion.delivered == 0
    assert trial.rows(f"select count(*) from {trial.raw}") == [(0,)]
    assert trial.rows("select source, entity, status, delivered_count from ops.loads") == [
        (trial.bench.name, trial.bench.table, "loaded", 0)
    ]


def test_changes_are_read_with_the_next_load_and_older_versions_are_kept(trial):
    trial.people(5)
    trial.load()
    trial.bench.put(trial.store, 2, trial.store.now + timedelta(minutes=5), "second")
    trial.people(1, first=6, at=trial.store.now + timedelta(minutes=6))
    trial.wait(hours=1)
    trial.load()
    assert trial.versions() == sorted([*trial.expected(6), (trial.bench.key(2), "second")])


@pytest.mark.parametrize("page", [0, 1, 2])
def test_an_update_between_two_pages_is_neither_lost_nor_doubled(trial, page):
    trial.people(9)

    def update():
        trial.wait(seconds=30)
        trial.bench.put(trial.store, 2, trial.store.now, "second")
        trial.bench.put(trial.store, 8, trial.store.now, "second")

    trial.sandbox.faults.plan(*[None] * page, faults.meanwhile(update))
    trial.load()
    trial.sandbox.faults.clear()
    trial.wait(hours=1)
    trial.load()
    trial.wait(hours=1)
    trial.load()
    found = trial.versions()
    assert len(found) == len(set(found))
    latest = {number: "second" if number in (2, 8) else "first" for number in range(1, 10)}
    assert {(trial.bench.key(number), word) for number, word in latest.items()} <= set(found)


def test_records_of_one_instant_are_all_read_also_when_they_fill_several_pages(trial):
    trial.people(10, at=START)
    trial.load()
    assert trial.versions() == trial.expected(10)
    trial.people(4, first=11, at=trial.store.now)
    trial.wait(seconds=1)
    trial.load()
    trial.people(4, first=15, at=trial.store.now - timedelta(seconds=1))
    trial.wait(hours=1)
    trial.load()
    assert trial.versions() == trial.expected(18)


def changing(trial, change):
    """A fault that changes every record of an answer, or the record of one person."""

    def body(answer):
        for record in trial.bench.listed(answer):
            change(record)
        return answer

    return faults.changed(body)


def test_a_changed_type_is_quarantined_with_its_record_and_the_others_are_loaded(trial):
    trial.people(5)

    def spoil(record):
        if trial.bench.is_about(record, 3):
            trial.bench.holder(record)[trial.bench.email[-1]] = ["a", "list"]

    trial.sandbox.faults.always = changing(trial, spoil)
    [done] = trial.load().resources
    assert (done.promotion.accepted, done.promotion.quarantined) == (4, 1)
    [(source, entity, column, reason)] = trial.rows(
        "select source, entity, column_name, reason from quarantine.rejected_rows"
    )
    assert (source, entity) == (trial.bench.name, trial.bench.table)
    assert column == trial.bench.column
    assert reason == f"{column} is array in the vendor's answer, text was expected"
    assert (trial.bench.key(3), "first") not in trial.versions()
    [again] = load_source(
        trial.settings, trial.connector, tables=[trial.bench.table], make_client=trial.client
    ).resources
    assert again.promotion.quarantined == 0, "the same misfit is kept once"


def test_a_new_field_is_kept_as_json_and_reported_unless_it_is_called_by_an_address(trial):
    trial.people(4)
    new = {"shoe_size": 43, "ada@example.org": "yes"}
    trial.sandbox.faults.always = changing(trial, lambda record: trial.bench.holder(record).update(new))
    [done] = trial.load().resources
    container = "".join(f"/{member}" for member in trial.bench.email[:-1])
    pointer = f"{container}/shoe_size"
    assert done.promotion.new_members == (f"{container}/(not shown)", pointer)
    [(members, message)] = trial.rows("select drift_columns, message from ops.loads")
    assert members == list(done.promotion.new_members)
    assert pointer in message
    assert "ada@" not in message
    assert trial.rows(f"select distinct _extra->>'{pointer}' from {trial.raw}") == [("43",)]


def test_a_required_field_that_vanished_is_an_error_and_nothing_moves(trial):
    trial.people(4)
    trial.load()
    trial.people(3, first=5, at=trial.store.now)
    trial.wait(hours=1)

    def strip(body):
        for record in trial.bench.records(body):
            (record["data"]["object"] if "data" in record else record).pop(trial.bench.required, None)
        return body

    trial.sandbox.faults.always = faults.changed(strip)
    with pytest.raises(VanishedFieldError, match="none of"):
        trial.load()
    trial.sandbox.faults.clear()
    trial.load()
    assert trial.versions() == trial.expected(7)


def test_a_record_dated_in_the_future_does_not_hide_what_changes_until_then(trial):
    trial.people(3)

    def postdate(record):
        *parents, member = trial.bench.clock or [""]
        for parent in parents:
            record = record[parent]
        if member in record:
            record[member] = trial.bench.future

    def postdate_one(record):
        if trial.bench.is_about(record, 2):
            postdate(record)

    trial.sandbox.faults.always = changing(trial, postdate_one)
    trial.load()
    trial.sandbox.faults.clear()
    trial.people(2, first=4, at=trial.store.now + timedelta(minutes=1))
    trial.wait(hours=1)
    trial.load()
    assert {(trial.bench.key(4), "first"), (trial.bench.key(5), "first")} <= set(trial.versions())


def test_a_window_is_read_without_moving_the_cursor(trial):
    trial.people(6)
    trial.load()
    before = trial.rows("select max(source_cursor) from ops.loads")
    [done] = trial.load(window=Window(since=START + timedelta(seconds=3))).resources
    assert (done.promotion.accepted, done.promotion.quarantined) == (0, 0)
    assert trial.rows("select max(source_cursor) from ops.loads") == before


def test_checking_a_source_reads_one_page_of_each_resource_and_loads_nothing(trial):
    trial.people(5)
    found = check_source(trial.settings, trial.connector, make_client=trial.client)
    assert found[trial.bench.table] == 3
    assert set(found) == {resource.table.name for resource in trial.connector.resources}
    assert not trial.settings.warehouse.exists()
