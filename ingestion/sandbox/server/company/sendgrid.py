"""The company's mails as SendGrid posts them: a day's events are the body of one request, stored as it came.

The quirks the vendor documents are played: lines within the body, an event posted twice, opt-outs without
`sg_event_id`, one category as a text and several as a list.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson

from ingestion.sandbox.server.company.deliveries import Deliveries, Row

# The webhook is young: it begins when somebody switches it on.
KEPT = timedelta(days=60)
GROUP = 17110
EVENTS = {"sent": "processed", "unsubscribe": "group_unsubscribe", "complaint": "spamreport"}


def write_sendgrid(folder: Path, company: Deliveries) -> None:
    """Write the bodies of the event webhook's requests, one a day."""
    names = {row["campaign_id"]: row["name"] for row in company.rows("email_campaigns")}
    days: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for row in _events(company):
        days[row["occurred_at"].date()].append(_event(row, names))
    folder.mkdir(parents=True, exist_ok=True)
    for day, events in days.items():
        # Posted at least once: the first event of each day comes again.
        lines = b",\r\n".join(orjson.dumps(event) for event in (*events, events[0]))
        (folder / f"{day:%Y-%m-%d}.json").write_bytes(b"[" + lines + b"]\r\n")


def _events(company: Deliveries) -> Iterator[Row]:
    latest = {row["event_id"]: row for row in company.rows("email_events")}
    found = sorted(latest.values(), key=lambda row: (row["occurred_at"], row["event_id"]))
    yield from (row for row in found if row["occurred_at"] > found[-1]["occurred_at"] - KEPT)


def _event(row: Row, names: dict[str, str]) -> dict[str, Any]:
    kind = EVENTS.get(row["type"], row["type"])
    event = {
        "email": row["email"],
        "timestamp": int(row["occurred_at"].timestamp()),
        "event": kind,
        "category": "newsletter" if kind == "processed" else ["newsletter", "shop"],
        "sg_message_id": f"{row['campaign_id']}.recvd-5d8f.0",
        "singlesend_id": row["campaign_id"],
        "singlesend_name": names.get(row["campaign_id"]),
    }
    if kind == "group_unsubscribe":
        return event | {"asm_group_id": GROUP}
    event["sg_event_id"] = urlsafe_b64encode(row["event_id"].encode()).decode()
    if kind == "open":
        event |= {"sg_machine_open": row["is_machine"], "useragent": row["user_agent"]}
    elif kind == "click":
        event |= {"url": row["url"], "useragent": row["user_agent"], "url_offset": {"index": 0, "type": "html"}}
    elif kind == "bounce":
        event |= {"type": "bounce", "status": "5.1.1", "reason": "550 unknown recipient"}
    return event
