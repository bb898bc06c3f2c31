"""Shopify's protocol over the store: lists filtered by time, paged by `Link` headers that carry the filter themselves.

Parameters beside `limit` and `page_info` are refused on later pages, as the vendor does. Deleted records vanish from
lists and appear in the event log.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson

from ingestion.sandbox.server.store import Entry, Store
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
        found = self._deletions(asked) if resource == "events" else self._records(resource, asked)
        behind = asked.get("behind")
        if behind:
            found = [one for one in found if _place(one) > (behind[0], behind[1])]
        page, headers = found[:limit], {}
        if len(found) > limit:
            token = urlsafe_b64encode(orjson.dumps({**asked, "behind": _place(page[-1])})).decode()
            link = f"{request.base_url}{request.path}?{urlencode({'limit': limit, 'page_info': token})}"
            headers = {"Link": f'<{link}>; rel="next"'}
        return Response({resource: page}, headers=headers)

    def _records(self, resource: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
        entries = self._store.by_change(f"shopify.{resource}")
        return [_shown(one) for one in entries if _is_within(one, asked, "updated_at")]

    def _deletions(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        entries = self._store.by_change("shopify.customers", is_deleted=True)
        return [
            {
                "id": 9_000_000_000 + int(one.key),
                "subject_id": int(one.key),
                "created_at": _iso(one.changed_at),
                "subject_type": "Customer",
                "verb": "destroy",
                "arguments": [],
                "message": "deleted",
            }
            for one in entries
            if _is_within(one, asked, "created_at")
        ]


def _shown(entry: Entry) -> dict[str, Any]:
    stamps = {"created_at": _iso(entry.created_at), "updated_at": _iso(entry.changed_at)}
    return {"id": int(entry.key), **entry.record, **stamps}


def _is_within(entry: Entry, asked: dict[str, Any], clock: str) -> bool:
    first, last = asked.get(f"{clock}_min"), asked.get(f"{clock}_max")
    at = entry.changed_at.replace(microsecond=0)
    return not ((first and at < datetime.fromisoformat(first)) or (last and at > datetime.fromisoformat(last)))


def _place(record: dict[str, Any]) -> tuple[str, int]:
    """Where a record stands in its list: by its last change, then by number."""
    return record.get("updated_at") or record["created_at"], record["id"]


def _iso(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")
