"""The company's mails in Klaviyo: profiles by their consents, campaigns, and what happened to the mails.

Who agreed to text messages and gave no address is a profile with a phone number only. Who is written to and gave no
consent here is a profile that says nothing of consents.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ingestion.sandbox.server.company.deliveries import Deliveries, Numbers, Row
from ingestion.sandbox.server.klaviyo import METRICS
from ingestion.sandbox.server.store import Store

CHANNELS = {"email": "email", "sms": "phone"}
CONSENTS = {"granted": "SUBSCRIBED", "confirmed": "SUBSCRIBED", "revoked": "UNSUBSCRIBED", "objected": "UNSUBSCRIBED"}
METRIC_OF_TYPE = {
    "delivered": "Received Email",
    "open": "Opened Email",
    "click": "Clicked Email",
    "bounce": "Bounced Email",
    "complaint": "Marked Email as Spam",
    "unsubscribe": "Unsubscribed from Email Marketing",
}


def put_klaviyo(store: Store, company: Deliveries) -> None:
    """Put the company's Klaviyo account into the store."""
    profiles = Numbers(first=1)
    consents = [row for row in company.rows("crm_consents") if row.get(CHANNELS.get(row["channel"], ""))]
    _put_profiles(store, sorted(consents, key=lambda row: row["occurred_at"]), profiles)
    campaigns = {row["campaign_id"]: row for row in company.rows("email_campaigns") if row["sent_at"]}
    for row in campaigns.values():
        store.put("klaviyo.campaigns", row["campaign_id"], row["sent_at"], _campaign(row))
    events = [row for row in company.rows("email_events") if row["email"]]
    _put_events(store, sorted(events, key=lambda row: row["occurred_at"]), campaigns, profiles)


def _put_profiles(store: Store, consents: Iterable[Row], profiles: Numbers) -> None:
    latest: dict[str, dict[str, Any]] = {}
    for row in consents:
        channel = row["channel"]
        address = row[CHANNELS[channel]].lower()
        if row["status"] not in CONSENTS:
            continue
        consent = {"consent": CONSENTS[row["status"]], "consent_timestamp": row["occurred_at"].isoformat()}
        if channel == "email":
            consent |= {"double_optin": row["status"] == "confirmed", "suppression": []}
        profile = {
            "email": address if channel == "email" else None,
            "phone_number": row["phone"] if channel == "sms" else None,
            "location": {},
            "properties": {},
            "subscriptions": {channel: {"marketing": consent}},
        }
        latest[address] = {**latest.get(address, {}), **profile}
        store.put("klaviyo.profiles", _profile(profiles, address), row["occurred_at"], latest[address])


def _campaign(row: Row) -> dict[str, Any]:
    sent_at = row["sent_at"].isoformat(timespec="seconds")
    content = {"subject": row["subject"], "from_email": "news@shop.example.com", "from_label": "Roastery"}
    message = {"definition": {"channel": "email", "label": row["name"], "content": content}}
    return {
        "name": row["name"],
        "status": "Sent",
        "archived": False,
        "scheduled_at": sent_at,
        "send_time": sent_at,
        "messages": [{"id": _message(row["campaign_id"]), "attributes": message}],
    }


def _put_events(store: Store, rows: Iterable[Row], campaigns: dict[str, Row], profiles: Numbers) -> None:
    for row in rows:
        metric, campaign = METRIC_OF_TYPE.get(row["type"]), campaigns.get(row["campaign_id"])
        address = row["email"].lower()
        if metric is None or campaign is None:
            continue
        if address not in profiles:
            record = {"email": address, "phone_number": None, "location": {}, "properties": {}, "subscriptions": {}}
            store.put("klaviyo.profiles", _profile(profiles, address), campaign["sent_at"], record)
        properties = {
            "$message": _message(row["campaign_id"]),
            "$event_id": f"{row['campaign_id']}:{row['event_id']}",
            "Campaign Name": campaign["name"],
            "Subject": campaign["subject"],
        }
        if row["type"] == "open":
            properties["machine_open"] = bool(row["is_machine"])
        if row["url"]:
            properties["URL"] = row["url"]
        record = {"profile": _profile(profiles, address), "properties": properties}
        store.put(f"klaviyo.events.{METRICS[metric]}", row["event_id"], row["occurred_at"], record)


def _profile(profiles: Numbers, address: str) -> str:
    return f"01KLAVIYO{profiles.of(address):017d}"


def _message(campaign: str) -> str:
    return f"01KLMESSAGE{campaign}"
