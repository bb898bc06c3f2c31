"""What is Klaviyo's own: documents linked by cursors, filters, metrics of others, addresses beside events."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ingestion.sandbox.server import faults
from ingestion.sandbox.server.klaviyo import METRICS, KlaviyoProtocol
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Request, Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources.client import Client
from ingestion.sources.errors import ForbiddenAddressError
from ingestion.sources.klaviyo import settings as klaviyo
from ingestion.sources.klaviyo.records import all_of, instant_text
from ingestion.sources.model import Window
from ingestion.sources.registry import connector_named
from tests.connectors.benches import SECRET, START

KLAVIYO = connector_named("klaviyo")


@pytest.fixture
def sandbox():
    store = Store(START + timedelta(hours=1))
    with serving(Sandbox(store, {"klaviyo": KlaviyoProtocol(store, SECRET)})) as sandbox:
        yield sandbox


@pytest.fixture
def read(sandbox):
    made = Settings(_env_file=None, klaviyo_base_url=sandbox.base_url("klaviyo"), klaviyo_key=SECRET)
    client = Client(KLAVIYO, made, sleep=lambda _seconds: None)
    yield lambda table, window=Window(): [  # noqa: B008 - a window is frozen
        record for page in KLAVIYO.resource(table).read(client, window) for record in page
    ]
    client.close()


def put_profile(store, number, at=START):
    store.put("klaviyo.profiles", f"P{number}", at, {"email": f"person{number}@example.org"})


def put_event(store, number, at, metric="Opened Email", profile=1):
    metric_id = METRICS.get(metric, metric)
    record = {"profile": f"P{profile}", "properties": {"$message": "M1"}}
    store.put(f"klaviyo.events.{metric_id}", f"E{number}", at, record)


def put_campaign(store, number, at, *, is_archived=False):
    messages = [{"id": f"M{number}", "attributes": {"definition": {"content": {"subject": f"Hello {number}"}}}}]
    record = {"name": f"Spring {number}", "status": "Sent", "archived": is_archived, "messages": messages}
    store.put("klaviyo.campaigns", f"C{number}", at, record)


def test_events_carry_their_metric_and_the_address_of_their_profile_on_every_page(sandbox, read, monkeypatch):
    monkeypatch.setattr(klaviyo, "EVENT_PAGE_SIZE", 2)
    for number in (1, 2):
        put_profile(sandbox.store, number)
    for number in range(1, 6):
        put_event(sandbox.store, number, START + timedelta(minutes=number), profile=1 + number % 2)
    put_event(sandbox.store, 6, START, "Bounced Email")
    found = {record["id"]: (record["metric"], record["email"]) for record in read("events")}
    assert found == {
        **{f"E{number}": ("Opened Email", f"person{1 + number % 2}@example.org") for number in range(1, 6)},
        "E6": ("Bounced Email", "person1@example.org"),
    }


def test_new_events_of_all_metrics_that_fit_on_a_page_cost_one_request_and_are_the_same_read_one_by_one(
    sandbox, read, monkeypatch
):
    for number, metric in enumerate(["Opened Email", "Bounced Email", "ApiOpn", "PlcOrd", "Clicked Email"]):
        put_profile(sandbox.store, number)
        put_event(sandbox.store, number, START + timedelta(minutes=number), metric, profile=number)
    at_once = read("events", Window(since=START))
    assert len(sandbox.requests) == 1
    assert [record["id"] for record in at_once] == ["E0", "E1", "E4"]
    monkeypatch.setattr(klaviyo, "EVENT_PAGE_SIZE", 4)
    one_by_one = read("events", Window(since=START))
    assert len(sandbox.requests) == 1 + 1 + 1 + len(METRICS)
    assert sorted(one_by_one, key=lambda record: record["id"]) == at_once


def test_an_event_of_a_deleted_profile_is_kept_without_an_address(sandbox, read):
    put_profile(sandbox.store, 1)
    put_event(sandbox.store, 1, START)
    sandbox.store.put("klaviyo.profiles", "P1", START + timedelta(minutes=1), {}, is_deleted=True)
    [event] = read("events")
    assert (event["profile_id"], event["email"]) == ("P1", None)


def test_a_metric_of_another_system_is_not_klaviyos_whatever_it_is_called(sandbox, read):
    put_profile(sandbox.store, 1)
    put_event(sandbox.store, 1, START, metric="ApiOpn")
    assert read("events") == []


def test_campaigns_are_read_with_their_messages_also_when_they_were_archived(sandbox, read):
    put_campaign(sandbox.store, 1, START)
    put_campaign(sandbox.store, 2, START, is_archived=True)
    found = {record["id"]: record["messages"] for record in read("campaigns")}
    assert {key: messages[0]["definition"]["content"]["subject"] for key, messages in found.items()} == {
        "C1": "Hello 1",
        "C2": "Hello 2",
    }


def test_a_window_holds_its_first_instant_and_not_its_last(sandbox, read):
    for number in range(1, 6):
        at = START + timedelta(minutes=number)
        put_profile(sandbox.store, number, at)
        put_campaign(sandbox.store, number, at)
        put_event(sandbox.store, number, at)
    window = Window(since=START + timedelta(minutes=2), until=START + timedelta(minutes=4))
    assert [record["id"] for record in read("profiles", window)] == ["P2", "P3"]
    assert [record["id"] for record in read("campaigns", window)] == ["C2", "C3"]
    assert [record["id"] for record in read("events", window)] == ["E2", "E3"]


def test_a_link_to_another_host_is_not_followed(sandbox, read):
    put_profile(sandbox.store, 1)
    sandbox.faults.always = faults.changed(
        lambda body: {**body, "links": {"next": "https://collector.example.com/api/profiles?page%5Bcursor%5D=a"}}
    )
    with pytest.raises(ForbiddenAddressError, match="another host"):
        read("profiles")
    assert len(sandbox.requests) == 1


def test_instants_in_filters_are_utc_and_conditions_are_joined():
    assert instant_text(datetime.fromisoformat("2026-03-02T09:00:00.1239+02:00")) == "2026-03-02T07:00:00.123Z"
    assert all_of("", "a(b,1)") == "a(b,1)"
    assert all_of("a(b,1)", "", "c(d,2)") == "and(a(b,1),c(d,2))"
    assert all_of("", "") == ""


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        ({"Authorization": f"Klaviyo-API-Key {SECRET}"}, {}, 400),
        ({"Authorization": "Klaviyo-API-Key wrong", "revision": klaviyo.API_VERSION}, {}, 401),
        (
            {"Authorization": f"Klaviyo-API-Key {SECRET}", "revision": klaviyo.API_VERSION},
            {"filter": "greater-or-equal(updated,2026-03-02T07:00:00.000Z)", "sort": "updated"},
            400,
        ),
    ],
    ids=["no revision", "wrong key", "a filter profiles do not know"],
)
def test_the_sandbox_refuses_what_klaviyo_refuses(headers, query, status):
    protocol = KlaviyoProtocol(Store(START), SECRET)
    assert protocol(Request("GET", "/api/profiles", query, headers, None, "http://127.0.0.1")).status == status
