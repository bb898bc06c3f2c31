"""Which vendor of the sample company has which of its rows, as SQL over the company's own rows.

The same people are at all vendors; an order, a mail, a visit or a contract is at one of them. What no vendor has comes
as files: the stores' tills, the customer numbers with logins and loyalty cards, reviews, plans, reference data. What a
vendor makes of its rows is decided in `server/company/`.
"""

from __future__ import annotations

from collections.abc import Iterator

# Field sales looks after the larger companies in Salesforce, inside sales after the others in HubSpot.
_FIELD_COMPANY = "company_id in (select company_id from crm_companies where employee_count >= 30)"
_FIELD_CONTACT = f"contact_id in (select contact_id from crm_contacts where {_FIELD_COMPANY})"
_IN_SHOP = "channel <> 'store'"
_ASKED_AT_DESK = "contact_id is not null and not is_self_service"
_ASKED_BY_HUBSPOT = "survey_type = 'nps' and contact_id is not null"
_ADDRESSED = "(email is not null or contact_id in (select contact_id from crm_contacts where email is not null))"
# The shop's mails have moved from SendGrid to Brevo, whose events reach back no further than a quarter.
_MAILED_BY_BREVO = f"{_IN_SHOP} and ordered_at >= (select max(ordered_at) - interval 100 day from crm_orders)"
_NEWSLETTER = "channel = 'email' and email is not null"
# Klaviyo sends text messages and wins customers back, Mailchimp sends all other campaigns.
_WIN_BACK = "campaign_id in (select campaign_id from email_campaigns where goal = 'win_back')"
_TEXT_MESSAGES = "channel = 'sms' and phone is not null"
# Of social platforms, what their interfaces tell: comments and mentions, and figures as far back as they are kept.
_TOLD_BY_META = "platform in ('facebook', 'instagram') and type in ('comment', 'mention')"
_KEPT = "metric_date >= (select max(metric_date) from social_page_metrics) - interval"
_KEPT_BY_META = f"(platform = 'facebook' and {_KEPT} 600 day) or (platform = 'instagram' and {_KEPT} 100 day)"

# Each tracker measures one property: the app, the shop at home, the terminals in the stores, the shops abroad, which
# have moved from Snowplow to GA4.
_ABROAD = "device_type = 'desktop' and country <> 'DE'"
_SINCE_GA4 = "occurred_at >= (select max(occurred_at) - interval 90 day from web_events)"
_TRACKERS = {
    "ga4": f"{_ABROAD} and {_SINCE_GA4}",
    "matomo": "device_type = 'desktop' and country = 'DE'",
    "segment": "device_type = 'mobile'",
    "snowplow": f"device_type = 'tablet' or ({_ABROAD} and not {_SINCE_GA4})",
}

# A vendor's rows by entity. One row at two vendors is counted twice unless it is about a person or a company.
SHARES: dict[str, dict[str, str]] = {
    "brevo": {"crm_orders": _MAILED_BY_BREVO},
    "ga4": {"web_events": _TRACKERS["ga4"]},
    "google_ads": {"social_ad_spend": "platform = 'google_ads'"},
    "hubspot": {
        "crm_companies": "true",
        "crm_contacts": "true",
        "crm_deals": f"not ({_FIELD_COMPANY})",
        "crm_tickets": f"{_ASKED_AT_DESK} and not ({_FIELD_CONTACT})",
        "crm_activities": f"type = 'meeting' or (type = 'call' and not ({_FIELD_CONTACT}))",
        "crm_survey_responses": _ASKED_BY_HUBSPOT,
        "crm_stage_changes": "true",
    },
    "klaviyo": {"crm_consents": _TEXT_MESSAGES, "email_campaigns": _WIN_BACK, "email_events": _WIN_BACK},
    "linkedin": {"social_page_metrics": f"platform = 'linkedin' and {_KEPT} 300 day"},
    "mailchimp": {
        "crm_consents": _NEWSLETTER,
        "email_campaigns": f"not {_WIN_BACK}",
        "email_events": f"not {_WIN_BACK}",
    },
    "matomo": {"web_events": _TRACKERS["matomo"]},
    "meta_ads": {"social_ad_spend": "platform = 'meta_ads'"},
    "meta_graph": {"social_interactions": _TOLD_BY_META, "social_page_metrics": _KEPT_BY_META},
    "salesforce": {
        "crm_companies": _FIELD_COMPANY,
        "crm_contacts": _FIELD_COMPANY,
        "crm_deals": _FIELD_COMPANY,
        "crm_tickets": f"{_ASKED_AT_DESK} and {_FIELD_CONTACT}",
        "crm_activities": f"type = 'call' and {_FIELD_CONTACT}",
    },
    "segment": {"web_events": _TRACKERS["segment"]},
    "sendgrid": {"crm_orders": f"{_IN_SHOP} and not ({_MAILED_BY_BREVO})"},
    "shopify": {
        "crm_orders": _IN_SHOP,
        "crm_order_lines": f"order_id in (select order_id from crm_orders where {_IN_SHOP})",
    },
    "snowplow": {"web_events": _TRACKERS["snowplow"]},
    "stripe": {"crm_contacts": "true", "crm_subscriptions": "true"},
    "typeform": {"crm_contacts": "true", "crm_survey_responses": f"not ({_ASKED_BY_HUBSPOT}) and {_ADDRESSED}"},
}

# What the customer master file says of a contact besides its number; the address book is the CRM's.
MASTER_COLUMNS = (
    "contact_id",
    "email",
    "phone",
    "loyalty_id",
    "user_id",
    "created_at",
    "updated_at",
    "deleted_at",
    "merged_into_contact_id",
)


def share_of(vendor: str, table: str) -> str:
    """The condition of the rows of an entity that a vendor has; it is never null."""
    return f"coalesce({SHARES[vendor].get(table, 'false')}, false)"


def left_for_files(table: str) -> str:
    """The condition of the rows of an entity that come as files: those no vendor has, and all customer numbers."""
    if table == "crm_contacts":
        return "true"
    return " and ".join(f"not {share}" for share in _shares(table)) or "true"


def _shares(table: str) -> Iterator[str]:
    yield from (share_of(vendor, table) for vendor, shares in SHARES.items() if table in shares)
