"""The company's page on LinkedIn: what a day's posts achieved, who looked at the page, and who follows it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from ingestion.sandbox.server.company.deliveries import Deliveries, Row
from ingestion.sandbox.server.linkedin import ORGANIZATION
from ingestion.sandbox.server.store import Store


def put_linkedin(store: Store, company: Deliveries) -> None:
    """Put the company's page on LinkedIn into the store."""
    followers = 0
    days = [row for row in company.rows("social_page_metrics") if row["platform"] == "linkedin"]
    for row in sorted(days, key=lambda row: row["metric_date"]):
        key, evening = _key(row["metric_date"]), datetime.combine(row["metric_date"], time(23, 59), tzinfo=UTC)
        gain = {"organicFollowerGain": max(row["followers"] - followers, 0), "paidFollowerGain": 0}
        followers = row["followers"]
        views = {"allPageViews": {"pageViews": row["clicks"], "uniquePageViews": row["clicks"]}}
        store.put("linkedin.share_days", key, evening, {"totalShareStatistics": _shares(row)})
        store.put("linkedin.page_days", key, evening, {"totalPageStatistics": {"views": views, "clicks": {}}})
        store.put("linkedin.follower_days", key, evening, {"followerGains": gain})
        store.put("linkedin.followers", ORGANIZATION, evening, {"firstDegreeSize": followers})


def _shares(row: Row) -> dict[str, Any]:
    active = row["clicks"] + row["likes"] + row["comments"] + row["shares"]
    return {
        "impressionCount": row["impressions"],
        "uniqueImpressionsCount": row["reach"],
        "clickCount": row["clicks"],
        "likeCount": row["likes"],
        "commentCount": row["comments"],
        "shareCount": row["shares"],
        "engagement": active / row["impressions"] if row["impressions"] else 0.0,
    }


def _key(day: date) -> str:
    """The millisecond a day begins at, UTC."""
    return str(int(datetime.combine(day, time(), UTC).timestamp() * 1000))
