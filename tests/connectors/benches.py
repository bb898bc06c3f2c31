"""Benches: what the common suite has to know of each vendor to try its connector against the sandbox.

A bench puts people into the sandbox's store and knows where their records stand in an answer. What is claimed about
connectors stands in the modules `test_every_connector_*.py`, once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import md5
from types import ModuleType
from typing import Any

from ingestion.sandbox.server.hubspot import HubspotProtocol
from ingestion.sandbox.server.mailchimp import MailchimpProtocol
from ingestion.sandbox.server.salesforce import SalesforceProtocol
from ingestion.sandbox.server.shopify import ShopifyProtocol
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.stripe import StripeProtocol
from ingestion.sources.hubspot import settings as hubspot
from ingestion.sources.mailchimp import settings as mailchimp
from ingestion.sources.salesforce import settings as salesforce
from ingestion.sources.shopify import settings as shopify
from ingestion.sources.stripe import settings as stripe

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = "sandbox-s3cret-9f27"


@dataclass(frozen=True)
class Bench:
    """One vendor on trial.

    Args:
        name: the connector.
        table: the raw table people go to.
        kind: kind of their records in the store.
        constants: module that holds the page size.
        protocol: the vendor's side.
        secret: field of the settings that holds the credential.
        key: identifier of person number n.
        body: a record of person n that shows a word.
        shown: SQL that reads the word back from raw.
        members: member of an answer that lists records.
        email: member path of the e-mail address in a record.
        others: settings the vendor needs beside address and credential.
        prepare: puts into the store what has to be there before the first person.
    """

    name: str
    table: str
    kind: str
    constants: ModuleType
    protocol: Callable[[Store, str], Any]
    secret: str
    key: Callable[[int], str]
    body: Callable[[int, str], dict[str, Any]]
    shown: str
    members: str
    email: tuple[str, ...]
    prepare: Callable[[Store], None] = lambda _store: None
    others: Mapping[str, str] = field(default_factory=dict)

    def put(self, store: Store, number: int, at: datetime, word: str = "first", *, is_deleted: bool = False) -> None:
        """A version of person `number`."""
        store.put(self.kind, self.key(number), at, self.body(number, word), is_deleted=is_deleted)

    def listed(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        """The records of an answer; none when it lists something else."""
        found = body.get(self.members, [])
        return [one for one in found if self.holder(one) is not None and self.email[-1] in (self.holder(one) or {})]

    def holder(self, record: dict[str, Any]) -> dict[str, Any] | None:
        """The object in a record that holds the e-mail address."""
        for member in self.email[:-1]:
            record = record.get(member) or {}
        return record or None


def _email(number: int) -> str:
    return f"person{number}@example.org"


def _put_list(store: Store) -> None:
    record = {"id": "a1", "name": "Newsletter", "date_created": START.isoformat(), "double_optin": True}
    store.put("mailchimp.lists", "a1", START, record)


BENCHES = (
    Bench(
        name="hubspot",
        table="contacts",
        kind="hubspot.contacts",
        constants=hubspot,
        protocol=HubspotProtocol,
        secret="hubspot_token",
        key=str,
        body=lambda number, word: {"properties": {"email": _email(number), "firstname": word}},
        shown="first_name",
        members="results",
        email=("properties", "email"),
    ),
    Bench(
        name="shopify",
        table="customers",
        kind="shopify.customers",
        constants=shopify,
        protocol=ShopifyProtocol,
        secret="shopify_token",
        key=str,
        body=lambda number, word: {"email": _email(number), "first_name": word, "default_address": None},
        shown="first_name",
        members="customers",
        email=("email",),
    ),
    Bench(
        name="stripe",
        table="customers",
        kind="stripe.customers",
        constants=stripe,
        protocol=StripeProtocol,
        secret="stripe_key",
        key=lambda number: f"cus_{number:05d}",
        body=lambda number, word: {"email": _email(number), "name": word},
        shown="name",
        members="data",
        email=("email",),
    ),
    Bench(
        name="mailchimp",
        table="members",
        kind="mailchimp.members.a1",
        constants=mailchimp,
        protocol=MailchimpProtocol,
        secret="mailchimp_key",
        key=lambda number: md5(_email(number).encode()).hexdigest(),  # noqa: S324 - the vendor's own numbering
        body=lambda number, word: {
            "email_address": _email(number),
            "status": "subscribed",
            "timestamp_opt": START.isoformat(),
            "merge_fields": {"FNAME": word},
        },
        shown="merge_fields->>'FNAME'",
        members="members",
        email=("email_address",),
        prepare=_put_list,
    ),
    Bench(
        name="salesforce",
        table="contacts",
        kind="salesforce.Contact",
        constants=salesforce,
        protocol=SalesforceProtocol,
        secret="salesforce_client_secret",
        key=lambda number: f"003{number:012d}AAA",
        body=lambda number, word: {"Email": _email(number), "FirstName": word},
        shown="first_name",
        members="records",
        email=("Email",),
        others={"salesforce_client_id": "client"},
    ),
)
