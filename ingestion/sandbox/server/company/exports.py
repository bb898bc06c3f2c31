"""The company's web events as files: GA4's daily export, and the events of Segment and Snowplow.

These two have one file for each month of the past and one for each day from the present month on. A visitor has the
number the company itself gives out: it hands its own cookie to every tracker.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from ingestion.sandbox.server.company.deliveries import Deliveries, Row

GA4_NAMES = {"product_view": "view_item", "checkout_started": "begin_checkout", "form_submit": "generate_lead"}
SEGMENT_TYPES = {"page_view": "page", "identify": "identify"}
SNOWPLOW_DEVICES = {"desktop": "Computer", "mobile": "Mobile", "tablet": "Tablet"}


def write_ga4(folder: Path, company: Deliveries, _present: date) -> None:
    """Write the days of GA4's BigQuery export as JSON Lines."""
    _write(folder, _days(company, date.min, _ga4_event), "events_{:%Y%m%d}.jsonl")


def write_segment(folder: Path, company: Deliveries, present: date) -> None:
    """Write Segment's stream as JSON Lines."""
    _write(folder, _days(company, present, _segment_event), "{:%Y-%m-%d}.jsonl")


def write_snowplow(folder: Path, company: Deliveries, present: date) -> None:
    """Write Snowplow's enriched events as JSON Lines."""
    _write(folder, _days(company, present, _snowplow_event), "{:%Y-%m-%d}.jsonl")


def last_day_of_file(day: date, present: date) -> date:
    """The last day of the file that tells of a day: of its month, unless that is the present one or to come."""
    is_past = (day.year, day.month) < (present.year, present.month)
    return date(day.year, day.month, monthrange(day.year, day.month)[1]) if is_past else day


def _write(folder: Path, days: dict[date, list[bytes]], name: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for day, lines in days.items():
        (folder / name.format(day)).write_bytes(b"\n".join(lines) + b"\n")


def _days(company: Deliveries, present: date, event: Callable[[Row], dict[str, Any]]) -> dict[date, list[bytes]]:
    """Lines of each file by the last day it holds."""
    latest = {row["event_id"]: row for row in company.rows("web_events")}
    days: dict[date, list[bytes]] = defaultdict(list)
    for row in sorted(latest.values(), key=lambda row: (row["occurred_at"], row["event_id"])):
        days[last_day_of_file(row["occurred_at"].date(), present)].append(orjson.dumps(event(row)))
    return days


def _ga4_event(row: Row) -> dict[str, Any]:
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
        "user_pseudo_id": row["anonymous_id"],
        "user_id": row["user_id"],
        "device": {"category": row["device_type"]},
        "geo": {"country": row["country"]},
        "collected_traffic_source": {
            "manual_source": row["utm_source"],
            "manual_medium": row["utm_medium"],
            "manual_campaign_name": row["utm_campaign"],
            "gclid": _click_id(row, "gclid"),
        },
        "items": [{"item_id": row["product_id"]}] if row["product_id"] else [],
    }


def _segment_event(row: Row) -> dict[str, Any]:
    kind = SEGMENT_TYPES.get(row["event"], "track")
    at = row["occurred_at"].isoformat(timespec="milliseconds")
    properties: dict[str, Any] = {
        "url": row["page_url"],
        "referrer": row["referrer"],
        "product_id": row["product_id"],
    }
    if row["value_amount"] is not None:
        properties |= {"value": float(row["value_amount"]), "currency": row["currency"]}
    return {
        "messageId": f"ajs-{row['event_id']}",
        "type": kind,
        "anonymousId": row["anonymous_id"],
        "userId": row["user_id"],
        **({"event": row["event"]} if kind == "track" else {}),
        "properties": properties,
        "traits": {"email": row["email"]} if row["email"] else {},
        "context": {
            "campaign": {"source": row["utm_source"], "medium": row["utm_medium"], "name": row["utm_campaign"]},
            "device": {"type": "ios" if row["device_type"] == "mobile" else None},
        },
        "timestamp": at,
        "receivedAt": at,
    }


def _snowplow_event(row: Row) -> dict[str, Any]:
    at = f"{row['occurred_at']:%Y-%m-%d %H:%M:%S.000}"
    return {
        "event_id": f"sp-{row['event_id']}",
        "collector_tstamp": at,
        "derived_tstamp": at,
        "event": "page_view" if row["event"] == "page_view" else "unstruct",
        "event_name": row["event"],
        "user_id": row["user_id"] or row["email"],
        "domain_userid": row["anonymous_id"],
        "page_url": row["page_url"],
        "page_referrer": row["referrer"],
        "mkt_source": row["utm_source"],
        "mkt_medium": row["utm_medium"],
        "mkt_campaign": row["utm_campaign"],
        "mkt_network": "Google" if _click_id(row, "gclid") else None,
        "mkt_clickid": _click_id(row, "gclid"),
        "geo_country": row["country"],
        "dvce_type": SNOWPLOW_DEVICES.get(row["device_type"] or ""),
    }


def _click_id(row: Row, network: str) -> str | None:
    kind, _, number = (row["click_id"] or "").partition(":")
    return number if kind == network else None
