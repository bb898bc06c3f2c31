"""Figures by day as Meta's Graph API tells them: of the page as series by metric, of the Instagram account as totals.

A day ends at midnight in Los Angeles; its figures are seen when it is over. Links to earlier and later days stand in
every answer about the page and lead on without end.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Response

ZONE = ZoneInfo("America/Los_Angeles")
LONGEST_SECONDS = 7_776_000
PAGE_DAYS = "meta_graph.page_days"
ACCOUNT_DAYS = "meta_graph.account_days"


def end_of(day: date) -> datetime:
    """The instant a day of Meta's ends."""
    return datetime.combine(day + timedelta(days=1), time(), ZONE)


def page_figures(store: Store, query: Mapping[str, str], number: str) -> Response:
    """The answer about a page's days, `since` included and `until` not."""
    first, end = (date.fromisoformat(query[name]) for name in ("since", "until"))
    span = datetime.combine(end, time(), ZONE).timestamp() - datetime.combine(first, time(), ZONE).timestamp()
    if span > LONGEST_SECONDS:
        return _refused("There cannot be more than 90 days (7776000 s) between since and until")
    days = [one for one in store.by_key(PAGE_DAYS) if first <= date.fromisoformat(one.key) < end]
    metrics = []
    for name in query["metric"].split(","):
        values = [
            {"value": one.record[name], "end_time": _text(end_of(date.fromisoformat(one.key)))}
            for one in sorted(days, key=lambda one: one.key)
            if name in one.record
        ]
        if values:
            known = {"name": name, "period": "day", "values": values, "title": name, "description": name}
            metrics.append({**known, "id": f"{number}/insights/{name}/day"})
    around = {name: f"https://graph.facebook.com/{number}/insights?{name}" for name in ("previous", "next")}
    return Response({"data": metrics, "paging": around})


def account_figures(store: Store, query: Mapping[str, str], number: str) -> Response:
    """The answer about an Instagram account: the total of every metric from `since` to `until`."""
    if query.get("metric_type") != "total_value":
        return _refused("The following metrics should be specified with parameter metric_type=total_value")
    first, last = (datetime.fromtimestamp(int(query[name]), UTC).astimezone(ZONE).date() for name in ("since", "until"))
    days = [one for one in store.by_key(ACCOUNT_DAYS) if first <= date.fromisoformat(one.key) <= last]
    figures: list[dict[str, Any]] = []
    for name in query["metric"].split(","):
        values = [one.record[name] for one in days if name in one.record]
        if values:
            known = {"name": name, "period": "day", "title": name, "description": name}
            figures.append({**known, "total_value": {"value": sum(values)}, "id": f"{number}/insights/{name}/day"})
    return Response({"data": figures})


def followers(store: Store, is_page: bool) -> dict[str, int]:
    """How many followers the page or account has at the moment; nothing when it has no figures yet."""
    kind, member = (PAGE_DAYS, "page_follows") if is_page else (ACCOUNT_DAYS, "followers_count")
    days = sorted(store.by_key(kind), key=lambda one: one.key)
    return {"followers_count": days[-1].record[member]} if days else {"followers_count": 0}


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _refused(message: str) -> Response:
    return Response({"error": {"message": f"(#100) {message}", "type": "OAuthException", "code": 100}}, 400)
