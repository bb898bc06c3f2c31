"""What Typeform has that others have not: late responses, several forms, whole seconds with both ends included."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingestion.sandbox.server import faults
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.typeform import TypeformProtocol
from ingestion.sandbox.server.web import Request, Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources.client import Client
from ingestion.sources.errors import ProtocolError
from ingestion.sources.loading import load_source
from ingestion.sources.model import Window
from ingestion.sources.registry import connector_named
from ingestion.sources.typeform import settings as typeform
from ingestion.sources.typeform.records import has_changed_in, span_of
from ingestion.warehouse import connect
from tests.connectors.bench import SECRET, START

TYPEFORM = connector_named("typeform")


@pytest.fixture
def sandbox():
    store = Store(START)
    with serving(Sandbox(store, {"typeform": TypeformProtocol(store, SECRET)})) as sandbox:
        yield sandbox


def settings_for(sandbox, folder):
    address = sandbox.base_url("typeform")
    return Settings(data_dir=folder / "data", typeform_base_url=address, typeform_token=SECRET, _env_file=None)


def put_form(store, form_id, at=START):
    store.put("typeform.forms", form_id, at, {"title": form_id, "fields": [], "hidden": []})


def put_response(store, form_id, token, at):
    store.put(f"typeform.responses.{form_id}", token, at, {"answers": []})


def responses(settings):
    with connect(settings, read_only=True) as connection:
        return connection.execute("select form_id, response_id from raw_typeform.responses order by all").fetchall()


def test_a_response_that_is_listed_after_a_later_one_is_not_lost(sandbox, tmp_path):
    settings, store = settings_for(sandbox, tmp_path), sandbox.store
    put_form(store, "f1")
    put_response(store, "f1", "a1", START + timedelta(minutes=1))
    put_response(store, "f1", "a2", START + timedelta(minutes=28))
    store.move_to(START + timedelta(minutes=29))
    load_source(settings, TYPEFORM)
    assert responses(settings) == [("f1", "a2")], "Typeform keeps the earlier one back"
    store.move_to(START + timedelta(minutes=40))
    load_source(settings, TYPEFORM)
    assert responses(settings) == [("f1", "a1"), ("f1", "a2")]


def test_a_token_that_two_forms_gave_is_two_responses(sandbox, tmp_path):
    settings, store = settings_for(sandbox, tmp_path), sandbox.store
    for form_id in ("f1", "f2"):
        put_form(store, form_id)
        put_response(store, form_id, "a2", START)
    load_source(settings, TYPEFORM)
    assert responses(settings) == [("f1", "a2"), ("f2", "a2")]


def test_only_forms_that_have_changed_are_read_again(sandbox, tmp_path):
    settings, store = settings_for(sandbox, tmp_path), sandbox.store
    put_form(store, "f1", START - timedelta(days=1))
    put_form(store, "f2")
    load_source(settings, TYPEFORM, tables=["forms"])
    put_form(store, "f2", START + timedelta(hours=1))
    store.move_to(START + timedelta(hours=2))
    assert load_source(settings, TYPEFORM, tables=["forms"]).request_count == 2
    with connect(settings, read_only=True) as connection:
        found = connection.execute("select id, count(*) from raw_typeform.forms group by id order by id").fetchall()
    assert found == [("f1", 1), ("f2", 2)]


def test_forms_of_several_pages_are_all_read_and_one_that_vanishes_meanwhile_stops_the_read(
    sandbox, tmp_path, monkeypatch
):
    monkeypatch.setattr(typeform, "FORMS_PAGE_SIZE", 2)
    for number in range(5):
        put_form(sandbox.store, f"f{number}", START - timedelta(hours=number))
    client = Client(TYPEFORM, settings_for(sandbox, tmp_path))
    read = TYPEFORM.resource("forms").read
    assert [page[0]["id"] for page in read(client, Window())] == ["f0", "f1", "f2", "f3", "f4"]

    def skip_one(body):
        return {**body, "items": body["items"][1:]}

    sandbox.faults.plan(None, faults.changed(skip_one))
    with pytest.raises(ProtocolError, match="list of forms changed"):
        list(read(client, Window()))
    client.close()


def test_a_window_becomes_whole_seconds_with_both_ends_included():
    noon = datetime(2026, 6, 30, 12, tzinfo=UTC)
    assert span_of(Window()) == {}
    assert span_of(Window(noon, noon + timedelta(seconds=5))) == {
        "since": "2026-06-30T12:00:00Z",
        "until": "2026-06-30T12:00:04Z",
    }
    half = timedelta(milliseconds=500)
    assert span_of(Window(noon + half, noon + timedelta(seconds=5) + half)) == {
        "since": "2026-06-30T12:00:00Z",
        "until": "2026-06-30T12:00:05Z",
    }


@pytest.mark.parametrize(
    ("updated_at", "is_wanted"),
    [
        ("2026-03-02T08:59:59Z", False),
        ("2026-03-02T09:00:00Z", True),
        ("2026-03-02T09:59:59Z", True),
        ("2026-03-02T10:00:00Z", False),
        (None, True),
    ],
)
def test_a_form_is_read_when_it_changed_in_the_window_or_does_not_say_when(updated_at, is_wanted):
    window = Window(START, START + timedelta(hours=1))
    assert has_changed_in({"id": "f1", "last_updated_at": updated_at}, window) is is_wanted
    assert has_changed_in({"id": "f1", "last_updated_at": updated_at}, Window())


def test_the_sandbox_refuses_a_place_in_the_list_together_with_an_order():
    store = Store(START)
    put_form(store, "f1")
    query = {"before": "a2", "sort": "submitted_at,asc"}
    request = Request("GET", "/forms/f1/responses", query, {"Authorization": f"Bearer {SECRET}"}, None, "")
    assert TypeformProtocol(store, SECRET)(request).status == 400
