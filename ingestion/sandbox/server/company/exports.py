"""The company's web events as files: GA4's daily export and Segment's stream, one file a day each.

The same visitors as in the other vendors' data; each vendor has them under its own numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson

from ingestion.sandbox.server.company.deliveries import Deliveries, Numbers, Row

# Exports are young: they begin when somebody switches them on.
KEPT = timedelta(days=30)
GA4_NAMES = {"product_view": "view_item", "checkout_started": "begin_checkout", "form_submit": "generate_lead"}


def write_ga4(folder: Path, company: Deliveries) -> None:
    """Write the days of GA4's BigQuery export as JSON Lines."""
    visitors = Numbers(1_000_001)
    _write(folder, company, lambda day: f"events_{day:%Y%m%d}.jsonl", lambda row: _ga4_event(row, visitors))


def write_segment(folder: Path, company: Deliveries) -> None:
    """Write Segment's stream as JSON Lines."""
    visitors = Numbers(5_000_001)
    _write(folder, company, lambda day: f"{day:%Y-%m-%d}.jsonl", lambda row: _segment_event(row, visitors))


def _write(
    folder: Path, company: Deliveries, name: Callable[[Any], str], event: Callable[[Row], dict[str, Any]]
) -> None:
    days: dict[Any, list[Row]] = defaultdict(list)
    for row in _events(company):
        days[row["occurred_at"].date()].append(row)
    folder.mkdir(parents=True, exist_ok=True)
    for day, rows in days.items():
        (folder / name(day)).write_bytes(b"".join(orjson.dumps(event(row)) + b"\n" for row in rows))


def _events(company: Deliveries) -> Iterator[Row]:
    latest = {row["event_id"]: row for row in company.rows("web_events")}
    found = sorted(latest.values(), key=lambda row: (row["occurred_at"], row["event_id"]))
    yield from (row for row in found if row["occurred_at"] > found[-1]["occurred_at"] - KEPT)


def _ga4_event(row: Row, visitors: Numbers) -> dict[str, Any]:
    at = int(row["occurred_at"].timestamp() * 1_000_000)
    texts = {"page_location": row["page_url"], "page_referrer": row["referrer"], "currency": row["currency"]}
    parameters = [{"key": name, "value": {"string_value": value}} for name, value in texts.items() if value]
    if row["value_amount"] is not None:
        parameters.append({"key": "value", "value": {"double_value": float(row["value_amount"])}})
    return {
        "event_date": f"{row['occurred_at']:%Y%m%d}",
        "event_timestamp": str(at),
        "event_name": GA4_NAMES.get(row["event"], row["event"]),
        "event_params": parameters,
        "user_pseudo_id": f"{visitors.of(row['anonymous_id'])}.1700000000",
        "user_id": row["user_id"],
        "device": {"category": row["device_type"]},
        "geo": {"country": row["country"]},
        "collected_traffic_source": {
            "manual_source": row["utm_source"],
            "manual_medium": row["utm_medium"],
            "manual_campaign_name": row["utm_campaign"],
        },
        "items": [{"item_id": row["product_id"]}] if row["product_id"] else [],
    }


def _segment_event(row: Row, visitors: Numbers) -> dict[str, Any]:
    kind = {"page_view": "page", "identify": "identify"}.get(row["event"], "track")
    at = row["occurred_at"].isoformat(timespec="milliseconds")
    return {
        "messageId": f"ajs-{row['event_id']}",
        "type": kind,
        "anonymousId": f"cookie-{visitors.of(row['anonymous_id'])}",
        "userId": row["user_id"],
        **({"event": row["event"]} if kind == "track" else {}),
        "properties": {"url": row["page_url"], "product_id": row["product_id"]},
        "traits": {"email": row["email"]} if row["email"] else {},
        "context": {
            "campaign": {"source": row["utm_source"], "medium": row["utm_medium"], "name": row["utm_campaign"]}
        },
        "timestamp": at,
        "receivedAt": at,
    }
