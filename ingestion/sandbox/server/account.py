"""All vendors' accounts of the sample company in one sandbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from ingestion.sandbox.server.company.deliveries import Deliveries, deliveries_in
from ingestion.sandbox.server.company.hubspot import put_hubspot
from ingestion.sandbox.server.company.mailchimp import put_mailchimp
from ingestion.sandbox.server.company.salesforce import put_salesforce
from ingestion.sandbox.server.company.shopify import put_shopify
from ingestion.sandbox.server.company.stripe import put_stripe
from ingestion.sandbox.server.hubspot import HubspotProtocol
from ingestion.sandbox.server.mailchimp import MailchimpProtocol
from ingestion.sandbox.server.salesforce import SalesforceProtocol
from ingestion.sandbox.server.shopify import ShopifyProtocol
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.stripe import StripeProtocol
from ingestion.sandbox.server.web import Protocol, Sandbox

# Nobody's secret: it opens the sandbox only.
KEY = "sandbox"


# What puts the company into the store, and who speaks the vendor's protocol.
VENDORS: dict[str, tuple[Callable[[Store, Deliveries], None], Callable[[Store, str], Protocol]]] = {
    "hubspot": (put_hubspot, HubspotProtocol),
    "mailchimp": (put_mailchimp, MailchimpProtocol),
    "salesforce": (put_salesforce, SalesforceProtocol),
    "shopify": (put_shopify, ShopifyProtocol),
    "stripe": (put_stripe, StripeProtocol),
}


def company_sandbox(inbox: Path, now: datetime) -> Sandbox:
    """The sample company at all vendors.

    Args:
        inbox: folder with the company's files.
        now: the vendors' time; what happens later becomes visible when the store's time is moved.
    """
    store = Store(now)
    with deliveries_in(inbox) as company:
        for put, _ in VENDORS.values():
            put(store, company)
    return Sandbox(store, {name: protocol(store, KEY) for name, (_, protocol) in VENDORS.items()})
