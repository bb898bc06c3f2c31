"""Shopify's protocol over the store: lists filtered by time, paged by `Link` headers that carry the filter themselves.

Parameters beside `limit` and `page_info` are refused on later pages, as the vendor does. Deleted records vanish from
lists and appear in the event log.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left, bisect_right
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson

from ingestion.sandbox.server.store import Entry, Store, change_order, key_order_of
from ingestion.sandbox.server.web import Request, Response

VERSION = "2026-10"


class ShopifyProtocol:
    """Answers requests as Shopify's Admin REST API does.

    Args:
        store: records by kind, `shopify.<resource>`.
        token: the access token that is accepted.
    """

    def __init__(self, store: Store, token: str) -> None:
        self._store, self._token = store, token

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        if request.headers.get("X-Shopify-Access-Token") != self._token:
            return Response({"errors": "[API] Invalid API key or access token"}, 401)
        match request.method, request.path.strip("/").split("/"):
            case "GET", ["admin", "api", version, file] if version == VERSION:
                return self._page(file.removesuffix(".json"), request)
        return Response({"errors": "Not Found"}, 404)

    def _page(self, resource: str, request: Request) -> Response:
        asked: dict[str, Any] = dict(request.query)
        limit = int(asked.pop("limit", 50))
        if "page_info" in asked:
            info = asked.pop("page_info")
            if asked:
                return Response({"errors": f"page_info cannot be combined with {sorted(asked)}"}, 400)
            asked = orjson.loads(urlsafe_b64decode(info))
        is_log = resource == "events"
        kind, clock = ("customers", "created_at") if is_log else (resource, "updated_at")
        entries = self._store.by_change(f"shopify.{kind}", is_deleted=is_log)
        start, end = _span(entries, asked, clock)
        page, headers = entries[start : min(start + limit, end)], {}
        if start + limit < end:
            token = urlsafe_b64encode(orjson.dumps({**asked, "behind": _place(page[-1])})).decode()
            link = f"{request.base_url}{request.path}?{urlencode({'limit': limit, 'page_info': token})}"
            headers = {"Link": f'<{link}>; rel="next"'}
        return Response({resource: [_deletion(one) if is_log else _shown(one) for one in page]}, headers=headers)


def _span(entries: list[Entry], asked: dict[str, Any], clock: str) -> tuple[int, int]:
    """Where what was asked for begins and ends in a list in the order of change; it is looked up, not gone through."""
    first, last, behind = asked.get(f"{clock}_min"), asked.get(f"{clock}_max"), asked.get("behind")
    start = bisect_left(entries, datetime.fromisoformat(first), key=_second) if first else 0
    if behind:
        place = (datetime.fromisoformat(behind[0]), key_order_of(behind[1]))
        start = max(start, bisect_right(entries, place, key=change_order))
    return start, bisect_right(entries, datetime.fromisoformat(last), key=_second) if last else len(entries)


def _second(entry: Entry) -> datetime:
    """The instant of a record's last change as Shopify shows and filters it, in whole seconds."""
    return entry.changed_at.replace(microsecond=0)


def _place(entry: Entry) -> tuple[str, str]:
    """Where a record stands in its list: by its last change, then by number."""
    return entry.changed_at.isoformat(), entry.key


def _shown(entry: Entry) -> dict[str, Any]:
    stamps = {"created_at": _iso(entry.created_at), "updated_at": _iso(entry.changed_at)}
    return {"id": int(entry.key), **entry.record, **stamps}


def _deletion(entry: Entry) -> dict[str, Any]:
    return {
        "id": 9_000_000_000 + int(entry.key),
        "subject_id": int(entry.key),
        "created_at": _iso(entry.changed_at),
        "subject_type": "Customer",
        "verb": "destroy",
        "arguments": [],
        "message": "deleted",
    }


def _iso(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
