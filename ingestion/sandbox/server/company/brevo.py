"""The company's mails in Brevo: contacts by their consents and orders, campaigns, and the confirmations of orders.

A contact comes into being when an opt-in is given, one that was only asked for is not there yet; or when an order is
confirmed to an address nobody had before.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ingestion.sandbox.server.company.deliveries import Deliveries, Numbers, Row, mailbox
from ingestion.sandbox.server.store import Store

OPT_IN = {"granted": {"OPT_IN": True}, "confirmed": {"OPT_IN": True, "DOUBLE_OPT-IN": "1"}}
DELIVERY_TIME = timedelta(seconds=4)


def put_brevo(store: Store, company: Deliveries) -> None:
    """Put the company's Brevo account into the store."""
    consents = [row for row in company.rows("crm_consents") if row["channel"] == "email" and row["email"]]
    numbers = Numbers(first=1)
    _put_contacts(store, sorted(consents, key=lambda row: row["occurred_at"]), numbers)
    campaigns = Numbers(first=1)
    for row in company.rows("email_campaigns"):
        if row["sent_at"]:
            store.put("brevo.campaigns", str(campaigns.of(row["campaign_id"])), row["sent_at"], _campaign(row))
    orders = {row["order_id"]: row for row in company.rows("crm_orders") if row["email"]}
    for row in sorted(orders.values(), key=lambda row: (row["ordered_at"], row["order_id"])):
        box = mailbox(row["email"])
        if box not in numbers:
            record = {"email": row["email"].lower(), "attributes": {}}
            store.put("brevo.contacts", str(numbers.of(box)), row["ordered_at"], record)
        _put_confirmation(store, row)


def _put_contacts(store: Store, consents: list[Row], numbers: Numbers) -> None:
    attributes: dict[str, dict[str, Any]] = {}
    for row in consents:
        email, box = row["email"].lower(), mailbox(row["email"])
        if row["status"] == "requested" and box not in numbers:
            continue
        attributes[box] = {**attributes.get(box, {}), **OPT_IN.get(row["status"], {})}
        record = {
            "email": email,
            "emailBlacklisted": row["status"] in ("revoked", "objected"),
            "attributes": attributes[box],
        }
        store.put("brevo.contacts", str(numbers.of(box)), row["occurred_at"], record)


def _campaign(row: Row) -> dict[str, Any]:
    return {
        "name": row["name"],
        "subject": row["subject"],
        "status": "sent",
        "sentDate": row["sent_at"].isoformat(timespec="milliseconds"),
        "tag": row["campaign_id"],
    }


def _put_confirmation(store: Store, order: Row) -> None:
    mail = {
        "email": order["email"].lower(),
        "messageId": f"<order-{order['order_id']}@smtp-relay.mailin.fr>",
        "subject": f"Order {order['order_id']}",
        "tag": "order",
        "templateId": 7,
    }
    for event, delay in (("requests", timedelta(0)), ("delivered", DELIVERY_TIME)):
        store.put("brevo.events", f"{order['order_id']}:{event}", order["ordered_at"] + delay, {**mail, "event": event})
