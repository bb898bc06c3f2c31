"""Stripe's protocol over the store: lists by creation, newest first, and the event log of the last 30 days."""

from __future__ import annotations

from bisect import bisect_left
from datetime import timedelta
from operator import is_, itemgetter
from typing import Any

from ingestion.sandbox.server.store import Entry, Store, creation_order
from ingestion.sandbox.server.web import Request, Response

RESOURCES = ("customers", "subscriptions", "invoices", "refunds")
EVENT_NAMES = {
    "customers": "customer",
    "subscriptions": "customer.subscription",
    "invoices": "invoice",
    "refunds": "refund",
}
EVENTS_KEPT = timedelta(days=30)

# When, its number, of which resource, and the version it tells of.
Log = list[tuple[int, str, str, Entry]]


class StripeProtocol:
    """Answers requests as Stripe's API does.

    Args:
        store: records by kind, `stripe.<resource>`.
        key: the secret key that is accepted.
    """

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._key = store, key
        self._logs: dict[str, tuple[list[list[Entry]], Log]] = {}

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        if request.headers.get("Authorization") != f"Bearer {self._key}":
            return Response({"error": {"type": "invalid_request_error", "message": "Invalid API Key"}}, 401)
        match request.method, request.path.strip("/").split("/"):
            case "GET", ["v1", "events"]:
                return self._events(request)
            case "GET", ["v1", resource] if resource in RESOURCES:
                return self._objects(resource, request)
        return Response({"error": {"message": "Unrecognized request URL"}}, 404)

    def _objects(self, resource: str, request: Request) -> Response:
        kind, after = f"stripe.{resource}", request.query.get("starting_after")
        entries = self._store.by_creation(kind)
        end = len(entries)
        if after:
            last = self._store.get(kind, after)
            if last is None or last.is_deleted:
                return _unknown(after)
            end = bisect_left(entries, creation_order(last), key=creation_order)
        begin = max(0, end - _limit(request))
        return _page([_object(resource, one) for one in reversed(entries[begin:end])], request, has_more=begin > 0)

    def _events(self, request: Request) -> Response:
        query, log = request.query, self._log(request.query.get("types[]", ""))
        first = bisect_left(log, (int(query.get("created[gte]", 0)),))
        end = bisect_left(log, (int(query["created[lt]"]),)) if "created[lt]" in query else len(log)
        after = query.get("starting_after")
        if after:
            instant = after.rpartition("_")[2]
            end = bisect_left(log, (int(instant) if instant.isdecimal() else 0, after))
            if end == len(log) or log[end][1] != after:
                return _unknown(after)
        begin = max(first, end - _limit(request))
        page = [_event(resource, entry) for _, _, resource, entry in reversed(log[begin:end])]
        return _page(page, request, has_more=begin > first)

    def _log(self, types: str) -> Log:
        """The events of these types (all when empty) that are kept, the oldest first; made anew when records change."""
        histories = [self._store.history(f"stripe.{resource}") for resource in RESOURCES]
        known, log = self._logs.get(types, ([], []))
        if len(known) == len(histories) and all(map(is_, known, histories)):
            return log
        first, wanted = self._store.now - EVENTS_KEPT, set(types.split(",")) if types else None
        log = sorted(
            (
                (int(entry.changed_at.timestamp()), _event_id(entry), resource, entry)
                for resource, history in zip(RESOURCES, histories, strict=True)
                for entry in history
                if entry.changed_at >= first and (wanted is None or _event_type(resource, entry) in wanted)
            ),
            key=itemgetter(0, 1),
        )
        self._logs[types] = histories, log
        return log


def _limit(request: Request) -> int:
    return int(request.query.get("limit", 10))


def _page(found: list[dict[str, Any]], request: Request, *, has_more: bool) -> Response:
    return Response({"object": "list", "data": found, "has_more": has_more, "url": request.path})


def _unknown(number: str) -> Response:
    return Response({"error": {"message": f"No such object: {number}"}}, 404)


def _object(resource: str, entry: Entry) -> dict[str, Any]:
    kind = resource.removesuffix("s")
    envelope = {"id": entry.key, "object": kind, "created": int(entry.created_at.timestamp())}
    return envelope | ({} if resource == "refunds" else {"livemode": True}) | entry.record


def _event(resource: str, entry: Entry) -> dict[str, Any]:
    return {
        "id": _event_id(entry),
        "object": "event",
        "created": int(entry.changed_at.timestamp()),
        "type": _event_type(resource, entry),
        "data": {"object": _object(resource, entry)},
    }


def _event_id(entry: Entry) -> str:
    return f"evt_{entry.key}_{int(entry.changed_at.timestamp()):011d}"


def _event_type(resource: str, entry: Entry) -> str:
    what = "deleted" if entry.is_deleted else "created" if entry.changed_at == entry.created_at else "updated"
    return f"{EVENT_NAMES[resource]}.{what}"
