"""The company's web site in Matomo: what a visitor did without half an hour's silence is one visit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any

from ingestion.sandbox.server.company.deliveries import Deliveries, Row
from ingestion.sandbox.server.store import Store

SILENCE = timedelta(minutes=30)


def put_matomo(store: Store, company: Deliveries) -> None:
    """Put the company's visits into the store; a visit is there when its last action has happened."""
    latest = {row["event_id"]: row for row in company.rows("web_events")}
    rows = sorted(latest.values(), key=lambda row: (row["anonymous_id"], row["occurred_at"], row["event_id"]))
    visits = (visit for _, found in groupby(rows, key=lambda row: row["anonymous_id"]) for visit in _visits(found))
    for number, visit in enumerate(sorted(visits, key=lambda visit: visit[-1]["occurred_at"]), start=1):
        store.put("matomo.visits", str(number), visit[-1]["occurred_at"], _visit(visit))


def _visits(rows: Iterator[Row]) -> Iterator[list[Row]]:
    visit: list[Row] = []
    for row in rows:
        if visit and row["occurred_at"] - visit[-1]["occurred_at"] > SILENCE:
            yield visit
            visit = []
        visit.append(row)
    yield visit


def _visit(rows: list[Row]) -> dict[str, Any]:
    first = rows[0]
    users = [row["user_id"] or row["email"] for row in rows if row["user_id"] or row["email"]]
    kind = "campaign" if first["utm_campaign"] else "website" if first["referrer"] else "direct"
    return {
        "visitorId": first["anonymous_id"],
        "userId": users[0] if users else None,
        "referrerType": kind,
        "referrerName": first["utm_campaign"],
        "referrerKeyword": first["utm_term"],
        "referrerUrl": first["referrer"] or "",
        "campaignName": first["utm_campaign"] or "",
        "campaignSource": first["utm_source"] or "",
        "campaignMedium": first["utm_medium"] or "",
        "countryCode": (first["country"] or "xx").lower(),
        "deviceType": (first["device_type"] or "").title(),
        "siteCurrency": "EUR",
        "actionDetails": [_action(row) for row in rows],
    }


def _action(row: Row) -> dict[str, Any]:
    shown = {"url": row["page_url"], "timestamp": int(row["occurred_at"].timestamp())}
    if row["event"] == "page_view":
        return {"type": "action", **shown}
    if row["event"] == "product_view":
        return {"type": "action", "productViewSku": row["product_id"], **shown}
    if row["event"] == "search":
        return {"type": "search", **shown}
    return {"type": "event", "eventCategory": "site", "eventAction": row["event"], **shown}
