"""Typeform's protocol over the store: forms by page, responses the newest first, by the token of the one before.

As the vendor does, half of the responses (those with an odd number) are missing from the list for half an hour after
they were submitted, and a place in the list (`before`, `after`) together with an order of one's own is an error.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any

from ingestion.sandbox.server.store import Entry, Store, change_order
from ingestion.sandbox.server.web import Request, Response

LATE = timedelta(minutes=30)


class TypeformProtocol:
    """Answers requests as Typeform's Create and Responses APIs do.

    Args:
        store: kind `typeform.forms`, and per form `typeform.responses.<form>` with hexadecimal tokens as keys.
        token: the access token that is accepted.
    """

    def __init__(self, store: Store, token: str) -> None:
        self._store, self._authorization = store, f"Bearer {token}"

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        if request.headers.get("Authorization") != self._authorization:
            return Response({"code": "AUTHENTICATION_FAILED", "description": "Authentication failed"}, 401)
        match request.path.strip("/").split("/"):
            case ["forms"]:
                return self._forms(request.query)
            case ["forms", number] if form := self._store.get("typeform.forms", number):
                return Response(_form(form))
            case ["forms", number, "responses"] if self._store.get("typeform.forms", number):
                return self._responses(f"typeform.responses.{number}", request.query)
        return Response({"code": "FORM_NOT_FOUND", "description": "Typeform ID not found"}, 404)

    def _forms(self, query: Mapping[str, str]) -> Response:
        size, page = int(query.get("page_size", 10)), int(query.get("page", 1))
        found = self._store.by_change("typeform.forms")[::-1]
        if size > 200:
            return _refused("page_size")
        listed = [_listed(one) for one in found[(page - 1) * size : page * size]]
        return Response({"total_items": len(found), "page_count": ceil(len(found) / size), "items": listed})

    def _responses(self, kind: str, query: Mapping[str, str]) -> Response:
        size = int(query.get("page_size", 25))
        if size > 1000:
            return _refused("page_size")
        if "sort" in query and {"before", "after"} & set(query):
            return _refused("sort")
        found = self._store.made(kind, lambda: [one for one in self._store.by_change(kind) if self._is_listed(one)])
        since, until = (datetime.fromisoformat(query[name]) if name in query else None for name in ("since", "until"))
        start = bisect_left(found, since, key=_whole_second) if since else 0
        end = bisect_right(found, until, key=_whole_second) if until else len(found)
        if "before" in query:
            last = self._store.get(kind, query["before"])
            if last is None:
                return _refused("before")
            end = min(end, bisect_left(found, change_order(last), key=change_order))
        count = max(end - start, 0)
        page = found[max(start, end - size) : max(start, end)][::-1]
        answer = {"total_items": count, "page_count": ceil(count / size)}
        return Response(answer | {"items": [_response(one) for one in page]})

    def _is_listed(self, entry: Entry) -> bool:
        return not int(entry.key, 16) % 2 or entry.changed_at <= self._store.now - LATE


def _whole_second(entry: Entry) -> datetime:
    return entry.changed_at.replace(microsecond=0)


def _form(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.key,
        "type": "quiz",
        "language": "en",
        **entry.record,
        "created_at": _second(entry.created_at),
        "last_updated_at": _second(entry.changed_at),
    }


def _listed(entry: Entry) -> dict[str, Any]:
    form = _form(entry)
    return {name: form[name] for name in ("id", "type", "title", "created_at", "last_updated_at")}


def _response(entry: Entry) -> dict[str, Any]:
    opened = entry.changed_at - timedelta(minutes=2)
    return {
        "landing_id": entry.key,
        "token": entry.key,
        "response_id": entry.key,
        "response_type": "completed",
        "landed_at": _second(opened),
        "submitted_at": _second(entry.changed_at),
        "metadata": {"user_agent": "Mozilla/5.0", "platform": "other", "referer": "", "network_id": "0", "browser": ""},
        "calculated": {"score": 0},
        **entry.record,
    }


def _second(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _refused(parameter: str) -> Response:
    details = [{"code": "INVALID", "field": parameter}]
    return Response({"code": "VALIDATION_ERROR", "description": "invalid parameters", "details": details}, 400)
