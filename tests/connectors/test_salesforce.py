"""What is Salesforce's own: organisations with one currency, conversions, deleted records, rejected client secrets."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingestion.sandbox.server import faults
from ingestion.sandbox.server.salesforce import SalesforceProtocol
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources.client import Client
from ingestion.sources.errors import CredentialError
from ingestion.sources.model import Window
from ingestion.sources.registry import connector_named
from tests.connectors.benches import SECRET, START

SALESFORCE = connector_named("salesforce")


def read(sandbox, table, **settings):
    made = Settings(
        _env_file=None,
        salesforce_base_url=sandbox.base_url("salesforce"),
        salesforce_client_id="client",
        **({"salesforce_client_secret": SECRET} | settings),
    )
    client = Client(SALESFORCE, made, sleep=lambda _seconds: None)
    try:
        return [record for page in SALESFORCE.resource(table).read(client, Window()) for record in page]
    finally:
        client.close()


@pytest.fixture
def store():
    return Store(START + timedelta(hours=1))


@pytest.mark.parametrize(("is_multicurrency", "expected"), [(True, "USD"), (False, "CHF")])
def test_an_organisation_with_one_currency_is_not_asked_for_it_and_gets_the_one_set(store, is_multicurrency, expected):
    store.put("salesforce.Opportunity", "006000000000001AAA", START, {"Amount": 5.0, "CurrencyIsoCode": "USD"})
    protocol = SalesforceProtocol(store, SECRET, is_multicurrency=is_multicurrency)
    with serving(Sandbox(store, {"salesforce": protocol})) as sandbox:
        [found] = read(sandbox, "opportunities", salesforce_currency="CHF")
    assert found["CurrencyIsoCode"] == expected


def test_deleted_records_come_with_the_others(store):
    store.put("salesforce.Contact", "003000000000001AAA", START, {"Email": "a@example.org"})
    merged = {"Email": "a@example.org", "MasterRecordId": "003000000000001AAA"}
    store.put("salesforce.Contact", "003000000000002AAA", START, merged, is_deleted=True)
    with serving(Sandbox(store, {"salesforce": SalesforceProtocol(store, SECRET)})) as sandbox:
        found = {record["Id"]: record for record in read(sandbox, "contacts")}
    assert [record["IsDeleted"] for record in found.values()] == [False, True]
    assert found["003000000000002AAA"]["MasterRecordId"] == "003000000000001AAA"


def test_the_token_is_asked_for_once_and_a_token_endpoint_that_says_400_means_the_credentials(store):
    store.put("salesforce.Contact", "003000000000001AAA", START, {"Email": "a@example.org"})
    with serving(Sandbox(store, {"salesforce": SalesforceProtocol(store, SECRET)})) as sandbox:
        read(sandbox, "contacts")
        assert [method for method, _ in sandbox.requests] == ["POST", "GET"]
        with pytest.raises(CredentialError, match="LIFECYCLE_SALESFORCE_CLIENT_SECRET"):
            read(sandbox, "contacts", salesforce_client_secret="expired-0815")
        sandbox.faults.plan(None, faults.status(401), None, faults.status(401))
        with pytest.raises(CredentialError, match="queryAll"):
            read(sandbox, "contacts")
