"""Meta's insights of an ad account over the store: campaigns by day, paged by cursors that even the last page has."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left, bisect_right
from typing import Any

import orjson

from ingestion.sandbox.server.store import Entry, Store
from ingestion.sandbox.server.web import Request, Response

VERSION = "v26.0"
ACCOUNT = "1001"


class MetaAdsProtocol:
    """Answers requests as Meta's Graph API does for an ad account.

    Args:
        store: days of campaigns, kind `meta_ads.campaign_days`.
        token: the access token that is accepted.
    """

    def __init__(self, store: Store, token: str) -> None:
        self._store, self._token = store, token

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        if request.headers.get("Authorization") != f"Bearer {self._token}":
            error = {"message": "Invalid OAuth access token.", "type": "OAuthException", "code": 190}
            return Response({"error": error}, 401)
        match request.path.strip("/").split("/"):
            case [version, account] if (version, account) == (VERSION, f"act_{ACCOUNT}"):
                return Response({"account_id": ACCOUNT, "id": account})
            case [version, account, "insights"] if (version, account) == (VERSION, f"act_{ACCOUNT}"):
                return self._insights(request)
        return Response({"error": {"message": "Unsupported get request.", "code": 100}}, 400)

    def _insights(self, request: Request) -> Response:
        span = orjson.loads(request.query["time_range"])
        wanted = {*request.query["fields"].split(","), "date_start", "date_stop"}
        found = self._store.made("meta_ads.campaign_days", self._days)
        start = bisect_left(found, span["since"], key=_date)
        end = max(start, bisect_right(found, span["until"], key=_date))
        if "after" in request.query:
            place = orjson.loads(urlsafe_b64decode(request.query["after"]))
            start = max(start, bisect_right(found, place, key=_place))
        limit = int(request.query.get("limit", 25))
        shown = found[start : min(start + limit, end)]
        page = [{name: one[name] for name in sorted(wanted) if name in one} for one in shown]
        return Response({"data": page, **({"paging": _paging(request, page, start + limit < end)} if page else {})})

    def _days(self) -> list[dict[str, Any]]:
        return sorted((_day(one) for one in self._store.by_key("meta_ads.campaign_days")), key=_place)


def _paging(request: Request, page: list[dict[str, Any]], has_more: bool) -> dict[str, Any]:
    last = page[-1]
    after = urlsafe_b64encode(orjson.dumps([last["date_start"], last["campaign_id"]])).decode()
    following = {"next": f"{request.base_url}{request.path}?after={after}"} if has_more else {}
    return {"cursors": {"before": "MA==", "after": after}, **following}


def _date(day: dict[str, Any]) -> str:
    return day["date_start"]


def _place(day: dict[str, Any]) -> list[str]:
    """Where a day of a campaign stands in the list."""
    return [day["date_start"], day["campaign_id"]]


def _day(entry: Entry) -> dict[str, Any]:
    day = entry.created_at.date().isoformat()
    return {"campaign_id": entry.key, "date_start": day, "date_stop": day, **entry.record}
