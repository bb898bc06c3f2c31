"""Vendors that allow so many requests and no more, and a sandbox that fails now and then: all records come anyway."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingestion.sandbox.server.faults import sometimes, status
from ingestion.sandbox.server.hubspot import HubspotProtocol
from ingestion.sandbox.server.limits import DOCUMENTED, Allowance, Limits
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Request, Response, Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources.client import Client
from ingestion.sources.hubspot import settings as hubspot
from ingestion.sources.model import Window
from ingestion.sources.registry import CONNECTORS, connector_named
from tests.connectors.benches import SECRET, START

PEOPLE = {str(number) for number in range(1, 21)}


class Time:
    """Time that passes only when somebody waits."""

    def __init__(self) -> None:
        self.now, self.waits = 0.0, []

    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.waits.append(seconds)


@pytest.fixture
def clock():
    return Time()


@pytest.fixture
def pulled(monkeypatch, clock):
    """Pulls twenty contacts, two a page, and gives their numbers in the order they came, and how often was asked."""
    monkeypatch.setattr(hubspot, "PAGE_SIZE", 2)
    store = Store(START + timedelta(days=1))
    for number in PEOPLE:
        store.put("hubspot.contacts", number, START, {"properties": {"email": f"person{number}@example.org"}})

    def pull(limits=None, fault=None):
        sandbox = Sandbox(store, {"hubspot": HubspotProtocol(store, SECRET)}, limits=limits)
        sandbox.faults.always = fault
        with serving(sandbox):
            made = Settings(_env_file=None, hubspot_base_url=sandbox.base_url("hubspot"), hubspot_token=SECRET)
            client = Client(connector_named("hubspot"), made, sleep=clock.wait)
            pages = list(connector_named("hubspot").resource("contacts").read(client, Window()))
            client.close()
        return [record["id"] for page in pages for record in page], len(sandbox.requests)

    return pull


def test_a_vendor_that_allows_few_requests_is_waited_for_and_read_to_the_end(pulled, clock):
    undisturbed, fewest = pulled()
    found, asked = pulled(Limits({"hubspot": Allowance(at_once=3, per_second=0.5)}, lambda: clock.now))
    assert sorted(found) == sorted(undisturbed) == sorted(PEOPLE)
    assert clock.waits == [2.0] * (fewest - 3), "as long as `Retry-After` says, and no longer"
    assert asked == fewest + len(clock.waits)


def test_a_sandbox_that_fails_now_and_then_delivers_every_record_once(pulled, clock):
    found, _ = pulled(fault=sometimes(status(503), share=0.3))
    assert sorted(found) == sorted(PEOPLE)
    assert clock.waits


def test_a_fault_is_played_with_about_the_share_of_the_requests_that_was_asked_for():
    def play(share):
        fault, request = sometimes(status(500), share), Request("GET", "/", {}, {}, None, "")
        return [fault(request, lambda _request: Response({})).status for _ in range(1000)].count(500)

    assert (play(0), play(1)) == (0, 1000)
    assert 200 < play(0.25) < 300


def test_an_allowance_is_given_back_with_time_up_to_what_it_holds(clock):
    limits = Limits({"shopify": Allowance(at_once=2, per_second=2)}, lambda: clock.now)
    assert [limits.wait("shopify") for _ in range(3)] == [0.0, 0.0, 0.5]
    clock.wait(60)
    assert [limits.wait("shopify") for _ in range(3)] == [0.0, 0.0, 0.5]
    assert limits.wait("matomo") == 0.0


def test_no_connector_asks_faster_than_the_sandbox_allows():
    pace = {connector.name: connector.requests_per_second for connector in CONNECTORS}
    assert {vendor for vendor, allowance in DOCUMENTED.items() if pace[vendor] > allowance.per_second} == set()
