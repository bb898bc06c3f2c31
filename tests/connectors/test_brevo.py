"""What is Brevo's own: contacts deleted between pages, events by days and without numbers, its header for waiting."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ingestion.sandbox.server import faults
from ingestion.sandbox.server.brevo import BrevoProtocol
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources.brevo import settings as brevo
from ingestion.sources.brevo.records import event_days, event_records, instant_text
from ingestion.sources.client import Client
from ingestion.sources.model import Window
from ingestion.sources.registry import connector_named
from tests.connectors.benches import SECRET, START

BREVO = connector_named("brevo")


@pytest.fixture
def sandbox():
    store = Store(START + timedelta(hours=1))
    with serving(Sandbox(store, {"brevo": BrevoProtocol(store, SECRET)})) as sandbox:
        yield sandbox


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def read(sandbox, pauses):
    made = Settings(_env_file=None, brevo_base_url=sandbox.base_url("brevo"), brevo_key=SECRET)
    client = Client(BREVO, made, sleep=pauses.append)
    yield lambda table, window=Window(): [  # noqa: B008 - a window is frozen
        record for page in BREVO.resource(table).read(client, window) for record in page
    ]
    client.close()


def put_event(store, number, at, event="delivered"):
    record = {"email": f"person{number}@example.org", "messageId": f"<{number}@mail>", "event": event}
    store.put("brevo.events", f"{number}:{event}", at, record)


def test_a_contact_deleted_between_two_pages_hides_nobody(sandbox, read, monkeypatch):
    monkeypatch.setattr(brevo, "PAGE_SIZE", 3)
    for number in range(1, 10):
        record = {"email": f"person{number}@example.org", "attributes": {}}
        sandbox.store.put("brevo.contacts", str(number), START + timedelta(seconds=number), record)
    first = sandbox.store.now
    sandbox.faults.plan(
        faults.meanwhile(lambda: sandbox.store.put("brevo.contacts", "1", first, {"attributes": {}}, is_deleted=True))
    )
    assert {record["id"] for record in read("contacts")} == set(range(1, 10))


def test_the_first_read_of_events_asks_for_ninety_days_at_most_and_goes_on_to_the_last_page(sandbox, read, monkeypatch):
    monkeypatch.setattr(brevo, "EVENT_PAGE_SIZE", 2)
    for number, days in enumerate((95, 80, 40, 3, 0), start=1):
        put_event(sandbox.store, number, START - timedelta(days=days))
    assert [record["messageId"] for record in read("events")] == ["<2@mail>", "<3@mail>", "<4@mail>", "<5@mail>"]


def test_an_account_without_events_or_campaigns_has_none(read):
    assert read("events") == []
    assert read("campaigns") == []


def test_a_window_ends_where_it_was_asked_to_end(sandbox, read):
    for number in range(1, 5):
        put_event(sandbox.store, number, START + timedelta(minutes=number))
        record = {"email": f"person{number}@example.org", "attributes": {}}
        sandbox.store.put("brevo.contacts", str(number), START + timedelta(minutes=number), record)
    window = Window(since=START, until=START + timedelta(minutes=3))
    assert [record["messageId"] for record in read("events", window)] == ["<1@mail>", "<2@mail>"]
    assert [record["id"] for record in read("contacts", window)] == [1, 2]


def test_days_begin_one_early_because_the_account_may_be_behind_utc_and_never_before_what_is_kept():
    today, kept = date(2026, 6, 30), timedelta(days=90)
    assert event_days(Window(), today, kept) == (date(2026, 4, 2), today)
    since = datetime(2026, 6, 29, 1, tzinfo=UTC)
    assert event_days(Window(since=since), today, kept) == (date(2026, 6, 28), today)
    long_ago = Window(since=datetime(2025, 1, 1, tzinfo=UTC), until=datetime(2025, 2, 1, tzinfo=UTC))
    first, last = event_days(long_ago, today, kept)
    assert first > last


def test_an_event_has_the_same_identifier_whenever_it_is_read_and_another_one_than_its_neighbour():
    event = {"email": "a@example.org", "messageId": "<1@mail>", "event": "clicks", "date": "2026-03-02T09:00:00.000Z"}
    one, again, other = event_records([event, {**event, "subject": "Hello"}, {**event, "link": "https://example.org"}])
    assert one["id"] == again["id"] != other["id"]


def test_instants_are_asked_for_in_utc_with_milliseconds():
    assert instant_text(datetime.fromisoformat("2026-03-02T09:00:00.1239+02:00")) == "2026-03-02T07:00:00.123Z"


@pytest.mark.parametrize(("status", "pause"), [(429, 17.0), (500, 0.5)])
def test_brevos_own_header_says_how_long_to_wait_when_there_were_too_many_requests(
    sandbox, read, pauses, status, pause
):
    sandbox.faults.plan(faults.status(status, x_sib_ratelimit_reset="17"))
    read("contacts")
    assert pauses == [pause]
