"""The company's newsletter in Mailchimp: members by their consents, campaigns, and what happened to the mails."""

from __future__ import annotations

from datetime import datetime
from hashlib import md5
from typing import Any

from ingestion.sandbox.server.company.deliveries import Deliveries, Row
from ingestion.sandbox.server.store import Store

LIST = "a1b2c3d4e5"
STATES = {
    "requested": "pending",
    "granted": "subscribed",
    "confirmed": "subscribed",
    "revoked": "unsubscribed",
    "objected": "unsubscribed",
}


def put_mailchimp(store: Store, company: Deliveries) -> None:
    """Put the company's Mailchimp account into the store."""
    consents = [row for row in company.rows("crm_consents") if row["channel"] == "email" and row["email"]]
    campaigns = {row["campaign_id"]: row for row in company.rows("email_campaigns") if row["sent_at"]}
    begin = min(row["occurred_at"] for row in consents)
    record = {"id": LIST, "name": "Newsletter", "date_created": begin.isoformat(), "double_optin": True}
    store.put("mailchimp.lists", LIST, begin, record)
    _put_members(store, sorted(consents, key=lambda row: row["occurred_at"]))
    for number, row in campaigns.items():
        store.put("mailchimp.campaigns", number, row["sent_at"], _campaign(row))
    for row in company.rows("email_events"):
        if row["campaign_id"] in campaigns:
            _put_event(store, row, campaigns[row["campaign_id"]])


def _put_members(store: Store, consents: list[Row]) -> None:
    members: dict[str, dict[str, Any]] = {}
    for row in consents:
        number = _member(row["email"])
        member = members.setdefault(number, {"email_address": row["email"], "merge_fields": {}, "source": "form"})
        member = {**member, "status": STATES[row["status"]]}
        if row["status"] == "requested":
            member["timestamp_signup"] = _iso(row["occurred_at"])
        elif row["status"] in ("granted", "confirmed"):
            member["timestamp_opt"] = _iso(row["occurred_at"])
        members[number] = member
        store.put(f"mailchimp.members.{LIST}", number, row["occurred_at"], member)


def _campaign(row: Row) -> dict[str, Any]:
    return {
        "id": row["campaign_id"],
        "type": "regular",
        "status": "sent",
        "create_time": _iso(row["sent_at"]),
        "send_time": _iso(row["sent_at"]),
        "recipients": {"list_id": LIST},
        "settings": {"title": row["name"], "subject_line": row["subject"]},
    }


def _put_event(store: Store, row: Row, campaign: Row) -> None:
    number, at = row["campaign_id"], row["occurred_at"]
    head = {
        "campaign_id": number,
        "list_id": LIST,
        "email_id": _member(row["email"]),
        "email_address": row["email"],
    }
    if row["type"] == "sent":
        record = {**head, "status": "sent"}
        store.put(f"mailchimp.sent.{number}", head["email_id"], campaign["sent_at"], record)
    elif row["type"] in ("open", "click", "bounce"):
        record = {**head, "action": row["type"], "timestamp": _iso(at)}
        record |= {"url": row["url"]} if row["url"] else {}
        store.put(f"mailchimp.activity.{number}", row["event_id"], at, record)
    elif row["type"] == "unsubscribe":
        store.put(f"mailchimp.left.{number}", head["email_id"], at, {**head, "timestamp": _iso(at), "reason": None})


def _member(email: str) -> str:
    """Mailchimp's own numbering: MD5 of the address in lower case."""
    return md5(email.lower().encode(), usedforsecurity=False).hexdigest()


def _iso(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
