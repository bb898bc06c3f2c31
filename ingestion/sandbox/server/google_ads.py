"""Google Ads' search over the store: one query language, of which the days' limits are understood, and page tokens.

The page size is fixed by the vendor; a page token belongs to its query. Access tokens are granted for a refresh token
and expire after an hour; the one of the account itself does not.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from ingestion.sandbox.server.store import Entry, Store
from ingestion.sandbox.server.web import Request, Response

VERSION = "v25"
CUSTOMER = "1234567890"
DEVELOPER = "developer"
PAGE_SIZE = 10_000
LIFE = timedelta(hours=1)
FIELDS = "campaign.id,campaign.name,segments.date,metrics.costMicros"
_SPAN = re.compile(r"segments\.date BETWEEN '(?P<first>[\d-]{10})' AND '(?P<last>[\d-]{10})'")


class GoogleAdsProtocol:
    """Answers searches as the Google Ads API does.

    Args:
        store: days of campaigns, kind `google_ads.campaign_days`.
        token: the access token that is accepted.
    """

    def __init__(self, store: Store, token: str) -> None:
        self._store, self._token = store, token
        self._granted: dict[str, datetime] = {}

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        headers = request.headers
        if (request.method, request.path) == ("POST", "/token"):
            return self._grant(request.body)
        if (
            not self._is_good(headers.get("Authorization", "").removeprefix("Bearer "))
            or headers.get("developer-token") != DEVELOPER
        ):
            return _error(401, "Request had invalid authentication credentials.")
        if (request.method, request.path) != ("POST", f"/{VERSION}/customers/{CUSTOMER}/googleAds:search"):
            return _error(404, "Requested entity was not found.")
        if "pageSize" in request.body:
            return _error(400, "PAGE_SIZE_NOT_SUPPORTED")
        span = _SPAN.search(request.body["query"])
        if span is None:
            return _error(400, "The filtering conditions must limit segments.date to a finite date range.")
        return self._page(span["first"], span["last"], request.body)

    def _grant(self, form: dict[str, str]) -> Response:
        is_known = form.get("grant_type") == "refresh_token" and form.get("refresh_token") == self._token
        if not is_known or not form.get("client_id") or form.get("client_secret") != self._token:
            return Response({"error": "invalid_grant", "error_description": "Bad Request"}, 400)
        token = f"ya29.{sha256(f'{self._token}{len(self._granted)}'.encode()).hexdigest()[:32]}"
        self._granted[token] = self._store.now
        return Response({"access_token": token, "expires_in": 3599, "token_type": "Bearer"})

    def _is_good(self, token: str) -> bool:
        granted = self._granted.get(token)
        return token == self._token or (granted is not None and self._store.now < granted + LIFE)

    def _page(self, first: str, last: str, body: dict[str, Any]) -> Response:
        query, start = sha256(body["query"].encode()).hexdigest()[:8], ""
        if "pageToken" in body:
            asked, _, start = urlsafe_b64decode(body["pageToken"]).decode().partition("|")
            if asked != query:
                return _error(400, "INVALID_PAGE_TOKEN")
        rows = self._store.made("google_ads.campaign_days", self._rows)
        begin = max(bisect_left(rows, first, key=_date), bisect_right(rows, start, key=_place))
        end = max(begin, bisect_right(rows, last, key=_date))
        page = [{**row} for row in rows[begin : min(begin + PAGE_SIZE, end)]]
        answer: dict[str, Any] = {"fieldMask": FIELDS} | ({"results": page} if page else {})
        if begin + PAGE_SIZE < end:
            answer["nextPageToken"] = urlsafe_b64encode(f"{query}|{_place(page[-1])}".encode()).decode()
        return Response(answer)

    def _rows(self) -> list[dict[str, Any]]:
        return sorted((_row(one) for one in self._store.by_key("google_ads.campaign_days")), key=_place)


def _row(entry: Entry) -> dict[str, Any]:
    shown = {"segments": {"date": entry.created_at.date().isoformat()}, **entry.record}
    return {
        **shown,
        "campaign": {"resourceName": f"customers/{CUSTOMER}/campaigns/1", "id": entry.key} | entry.record["campaign"],
    }


def _date(row: dict[str, Any]) -> str:
    return row["segments"]["date"]


def _place(row: dict[str, Any]) -> str:
    return f"{row['segments']['date']}/{int(row['campaign']['id']):020d}"


def _error(status: int, message: str) -> Response:
    return Response({"error": {"code": status, "message": message}}, status)
