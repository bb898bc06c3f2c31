"""Brevo's protocol over the store: lists in the order of creation by limit and offset, events by days.

As the vendor does, filters by time leave their own instant out, times carry the offset of the account, an account
without events answers with an empty object, and more than a list gives at once is an error.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from ingestion.sandbox.server.store import Entry, Store
from ingestion.sandbox.server.web import Request, Response

ACCOUNT_ZONE = ZoneInfo("Europe/Berlin")
MOST = {"contacts": 1000, "campaigns": 100, "events": 5000}
LONGEST = timedelta(days=90)

# Where in a list what was asked for begins and ends.
Span = tuple[int, int]


class BrevoProtocol:
    """Answers requests as Brevo's API v3 does.

    Args:
        store: records by kind: `brevo.contacts`, `brevo.campaigns` and, never changing, `brevo.events`.
        key: the API key that is accepted.
    """

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._key = store, key

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        if request.headers.get("api-key") != self._key:
            return Response({"code": "unauthorized", "message": "Key not found"}, 401)
        match request.path:
            case "/v3/contacts":
                return self._page("contacts", *self._contacts(request.query), request.query)
            case "/v3/emailCampaigns":
                entries = self._store.by_creation("brevo.campaigns")
                return self._page("campaigns", entries, (0, len(entries)), request.query)
            case "/v3/smtp/statistics/events":
                return self._events(request.query)
        return Response({"code": "not_found", "message": "Route not found"}, 404)

    def _contacts(self, query: Mapping[str, str]) -> tuple[list[Entry], Span]:
        is_limited = "modifiedSince" in query
        entries = self._changed(query["modifiedSince"]) if is_limited else self._store.by_creation("brevo.contacts")
        created = query.get("createdSince")
        start = bisect_right(entries, datetime.fromisoformat(created), key=attrgetter("created_at")) if created else 0
        return entries, (start, len(entries))

    def _changed(self, since: str) -> list[Entry]:
        first = datetime.fromisoformat(since)
        return self._store.made(
            f"brevo.contacts since {since}",
            lambda: [one for one in self._store.by_creation("brevo.contacts") if one.changed_at > first],
        )

    def _events(self, query: Mapping[str, str]) -> Response:
        if "days" in query:
            last = self._store.now.astimezone(ACCOUNT_ZONE).date()
            first = last - timedelta(days=int(query["days"]) - 1)
        else:
            first, last = date.fromisoformat(query["startDate"]), date.fromisoformat(query["endDate"])
        if not timedelta(0) <= last - first < LONGEST:
            return _refused("The date range can not exceed 90 days")
        entries, days = self._store.by_change("brevo.events"), (first, last + timedelta(days=1))
        start, end = (bisect_left(entries, _midnight(day), key=attrgetter("changed_at")) for day in days)
        return self._page("events", entries, (start, end), query)

    def _page(self, member: str, entries: Sequence[Entry], span: Span, query: Mapping[str, str]) -> Response:
        limit, offset = int(query.get("limit", 50)), int(query.get("offset", 0))
        if limit > MOST[member]:
            return _refused("Limit exceeds max value")
        start, end = span
        if query.get("sort") == "asc":
            found = entries[start + offset : min(start + offset + limit, end)]
        else:
            found = entries[max(start, end - offset - limit) : max(start, end - offset)][::-1]
        page = [SHOWN[member](one) for one in found]
        if member == "events":
            return Response({"events": page} if page else {})
        return Response({member: page, "count": end - start} if end > start or member == "contacts" else {"count": 0})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ACCOUNT_ZONE)


def _contact(entry: Entry) -> dict[str, Any]:
    return {
        "emailBlacklisted": False,
        "smsBlacklisted": False,
        "listIds": [2],
        **entry.record,
        "id": int(entry.key),
        "createdAt": _text(entry.created_at),
        "modifiedAt": _text(entry.changed_at),
    }


def _campaign(entry: Entry) -> dict[str, Any]:
    return {
        "type": "classic",
        "abTesting": False,
        **entry.record,
        "id": int(entry.key),
        "createdAt": _text(entry.created_at),
        "modifiedAt": _text(entry.changed_at),
    }


def _event(entry: Entry) -> dict[str, Any]:
    return {**entry.record, "date": _text(entry.changed_at)}


SHOWN: Mapping[str, Callable[[Entry], dict[str, Any]]] = {
    "contacts": _contact,
    "campaigns": _campaign,
    "events": _event,
}


def _text(instant: datetime) -> str:
    return instant.astimezone(ACCOUNT_ZONE).isoformat(timespec="milliseconds")


def _refused(message: str) -> Response:
    return Response({"code": "out_of_range", "message": message}, 400)
