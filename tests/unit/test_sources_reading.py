"""What a read hands on: all records in order, several pages at a time, and nothing of an empty page."""

from __future__ import annotations

import threading
from contextlib import closing
from itertools import count
from types import SimpleNamespace

import pytest

from ingestion.sources import reading
from ingestion.sources.errors import ProtocolError
from ingestion.sources.model import Field, Kind, RawTable, Resource, Window
from ingestion.sources.reading import Reading

TABLE = RawTable("things", "One row per thing.", ("id",), (Field("id", Kind.INTEGER, "Number.", required=True),))
PAGES = [[{"id": 1, "a": "ä"}, {"id": 2}], [], [{"id": 3}], [{"id": 4}, {"id": 5}]]


def handed_on(monkeypatch, size):
    monkeypatch.setattr(reading, "TABLE_BYTES", size)
    resource = Resource(TABLE, lambda _client, _window: iter(PAGES))
    client = SimpleNamespace(server_time=None, stop=lambda: None)
    return [table.to_pylist() for table in Reading(resource, client, None, Window()).tables()]


@pytest.mark.parametrize(("size", "rows"), [(1, [2, 1, 2]), (26, [3, 2]), (1_000, [5])])
def test_pages_are_handed_on_together_until_they_are_large_enough(monkeypatch, size, rows):
    assert [len(table) for table in handed_on(monkeypatch, size)] == rows


@pytest.mark.parametrize("size", [1, 26, 1_000])
def test_records_keep_their_order_and_places_however_many_are_handed_on_at_once(monkeypatch, size):
    found = [row for table in handed_on(monkeypatch, size) for row in table]
    assert [row["position"] for row in found] == [1, 2, 3, 4, 5]
    assert [row["record"] for row in found] == [
        '{"a":"ä","id":1}', '{"id":2}', '{"id":3}', '{"id":4}', '{"id":5}'
    ]  # fmt: skip


def test_a_read_that_is_left_sends_nothing_more_and_leaves_no_thread(monkeypatch):
    monkeypatch.setattr(reading, "TABLE_BYTES", 1)
    stopped = []
    client = SimpleNamespace(server_time=None, stop=lambda: stopped.append(True))
    endless = Resource(TABLE, lambda _client, _window: ([{"id": number}] for number in count()))
    with closing(Reading(endless, client, None, Window()).tables()) as tables:
        assert next(tables).num_rows == 1
    assert stopped == [True]
    assert [one for one in threading.enumerate() if one.name == "read ahead"] == []


def test_records_that_are_no_objects_are_the_vendors_fault():
    client = SimpleNamespace(server_time=None, stop=lambda: None)
    resource = Resource(TABLE, lambda _client, _window: iter([[{"id": 1}], [17]]))
    with pytest.raises(ProtocolError, match="no JSON objects"):
        list(Reading(resource, client, None, Window()).tables())
