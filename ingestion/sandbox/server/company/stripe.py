"""The company's contracts in Stripe: customers who subscribe and their subscriptions, amounts in minor units."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ingestion.sandbox.server.company.deliveries import Deliveries, Row
from ingestion.sandbox.server.store import Store


def put_stripe(store: Store, company: Deliveries) -> None:
    """Put the company's Stripe account into the store."""
    emails = {row["contact_id"]: row["email"] for row in company.rows("crm_contacts") if row["email"]}
    known: set[str] = set()
    for row in company.rows("crm_subscriptions"):
        customer = f"cus_{row['contact_id'] or row['email']}"
        began = min(at for at in (row["trial_started_at"], row["started_at"], row["updated_at"]) if at)
        if customer not in known:
            known.add(customer)
            email = row["email"] or emails.get(row["contact_id"])
            store.put("stripe.customers", customer, began, {"email": email, "name": None, "phone": None})
        at = row["updated_at"] or began
        record = _subscription(row, customer, began)
        store.put("stripe.subscriptions", f"sub_{row['subscription_id']}", at, record)


def _subscription(row: Row, customer: str, began: datetime) -> dict[str, Any]:
    cents = int(row["mrr_amount"] * 100) if row["mrr_amount"] is not None else None
    status = "canceled" if row["ended_at"] else "active" if row["started_at"] else "trialing"
    price = {
        "id": f"price_{row['plan']}",
        "nickname": row["plan"],
        "unit_amount_decimal": str(cents) if cents is not None else None,
        "recurring": {"interval": "month", "interval_count": 1},
    }
    item = {"quantity": 1, "current_period_end": _seconds(row["term_ends_at"]), "price": price}
    return {
        "customer": customer,
        "status": status,
        "currency": (row["currency"] or "eur").lower(),
        "items": {"object": "list", "data": [item]},
        "start_date": _seconds(row["trial_started_at"] or row["started_at"] or began),
        "trial_start": _seconds(row["trial_started_at"]),
        "trial_end": _seconds(row["trial_ends_at"]),
        "cancel_at": None,
        "canceled_at": _seconds(row["cancelled_at"]),
        "ended_at": _seconds(row["ended_at"]),
    }


def _seconds(instant: datetime | None) -> int | None:
    return int(instant.timestamp()) if instant else None
