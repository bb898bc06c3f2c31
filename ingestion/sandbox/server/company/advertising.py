"""The company's campaigns in Google Ads and Meta Ads: what a day of a campaign cost, as each vendor writes figures."""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

from ingestion.sandbox.server.company.deliveries import Deliveries, Numbers, Row
from ingestion.sandbox.server.store import Store

CHANNEL_TYPES = {"paid_search": "SEARCH", "display": "DISPLAY"}


def put_google_ads(store: Store, company: Deliveries) -> None:
    """Put the company's Google Ads account into the store."""
    campaigns = Numbers(17_000_001)
    for row in company.rows("social_ad_spend"):
        if row["platform"] == "google_ads":
            number, day = str(campaigns.of(row["campaign_id"])), row["spend_date"]
            store.put("google_ads.campaign_days", f"{number}|{day}", _evening(row), _google_day(row, number))


def put_meta_ads(store: Store, company: Deliveries) -> None:
    """Put the company's Meta ad account into the store."""
    campaigns = Numbers(238_500_000_001)
    for row in company.rows("social_ad_spend"):
        if row["platform"] == "meta_ads":
            number, day = str(campaigns.of(row["campaign_id"])), row["spend_date"].isoformat()
            record = _meta_day(row) | {"campaign_id": number, "date_start": day, "date_stop": day}
            store.put("meta_ads.campaign_days", f"{number}|{day}", _evening(row), record)


def _google_day(row: Row, number: str) -> dict[str, Any]:
    return {
        "campaign": {
            "id": number,
            "name": row["campaign_name"],
            "advertisingChannelType": CHANNEL_TYPES.get(row["channel"], "PERFORMANCE_MAX"),
        },
        "customer": {"currencyCode": row["currency"]},
        "segments": {"date": row["spend_date"].isoformat()},
        "metrics": {
            "impressions": str(row["impressions"]),
            "clicks": str(row["clicks"]),
            "costMicros": str(int(row["spend_amount"] * Decimal(1_000_000))),
            "conversions": float(row["conversions_reported"]),
        },
    }


def _meta_day(row: Row) -> dict[str, Any]:
    return {
        "campaign_name": row["campaign_name"],
        "objective": "OUTCOME_SALES",
        "account_currency": row["currency"],
        "impressions": str(row["impressions"]),
        "clicks": str(row["clicks"]),
        "spend": str(row["spend_amount"]),
        "actions": [
            {"action_type": "omni_purchase", "value": str(row["conversions_reported"])},
            {"action_type": "link_click", "value": str(row["clicks"])},
        ],
    }


def _evening(row: Row) -> datetime:
    """Figures of a day stand when it is over."""
    return datetime.combine(row["spend_date"], time(23, 59), tzinfo=UTC)
