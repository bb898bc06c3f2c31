"""Pure helpers: the query for a span of days. No requests, no state."""

from __future__ import annotations

from datetime import date


def query_of(first: date, last: date) -> str:
    """The query for all campaigns of the days from `first` to `last`, in an order that does not change."""
    return (
        "SELECT campaign.id, campaign.name, campaign.advertising_channel_type, customer.currency_code, segments.date, "
        "metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions FROM campaign "
        f"WHERE segments.date BETWEEN '{first.isoformat()}' AND '{last.isoformat()}' "
        "ORDER BY segments.date, campaign.id"
    )
