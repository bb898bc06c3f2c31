"""Benches: what the common suite has to know of each vendor to try its connector against the sandbox.

A bench (`bench.py`) puts people into the sandbox's store and knows where their records stand in an answer. What is
claimed about connectors stands in the modules `test_every_connector_*.py`, once for all of them.
"""

from __future__ import annotations

from hashlib import md5

from ingestion.sandbox.server import google_ads
from ingestion.sandbox.server.brevo import BrevoProtocol
from ingestion.sandbox.server.google_ads import CUSTOMER, DEVELOPER, GoogleAdsProtocol
from ingestion.sandbox.server.hubspot import HubspotProtocol
from ingestion.sandbox.server.mailchimp import MailchimpProtocol
from ingestion.sandbox.server.matomo import SITE, MatomoProtocol
from ingestion.sandbox.server.meta_ads import ACCOUNT, MetaAdsProtocol
from ingestion.sandbox.server.meta_graph import PAGE, MetaGraphProtocol
from ingestion.sandbox.server.salesforce import CLIENT, SalesforceProtocol
from ingestion.sandbox.server.shopify import ShopifyProtocol
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.stripe import StripeProtocol
from ingestion.sandbox.server.typeform import TypeformProtocol
from ingestion.sources.brevo import settings as brevo
from ingestion.sources.hubspot import settings as hubspot
from ingestion.sources.mailchimp import settings as mailchimp
from ingestion.sources.matomo import settings as matomo
from ingestion.sources.meta_ads import settings as meta_ads
from ingestion.sources.meta_graph import settings as meta_graph
from ingestion.sources.salesforce import settings as salesforce
from ingestion.sources.shopify import settings as shopify
from ingestion.sources.stripe import settings as stripe
from ingestion.sources.typeform import settings as typeform
from tests.connectors.bench import SECRET, START, Bench
from tests.connectors.klaviyo_bench import KLAVIYO
from tests.connectors.linkedin_bench import LINKEDIN

__all__ = ["BENCHES", "SECRET", "START", "Bench"]


def _email(number: int) -> str:
    return f"person{number}@example.org"


def _put_list(store: Store) -> None:
    record = {"id": "a1", "name": "Newsletter", "date_created": START.isoformat(), "double_optin": True}
    store.put("mailchimp.lists", "a1", START, record)


def _put_form(store: Store) -> None:
    question = {"id": "q1", "ref": "nps_order", "type": "opinion_scale", "properties": {"steps": 11}}
    store.put("typeform.forms", "f1", START, {"title": "Orders", "fields": [question], "hidden": ["email"]})


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
        required="createdAt",
        clock=("properties", "lastmodifieddate"),
        future="2031-01-01T00:00:00.000Z",
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
        required="created_at",
        clock=("updated_at",),
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
        required="livemode",
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
        required="status",
        clock=("last_changed",),
        prepare=_put_list,
    ),
    Bench(
        name="brevo",
        table="contacts",
        kind="brevo.contacts",
        constants=brevo,
        protocol=BrevoProtocol,
        secret="brevo_key",
        key=str,
        body=lambda number, word: {"email": _email(number), "attributes": {"FNAME": word}},
        shown="attributes->>'FNAME'",
        members="contacts",
        email=("email",),
        required="emailBlacklisted",
        clock=("modifiedAt",),
    ),
    Bench(
        name="matomo",
        table="visits",
        kind="matomo.visits",
        constants=matomo,
        protocol=MatomoProtocol,
        secret="matomo_token",
        key=str,
        body=lambda number, word: {
            "visitorId": f"{number:016x}",
            "userId": _email(number),
            "referrerName": word,
            "actionDetails": [],
        },
        shown="referrer_name",
        members="",
        email=("userId",),
        required="visitorId",
        clock=("lastActionTimestamp",),
        future=1_924_992_000,
        other_shapes=({}, 17),
        others={"matomo_site_id": SITE},
    ),
    Bench(
        name="meta_ads",
        table="campaign_days",
        kind="meta_ads.campaign_days",
        constants=meta_ads,
        protocol=MetaAdsProtocol,
        secret="meta_ads_token",
        key=lambda number: f"2385{number:05d}",
        body=lambda number, word: {
            "campaign_name": _email(number),
            "objective": word,
            "account_currency": "EUR",
            "impressions": "1000",
            "clicks": "20",
            "spend": "12.50",
        },
        shown="objective",
        members="data",
        email=("campaign_name",),
        required="impressions",
        clock=("date_start",),
        future="2031-01-01",
        others={"meta_ads_account_id": ACCOUNT},
    ),
    Bench(
        name="meta_graph",
        table="posts",
        kind="meta_graph.posts",
        constants=meta_graph,
        protocol=MetaGraphProtocol,
        secret="meta_graph_token",
        key=lambda number: f"{PAGE}_{number:06d}",
        body=lambda number, word: {"from": {"id": str(number), "name": _email(number)}, "message": word},
        shown="message",
        members="data",
        email=("from", "name"),
        required="created_time",
        clock=("created_time",),
        future="2031-01-01T00:00:00+0000",
        others={"meta_graph_page_id": PAGE},
    ),
    Bench(
        name="google_ads",
        table="campaign_days",
        kind="google_ads.campaign_days",
        constants=google_ads,
        protocol=GoogleAdsProtocol,
        secret="google_ads_token",
        key=str,
        body=lambda number, word: {
            "campaign": {"name": _email(number), "advertisingChannelType": word},
            "customer": {"resourceName": f"customers/{CUSTOMER}", "currencyCode": "EUR"},
            "metrics": {"impressions": "1000", "clicks": "20", "costMicros": "12500000", "conversions": 1.5},
        },
        shown="channel_type",
        members="results",
        email=("campaign", "name"),
        required="metrics",
        clock=("segments", "date"),
        future="2031-01-01",
        others={"google_ads_developer_token": DEVELOPER, "google_ads_customer_id": CUSTOMER},
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
        required="CreatedDate",
        clock=("SystemModstamp",),
        others={"salesforce_client_id": CLIENT},
    ),
    Bench(
        name="typeform",
        table="responses",
        kind="typeform.responses.f1",
        constants=typeform,
        protocol=TypeformProtocol,
        secret="typeform_token",
        key=lambda number: f"{number:032x}",
        body=lambda number, word: {
            "hidden": {"email": _email(number)},
            "answers": [{"type": "text", "text": word, "field": {"id": "q2", "type": "long_text"}}],
        },
        shown="answers->0->>'text'",
        members="items",
        email=("hidden", "email"),
        required="landed_at",
        clock=("submitted_at",),
        future="2031-01-01T00:00:00Z",
        prepare=_put_form,
    ),
    KLAVIYO,
    LINKEDIN,
)
