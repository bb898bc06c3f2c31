"""All vendors' accounts of the sample company in one sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ingestion.sandbox.server import google_ads, linkedin, matomo, meta_ads, meta_graph, salesforce
from ingestion.sandbox.server.brevo import BrevoProtocol
from ingestion.sandbox.server.company.advertising import put_google_ads, put_meta_ads
from ingestion.sandbox.server.company.brevo import put_brevo
from ingestion.sandbox.server.company.deliveries import Deliveries, company_in
from ingestion.sandbox.server.company.exports import write_ga4, write_segment, write_snowplow
from ingestion.sandbox.server.company.hubspot import put_hubspot
from ingestion.sandbox.server.company.klaviyo import put_klaviyo
from ingestion.sandbox.server.company.linkedin import put_linkedin
from ingestion.sandbox.server.company.mailchimp import put_mailchimp
from ingestion.sandbox.server.company.matomo import put_matomo
from ingestion.sandbox.server.company.meta_graph import put_meta_graph
from ingestion.sandbox.server.company.salesforce import put_salesforce
from ingestion.sandbox.server.company.sendgrid import write_sendgrid
from ingestion.sandbox.server.company.shopify import put_shopify
from ingestion.sandbox.server.company.stripe import put_stripe
from ingestion.sandbox.server.company.typeform import put_typeform
from ingestion.sandbox.server.google_ads import GoogleAdsProtocol
from ingestion.sandbox.server.hubspot import HubspotProtocol
from ingestion.sandbox.server.klaviyo import KlaviyoProtocol
from ingestion.sandbox.server.linkedin import LinkedinProtocol
from ingestion.sandbox.server.mailchimp import MailchimpProtocol
from ingestion.sandbox.server.matomo import MatomoProtocol
from ingestion.sandbox.server.meta_ads import MetaAdsProtocol
from ingestion.sandbox.server.meta_graph import MetaGraphProtocol
from ingestion.sandbox.server.salesforce import SalesforceProtocol
from ingestion.sandbox.server.shopify import ShopifyProtocol
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.stripe import StripeProtocol
from ingestion.sandbox.server.typeform import TypeformProtocol
from ingestion.sandbox.server.web import Sandbox

# What a connector needs beside address and key to find its account in the sandbox.
ACCOUNTS = {
    "google_ads": {"google_ads_developer_token": google_ads.DEVELOPER, "google_ads_customer_id": google_ads.CUSTOMER},
    "linkedin": {"linkedin_organization_id": linkedin.ORGANIZATION},
    "matomo": {"matomo_site_id": matomo.SITE},
    "meta_ads": {"meta_ads_account_id": meta_ads.ACCOUNT},
    "meta_graph": {"meta_graph_page_id": meta_graph.PAGE, "meta_graph_instagram_id": meta_graph.INSTAGRAM},
    "salesforce": {"salesforce_client_id": salesforce.CLIENT},
}

PROTOCOLS: Mapping[str, Callable[[Store, str], Any]] = {
    "brevo": BrevoProtocol,
    "google_ads": GoogleAdsProtocol,
    "hubspot": HubspotProtocol,
    "klaviyo": KlaviyoProtocol,
    "linkedin": LinkedinProtocol,
    "mailchimp": MailchimpProtocol,
    "matomo": MatomoProtocol,
    "meta_ads": MetaAdsProtocol,
    "meta_graph": MetaGraphProtocol,
    "salesforce": SalesforceProtocol,
    "shopify": ShopifyProtocol,
    "stripe": StripeProtocol,
    "typeform": TypeformProtocol,
}

# A vendor of this list sees its share of the company (`ingestion/sandbox/division.py`).
PUTS: Mapping[str, Callable[[Store, Deliveries], None]] = {
    "brevo": put_brevo,
    "google_ads": put_google_ads,
    "hubspot": put_hubspot,
    "klaviyo": put_klaviyo,
    "linkedin": put_linkedin,
    "mailchimp": put_mailchimp,
    "matomo": put_matomo,
    "meta_ads": put_meta_ads,
    "meta_graph": put_meta_graph,
    "salesforce": put_salesforce,
    "shopify": put_shopify,
    "stripe": put_stripe,
    "typeform": put_typeform,
}

EXPORTS: Mapping[str, Callable[[Path, Deliveries, date], None]] = {
    "ga4": write_ga4,
    "segment": write_segment,
    "sendgrid": write_sendgrid,
    "snowplow": write_snowplow,
}


def empty_sandbox(now: datetime, key: str) -> Sandbox:
    """All vendors without any records.

    Args:
        now: the vendors' time.
        key: the secret that opens every account.
    """
    store = Store(now)
    return Sandbox(store, {vendor: protocol(store, key) for vendor, protocol in PROTOCOLS.items()})


def fill(sandbox: Sandbox, rows: Path) -> None:
    """Put the sample company into the vendors' accounts.

    Args:
        sandbox: all vendors; what happens after their time becomes visible when it is moved.
        rows: folder with the company's rows.
    """
    with company_in(rows) as company:
        for vendor, put in PUTS.items():
            put(sandbox.store, company.seen_by(vendor))


def write_exports(rows: Path, folder: Path, present: date) -> None:
    """Write what vendors export or post as files, with the day in their names.

    Args:
        rows: folder with the company's rows.
        folder: where each vendor gets a folder of its own, called as the vendor.
        present: the day that has been reached; files of later days are written as well.
    """
    with company_in(rows) as company:
        for vendor, write in EXPORTS.items():
            (folder / vendor).mkdir(parents=True, exist_ok=True)
            write(folder / vendor, company.seen_by(vendor), present)


def account_settings(sandbox: Sandbox, key: str, exports: Path) -> dict[str, str]:
    """The settings that point the connectors at the sandbox and at the exported files.

    Args:
        sandbox: while it is served.
        key: the secret that opens every account.
        exports: folder with a folder of each vendor that exports files.
    """
    from ingestion.sources.registry import connector_named

    found = {f"{vendor}_folder": str(exports / vendor) for vendor in EXPORTS}
    for vendor in PROTOCOLS:
        connector = connector_named(vendor)
        needed = {credential.setting: key for credential in connector.credentials}
        if connector.grant_base:
            needed[connector.grant_base] = sandbox.base_url(vendor)
        found |= needed | {f"{vendor}_base_url": sandbox.base_url(vendor)} | ACCOUNTS.get(vendor, {})
    return found
