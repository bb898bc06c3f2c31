"""The confirmations of the company's orders as SendGrid posts their events: some days' events are one request's body.

The quirks the vendor documents are played: lines within the body, an event posted twice, one category as a text and
several as a list.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from ingestion.sandbox.server.company.deliveries import Deliveries
from ingestion.sandbox.server.company.exports import last_day_of_file

DELIVERY_TIME = timedelta(seconds=3)


def write_sendgrid(folder: Path, company: Deliveries, present: date) -> None:
    """Write the bodies of the event webhook's requests: what came in a day is one body, of the past a month."""
    orders = {row["order_id"]: row for row in company.rows("crm_orders") if row["email"]}
    days: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted(orders.values(), key=lambda row: (row["ordered_at"], row["order_id"])):
        number, email = row["order_id"], row["email"].lower()
        for kind, at in (("processed", row["ordered_at"]), ("delivered", row["ordered_at"] + DELIVERY_TIME)):
            day = last_day_of_file(row["ordered_at"].date(), present)
            days[day].append(_event(kind, at, number, email))
    folder.mkdir(parents=True, exist_ok=True)
    for day, events in days.items():
        (folder / f"{day:%Y-%m-%d}.json").write_bytes(_body(events))


def _body(events: list[dict[str, Any]]) -> bytes:
    # Posted at least once: the first event of each body comes again.
    lines = b",\r\n".join(orjson.dumps(event) for event in (*events, events[0]))
    return b"[" + lines + b"]\r\n"


def _event(kind: str, at: datetime, number: str, email: str) -> dict[str, Any]:
    return {
        "email": email,
        "timestamp": int(at.timestamp()),
        "event": kind,
        "category": "order" if kind == "processed" else ["order", "shop"],
        "sg_message_id": f"{number}.recvd-5d8f.0",
        "sg_event_id": urlsafe_b64encode(f"{kind}-{number}".encode()).decode(),
    }
