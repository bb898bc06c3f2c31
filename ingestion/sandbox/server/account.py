"""All vendors' accounts of the sample company in one sandbox."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from ingestion.sandbox.server import google_ads, linkedin, matomo, meta_ads, meta_graph, salesforce
from ingestion.sandbox.server.brevo import BrevoProtocol
from ingestion.sandbox.server.company.advertising import put_google_ads, put_meta_ads
from ingestion.sandbox.server.company.brevo import put_brevo
from ingestion.sandbox.server.company.deliveries import deliveries_in
from ingestion.sandbox.server.company.exports import write_ga4, write_segment
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

# Nobody's secret: it opens the sandbox only.
KEY = "sandbox"

# What a connector needs beside address and key to find its account in the sandbox.
ACCOUNTS = {
    "google_ads": {"google_ads_developer_token": google_ads.DEVELOPER, "google_ads_customer_id": google_ads.CUSTOMER},
    "linkedin": {"linkedin_organization_id": linkedin.ORGANIZATION},
    "matomo": {"matomo_site_id": matomo.SITE},
    "meta_ads": {"meta_ads_account_id": meta_ads.ACCOUNT},
    "meta_graph": {"meta_graph_page_id": meta_graph.PAGE, "meta_graph_instagram_id": meta_graph.INSTAGRAM},
    "salesforce": {"salesforce_client_id": salesforce.CLIENT},
}


def company_sandbox(inbox: Path, now: datetime) -> Sandbox:
    """The sample company at all vendors.

    Args:
        inbox: folder with the company's files.
        now: the vendors' time; what happens later becomes visible when the store's time is moved.
    """
    store = Store(now)
    with deliveries_in(inbox) as company:
        for put in (
            put_hubspot,
            put_shopify,
            put_stripe,
            put_mailchimp,
            put_brevo,
            put_google_ads,
            put_klaviyo,
            put_linkedin,
            put_matomo,
            put_meta_ads,
            put_meta_graph,
            put_salesforce,
            put_typeform,
        ):
            put(store, company)
    protocols = {
        "hubspot": HubspotProtocol(store, KEY),
        "shopify": ShopifyProtocol(store, KEY),
        "stripe": StripeProtocol(store, KEY),
        "mailchimp": MailchimpProtocol(store, KEY),
        "brevo": BrevoProtocol(store, KEY),
        "google_ads": GoogleAdsProtocol(store, KEY),
        "klaviyo": KlaviyoProtocol(store, KEY),
        "linkedin": LinkedinProtocol(store, KEY),
        "matomo": MatomoProtocol(store, KEY),
        "meta_ads": MetaAdsProtocol(store, KEY),
        "meta_graph": MetaGraphProtocol(store, KEY),
        "salesforce": SalesforceProtocol(store, KEY),
        "typeform": TypeformProtocol(store, KEY),
    }
    return Sandbox(store, protocols)


def write_exports(inbox: Path, folder: Path) -> dict[str, Path]:
    """The sample company's web events and mails as the files vendors export or have stored.

    Args:
        inbox: folder with the company's files.
        folder: where each vendor gets a folder of its own.

    Returns:
        The folder of each vendor, by the setting that names it.
    """
    with deliveries_in(inbox) as company:
        write_ga4(folder / "ga4", company)
        write_segment(folder / "segment", company)
        write_sendgrid(folder / "sendgrid", company)
    return {f"{vendor}_folder": folder / vendor for vendor in ("ga4", "segment", "sendgrid")}
