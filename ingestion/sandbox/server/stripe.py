"""Stripe's protocol over the store: lists by creation, newest first, and the event log of the last 30 days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from ingestion.sandbox.server.store import Entry, Store
from ingestion.sandbox.server.web import Request, Response

RESOURCES = ("customers", "subscriptions", "invoices", "refunds")
EVENT_NAMES = {
    "customers": "customer",
    "subscriptions": "customer.subscription",
    "invoices": "invoice",
    "refunds": "refund",
}
EVENTS_KEPT = timedelta(days=30)


class StripeProtocol:
    """Answers requests as Stripe's API does.

    Args:
        store: records by kind, `stripe.<resource>`.
        key: the secret key that is accepted.
    """

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._key = store, key

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        if request.headers.get("Authorization") != f"Bearer {self._key}":
            return Response({"error": {"type": "invalid_request_error", "message": "Invalid API Key"}}, 401)
        match request.method, request.path.strip("/").split("/"):
            case "GET", ["v1", "events"]:
                return self._page(self._events(request.query), request)
            case "GET", ["v1", resource] if resource in RESOURCES:
                return self._page(self._objects(resource), request)
        return Response({"error": {"message": "Unrecognized request URL"}}, 404)

    def _objects(self, resource: str) -> list[dict[str, Any]]:
        entries = sorted(
            self._store.by_key(f"stripe.{resource}"), key=lambda one: (one.created_at, one.key), reverse=True
        )
        return [_object(resource, one) for one in entries]

    def _events(self, query: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - a query's mapping
        wanted = set(query["types[]"].split(",")) if "types[]" in query else None
        since = int(query.get("created[gte]", 0))
        first = max(since, int((self._store.now - EVENTS_KEPT).timestamp()))
        found = []
        for resource in RESOURCES:
            for entry in self._store.history(f"stripe.{resource}"):
                event = _event(resource, entry)
                if event["created"] >= first and (wanted is None or event["type"] in wanted):
                    found.append(event)
        return sorted(found, key=lambda event: (event["created"], event["id"]), reverse=True)

    def _page(self, found: list[dict[str, Any]], request: Request) -> Response:
        limit, after = int(request.query.get("limit", 10)), request.query.get("starting_after")
        start = 0
        if after:
            places = [place for place, one in enumerate(found) if one["id"] == after]
            if not places:
                return Response({"error": {"message": f"No such object: {after}"}}, 404)
            start = places[0] + 1
        page = found[start : start + limit]
        return Response({"object": "list", "data": page, "has_more": start + limit < len(found), "url": request.path})


def _object(resource: str, entry: Entry) -> dict[str, Any]:
    kind = resource.removesuffix("s")
    envelope = {"id": entry.key, "object": kind, "created": int(entry.created_at.timestamp())}
    return envelope | ({} if resource == "refunds" else {"livemode": True}) | entry.record


def _event(resource: str, entry: Entry) -> dict[str, Any]:
    what = "deleted" if entry.is_deleted else "created" if entry.changed_at == entry.created_at else "updated"
    at = int(entry.changed_at.timestamp())
    return {
        "id": f"evt_{entry.key}_{at:011d}",
        "object": "event",
        "created": at,
        "type": f"{EVENT_NAMES[resource]}.{what}",
        "data": {"object": _object(resource, entry)},
    }
