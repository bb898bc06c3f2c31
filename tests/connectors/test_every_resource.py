"""Every resource of every vendor with an interface, on the sample company: nothing missing, doubled or stored twice.

`test_every_connector_*.py` try one resource of each vendor thoroughly; here all of them are read, in one pass over one
sandbox: at first, again an hour later, and from accounts that hold nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ingestion.sandbox.company import VendorRows, write_company
from ingestion.sandbox.server.account import account_settings, empty_sandbox, fill
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources.brevo.settings import EVENT_TIME
from ingestion.sources.client import Client
from ingestion.sources.loading import load_source
from ingestion.sources.model import Connector, Page, Resource, Window
from ingestion.sources.promotion import Promotion
from ingestion.sources.registry import CONNECTORS
from ingestion.sources.salesforce.settings import OBJECTS
from ingestion.warehouse import connect

END = date(2026, 6, 30)
NIGHT = datetime(2026, 6, 30, 22, tzinfo=UTC)
KEY = "s3same"
APIS = tuple(connector for connector in CONNECTORS if not connector.files)
TABLES = {(one.name, resource.table.name) for one in APIS for resource in one.resources}
REQUESTS_OF_AN_UNCHANGED_RESOURCE = 3

# What these vendors tell of an account is told of one that holds nothing, too: how many follow it.
TOLD_OF_EVERY_ACCOUNT = {("linkedin", "followers"): 1, ("meta_graph", "accounts"): 2}

# Kinds of records in the sandbox that are called otherwise than the table they go to; those of parts begin with it.
KINDS = {
    ("mailchimp", "email_activity"): "mailchimp.activity",
    ("mailchimp", "sent_to"): "mailchimp.sent",
    ("mailchimp", "unsubscribes"): "mailchimp.left",
    **{("salesforce", table): f"salesforce.{name}" for table, name in OBJECTS.items()},
}

# Counted from other records, not record for record: what is read of them is proven by the vendors' own tests.
COUNTED = {
    ("linkedin", "followers"),
    ("meta_graph", "accounts"),
    ("meta_graph", "account_insights"),
    ("meta_graph", "page_insights"),
}

# Typeform has no address that answers for the responses to several forms: the list of forms, then form by form.
ASKED_FORM_BY_FORM = ("typeform", "responses")

Table = tuple[str, str]


@dataclass
class Reads:
    """What came of loading every vendor: what was promoted by table, first, again, and of empty accounts."""

    store: Store
    first: dict[Table, Promotion] = field(default_factory=dict)
    again: dict[Table, Promotion] = field(default_factory=dict)
    empty: dict[Table, Promotion] = field(default_factory=dict)
    requests: Counter[Table] = field(default_factory=Counter)
    held: dict[Table, int] = field(default_factory=dict)
    keys: dict[Table, list[tuple[object, ...]]] = field(default_factory=dict)


def put_what_the_company_lacks(store: Store) -> None:
    """A record of every kind that is served and that the sample company has no use for."""
    at = NIGHT - timedelta(days=9)
    mail = "person@example.org"
    store.put("hubspot.owners", "11", at, {"email": mail, "firstName": "Ada", "lastName": "Berg"})
    store.put("hubspot.deals", "990001", at, {"properties": {"dealname": "Kitchen", "hs_is_closed": "false"}})
    store.put("meta_graph.tagged_posts", "990001_1", at, {"from": {"id": "990001", "name": "Ada"}, "message": "Nice"})
    store.put("salesforce.Case", "500000000000001AAA", at, {"Origin": "Web", "IsClosed": False})
    store.put("shopify.customers", "990001", at, {"email": mail, "first_name": "Ada", "default_address": None})
    store.put("shopify.customers", "990001", at + timedelta(days=1), {}, is_deleted=True)
    store.put("shopify.checkouts", "990002", at, {"token": "t1", "currency": "EUR", "total_price": "398.00"})
    store.put("stripe.invoices", "in_1", at, {"currency": "eur", "total": 990, "customer": "cus_1", "status": "paid"})
    store.put("stripe.refunds", "re_1", at, {"currency": "eur", "amount": 990, "status": "succeeded"})
    store.put("brevo.campaigns", "1", at, {"name": "Spring", "subject": "Spring is here", "status": "sent"})


@pytest.fixture(scope="module")
def reads(tmp_path_factory):
    """All vendors, read once for all tests of this module."""
    folder = tmp_path_factory.mktemp("resources")
    rows = VendorRows(folder / "rows")
    write_company(people=200, seed=7, end=END, inbox=folder / "inbox", truth=folder / "truth", vendors=rows)
    sandbox = empty_sandbox(NIGHT, KEY)
    fill(sandbox, folder / "rows")
    put_what_the_company_lacks(sandbox.store)
    found = Reads(sandbox.store, held={table: held_at_the_vendor(sandbox.store, table) for table in TABLES - COUNTED})
    with serving(sandbox):
        settings = settings_for(sandbox, folder / "data")
        found.first = load_all(settings, Counter())
        sandbox.store.move_to(NIGHT + timedelta(hours=1))
        found.again = load_all(settings, found.requests)
    found.keys = stored_keys(settings)
    with serving(empty_sandbox(NIGHT, KEY)) as nobody:
        found.empty = load_all(settings_for(nobody, folder / "empty"), Counter())
    return found


def settings_for(sandbox: Sandbox, folder: Path) -> Settings:
    """Settings that point the connectors at the sandbox alone."""
    known = account_settings(sandbox, KEY, folder)
    apis = {name: value for name, value in known.items() if not name.endswith("_folder")}
    return Settings(data_dir=folder, _env_file=None, **apis)


def load_all(settings: Settings, requests: Counter[Table]) -> dict[Table, Promotion]:
    """Load every vendor; how many requests each table cost is added up."""
    outcomes = [load_source(settings, counted(connector, requests)) for connector in APIS]
    return {(one.source, done.table): done.promotion for one in outcomes for done in one.resources}


def counted(connector: Connector, requests: Counter[Table]) -> Connector:
    """The connector, with the requests of each resource counted."""

    def watched(resource: Resource) -> Resource:
        def read(client: Client, window: Window) -> Iterator[Page]:
            before = client.request_count
            for page in resource.read(client, window):
                requests[connector.name, resource.table.name] += client.request_count - before
                yield page
                before = client.request_count
            requests[connector.name, resource.table.name] += client.request_count - before

        return replace(resource, read=read)

    return replace(connector, resources=tuple(map(watched, connector.resources)))


def held_at_the_vendor(store: Store, table: Table) -> int:
    """How many records of a table the vendor has and shows."""
    if table == ("shopify", "deletions"):
        return len(store.by_key("shopify.customers", is_deleted=True))
    name = KINDS.get(table, ".".join(table))
    entries = [one for kind in store.kinds() if f"{kind}.".startswith(f"{name}.") for one in store.by_key(kind)]
    if table == ("brevo", "events"):
        first = (store.now - EVENT_TIME).date() + timedelta(days=1)
        entries = [one for one in entries if one.changed_at.date() >= first]
    return len(entries)


def stored_keys(settings: Settings) -> dict[Table, list[tuple[object, ...]]]:
    """The keys of all rows of every table."""
    with connect(settings, read_only=True) as connection:
        return {
            (one.name, resource.table.name): connection.execute(
                f"select {', '.join(resource.table.key)} from {one.schema}.{resource.table.name}"
            ).fetchall()
            for one in APIS
            for resource in one.resources
        }


def test_every_resource_has_records_and_all_of_them_fit_the_declared_schema(reads):
    assert set(reads.first) == TABLES
    assert {table for table, done in reads.first.items() if done.accepted == 0} == set()
    assert {table: done.quarantined for table, done in reads.first.items() if done.quarantined} == {}
    assert {table: done.new_members for table, done in reads.first.items() if done.new_members} == {}


def test_the_first_read_of_every_resource_is_complete(reads):
    missing = {table: count - len(set(reads.keys[table])) for table, count in reads.held.items()}
    assert {table: count for table, count in missing.items() if count > 0} == {}
    assert {table for table, count in reads.held.items() if count == 0} == set()


def test_the_keys_of_every_resource_are_filled_and_no_two_rows_share_one(reads):
    assert {table for table, keys in reads.keys.items() if None in {part for key in keys for part in key}} == set()
    assert {table for table, keys in reads.keys.items() if len(keys) != len(set(keys))} == set()


@pytest.mark.parametrize("table", sorted(TABLES), ids=".".join)
def test_an_unchanged_resource_stores_nothing_and_costs_few_requests(reads, table):
    again = reads.again[table]
    assert (again.accepted, again.quarantined) == (0, 0)
    forms = len(reads.store.by_key("typeform.forms")) if table == ASKED_FORM_BY_FORM else 0
    assert 1 <= reads.requests[table] <= max(REQUESTS_OF_AN_UNCHANGED_RESOURCE, 1 + forms)


def test_accounts_that_hold_nothing_are_loaded_as_nothing(reads):
    assert set(reads.empty) == TABLES
    assert {table: done.delivered for table, done in reads.empty.items() if done.delivered} == TOLD_OF_EVERY_ACCOUNT
