"""Every resource of every vendor with an interface: which there are, and accounts that hold records of each of them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ingestion.sandbox.company import VendorRows, write_company
from ingestion.sandbox.server.account import empty_sandbox, fill
from ingestion.sandbox.server.store import Entry, Store
from ingestion.sandbox.server.web import Sandbox
from ingestion.sources.brevo.settings import EVENT_TIME
from ingestion.sources.registry import CONNECTORS
from ingestion.sources.salesforce.settings import OBJECTS

END = date(2026, 6, 30)
NIGHT = datetime(2026, 6, 30, 22, tzinfo=UTC)
KEY = "s3same"
APIS = tuple(connector for connector in CONNECTORS if not connector.files)
TABLES = {(one.name, resource.table.name) for one in APIS for resource in one.resources}

# Kinds of records in the sandbox that are called otherwise than the table they go to; those of parts begin with it.
KINDS = {
    ("mailchimp", "email_activity"): "mailchimp.activity",
    ("mailchimp", "sent_to"): "mailchimp.sent",
    ("mailchimp", "unsubscribes"): "mailchimp.left",
    **{("salesforce", table): f"salesforce.{name}" for table, name in OBJECTS.items()},
}

# Counted from other records, not record for record: what is read of them is proven by the vendors' own tests.
COUNTED = {
    ("hubspot", "stage_changes"),
    ("linkedin", "followers"),
    ("meta_graph", "accounts"),
    ("meta_graph", "account_insights"),
    ("meta_graph", "page_insights"),
}

Table = tuple[str, str]


def company_sandbox(folder: Path) -> Sandbox:
    """The sample company's accounts, with a record of each kind that is served; not yet served.

    Args:
        folder: for the company's rows.
    """
    rows = VendorRows(folder / "rows")
    write_company(people=200, seed=7, end=END, inbox=folder / "inbox", truth=folder / "truth", vendors=rows)
    sandbox = empty_sandbox(NIGHT, KEY)
    fill(sandbox, folder / "rows")
    _put_what_the_company_lacks(sandbox.store)
    return sandbox


def _put_what_the_company_lacks(store: Store) -> None:
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


def kinds_of(store: Store, table: Table) -> list[str]:
    """The kinds of records that go to a table; those of parts (lists, forms, metrics) each are a kind of their own."""
    if table == ("shopify", "deletions"):
        return ["shopify.customers"]
    name = KINDS.get(table, ".".join(table))
    return [kind for kind in store.kinds() if f"{kind}.".startswith(f"{name}.")]


def held_at_the_vendor(store: Store, table: Table) -> list[Entry]:
    """The records of a table the vendor has and shows."""
    is_deleted = table == ("shopify", "deletions")
    entries = [one for kind in kinds_of(store, table) for one in store.by_key(kind, is_deleted=is_deleted)]
    if table == ("brevo", "events"):
        first = (store.now - EVENT_TIME).date() + timedelta(days=1)
        entries = [one for one in entries if one.changed_at.date() >= first]
    return entries
