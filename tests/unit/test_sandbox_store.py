"""What a protocol makes of the vendors' records is kept, and never longer than the records stay as they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingestion.sandbox.server.store import Store

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def store():
    made = Store(START)
    made.put("things", "1", START, {"word": "first"})
    return made


def words(store, calls):
    def make():
        calls.append(1)
        return [one.record["word"] for one in store.by_key("things")]

    return store.made("words of things", make)


def test_what_is_made_of_records_is_made_once_while_nothing_changes(store):
    calls = []
    assert [words(store, calls) for _ in range(3)] == [["first"]] * 3
    assert len(calls) == 1


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda store: store.put("things", "2", START, {"word": "second"}), ["first", "second"]),
        (lambda store: store.put("things", "1", START, {}, is_deleted=True), []),
        (lambda store: store.amend("things", "1", {"word": "amended"}), ["amended"]),
        (lambda store: store.move_to(START - timedelta(days=1)), []),
    ],
    ids=["another record", "a deletion", "an amendment", "another time"],
)
def test_it_is_made_anew_when_records_or_the_time_change(store, change, found):
    calls = []
    words(store, calls)
    change(store)
    assert words(store, calls) == found
