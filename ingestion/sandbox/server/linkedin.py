"""LinkedIn's protocol over the store: statistics of an organization by day, and the count of its followers.

As the vendor does, it wants to know the version, days begin at midnight UTC, and a page that has another one behind it
links it. Other organizations than one's own are refused.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

from ingestion.sandbox.server.store import Entry, Store
from ingestion.sandbox.server.web import Request, Response

ORGANIZATION = "2414183"
URN = f"urn:li:organization:{ORGANIZATION}"
# Statistics by their path: kind of records in the store, and what the organization is called there.
STATISTICS = {
    "organizationalEntityShareStatistics": ("linkedin.share_days", "organizationalEntity"),
    "organizationPageStatistics": ("linkedin.page_days", "organization"),
    "organizationalEntityFollowerStatistics": ("linkedin.follower_days", "organizationalEntity"),
}
DAY = int(timedelta(days=1).total_seconds() * 1000)
_RANGE = re.compile(r"\(timeRange:\(start:(\d+)(?:,end:(\d+))?\),timeGranularityType:DAY\)")


class LinkedinProtocol:
    """Answers requests as LinkedIn's Community Management API does.

    Args:
        store: days by the millisecond they begin at, kinds `linkedin.share_days`, `linkedin.page_days` and
            `linkedin.follower_days`; and `linkedin.followers` by organization.
        token: the access token that is accepted.
    """

    def __init__(self, store: Store, token: str) -> None:
        self._store, self._token = store, token

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        if headers.get("authorization") != f"Bearer {self._token}":
            return _refused(401, "INVALID_ACCESS_TOKEN", "Invalid access token")
        if "linkedin-version" not in headers:
            return _refused(400, "VERSION_MISSING", "A version must be present. Please specify a version.")
        match unquote(request.path).strip("/").split("/"):
            case ["rest", "networkSizes", urn] if urn == URN:
                followers = self._store.get("linkedin.followers", ORGANIZATION)
                return Response(followers.record if followers else {"firstDegreeSize": 0})
            case ["rest", name] if name in STATISTICS:
                return self._statistics(request, *STATISTICS[name])
        return _refused(404, "NOT_FOUND", "No virtual resource found")

    def _statistics(self, request: Request, kind: str, finder: str) -> Response:
        query = request.query
        if query.get("q") != finder or query.get(finder) != URN:
            return _refused(403, "ACCESS_DENIED", "Not enough permissions to access the organization")
        asked = _RANGE.fullmatch(query.get("timeIntervals", ""))
        if asked is None or int(asked[1]) % DAY:
            return _refused(400, "ILLEGAL_ARGUMENT", "Invalid query parameters passed to request")
        days = self._store.made(kind, lambda: sorted(self._store.by_key(kind), key=_begin))
        first = bisect_left(days, int(asked[1]), key=_begin)
        end = max(first, bisect_left(days, int(asked[2]), key=_begin) if asked[2] else len(days))
        start, count = int(query.get("start", 0)), int(query.get("count", 10))
        page = days[first + start : min(first + start + count, end)]
        links = [{"rel": "next", "type": "application/json", "href": f"{request.path}?start={start + count}"}]
        paging = {"start": start, "count": count, "links": links if end - first > start + count else []}
        return Response({"paging": paging, "elements": [_element(one, finder) for one in page]})


def _begin(entry: Entry) -> int:
    """The millisecond a day begins at."""
    return int(entry.key)


def _element(entry: Entry, finder: str) -> dict[str, Any]:
    begin = _begin(entry)
    return {finder: URN, "timeRange": {"start": begin, "end": begin + DAY}, **entry.record}


def _refused(status: int, code: str, message: str) -> Response:
    return Response({"status": status, "code": code, "message": message}, status)
