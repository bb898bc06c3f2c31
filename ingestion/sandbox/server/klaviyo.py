"""Klaviyo's protocol over the store: JSON:API documents linked by cursors, filters by name, the revision header.

As the vendor does, profiles are asked for after an instant and events at it, instants are shown in whole seconds,
archived campaigns have to be asked for, and what a filter or a page size may not be is an error.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

import orjson

from ingestion.sandbox.server.store import Entry, Store
from ingestion.sandbox.server.web import Request, Response

# Klaviyo's own metrics by name. Another system may send metrics that are called the same.
METRICS = {
    "Received Email": "RcvEml",
    "Opened Email": "OpnEml",
    "Clicked Email": "ClkEml",
    "Bounced Email": "BncEml",
    "Dropped Email": "DrpEml",
    "Marked Email as Spam": "SpmEml",
    "Unsubscribed from Email Marketing": "UnsEml",
}
FOREIGN_METRICS = {"Placed Order": "PlcOrd", "Opened Email": "ApiOpn"}
INTEGRATIONS = {number: "Klaviyo" for number in METRICS.values()} | {one: "API" for one in FOREIGN_METRICS.values()}
MOST = {"profiles": 100, "campaigns": 100, "events": 1000}
SORTS = {"profiles": "updated", "campaigns": "updated_at", "events": "datetime"}
OPERATIONS = {
    "profiles": {"greater-than(updated", "less-than(updated"},
    "campaigns": {
        "equals(messages.channel",
        "equals(archived",
        "greater-or-equal(updated_at",
        "less-than(updated_at",
    },
    "events": {"equals(metric_id", "greater-or-equal(datetime", "less-than(datetime"},
    "metrics": {"equals(integration.name"},
}
_CONDITION = re.compile(r"([a-z-]+)\(([\w.]+),([^()]*)\)")

Conditions = Mapping[str, str]


class KlaviyoProtocol:
    """Answers requests as Klaviyo's API does.

    Args:
        store: records by kind: `klaviyo.profiles`, `klaviyo.campaigns`, and per metric `klaviyo.events.<metric>`.
        key: the private API key that is accepted.
    """

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._authorization = store, f"Klaviyo-API-Key {key}"

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        if headers.get("authorization") != self._authorization:
            return _refused(401, "authentication_failed", "Incorrect authentication credentials.")
        if "revision" not in headers:
            return _refused(400, "invalid", "A revision header is required.")
        kind = request.path.strip("/").removeprefix("api/")
        if kind not in OPERATIONS:
            return _refused(404, "not_found", "The path could not be found.")
        conditions = {f"{one}({name}": value.strip("'\"") for one, name, value in _CONDITION.findall(_filter(request))}
        return self._listed(request, kind, conditions)

    def _listed(self, request: Request, kind: str, conditions: Conditions) -> Response:
        if not conditions.keys() <= OPERATIONS[kind]:
            return _refused(400, "invalid", "Invalid filter provided.")
        if kind == "metrics":
            return self._metrics(request, conditions)
        if int(request.query.get("page[size]", 20)) > MOST[kind] or request.query.get("sort") != SORTS[kind]:
            return _refused(400, "invalid", "Invalid page size or sort field.")
        found = {"profiles": self._profiles, "campaigns": self._campaigns, "events": self._events}[kind](conditions)
        return self._page(request, kind, *found)

    def _metrics(self, request: Request, conditions: Conditions) -> Response:
        wanted = conditions.get("equals(integration.name")
        data = [_metric(number) for number, integration in INTEGRATIONS.items() if wanted in (None, integration)]
        return Response({"data": data, "links": {"self": request.path, "next": None, "prev": None}})

    def _profiles(self, conditions: Conditions) -> tuple[list[Entry], int, int]:
        name = "klaviyo.profiles"
        found = self._store.made(name, lambda: sorted(self._store.by_change(name), key=_place))
        return _within(found, conditions, "greater-than(updated", "less-than(updated", is_strict=True)

    def _campaigns(self, conditions: Conditions) -> tuple[list[Entry], int, int]:
        is_archived = conditions.get("equals(archived", "false") == "true"
        entries = [one for one in self._store.by_change("klaviyo.campaigns") if one.record["archived"] == is_archived]
        entries.sort(key=_place)
        return _within(entries, conditions, "greater-or-equal(updated_at", "less-than(updated_at")

    def _events(self, conditions: Conditions) -> tuple[list[Entry], int, int]:
        """The events of one metric, or of all, each with its metric."""
        metrics = [conditions["equals(metric_id"]] if "equals(metric_id" in conditions else list(INTEGRATIONS)
        found = self._store.made(f"klaviyo.events of {metrics}", lambda: self._events_of(metrics))
        return _within(found, conditions, "greater-or-equal(datetime", "less-than(datetime")

    def _events_of(self, metrics: Sequence[str]) -> list[Entry]:
        found = (
            replace(one, record={**one.record, "metric": metric})
            for metric in metrics
            for one in self._store.by_change(f"klaviyo.events.{metric}")
        )
        return sorted(found, key=_place)

    def _page(self, request: Request, kind: str, found: Sequence[Entry], start: int, end: int) -> Response:
        limit = int(request.query.get("page[size]", 20))
        if "page[cursor]" in request.query:
            instant, key = orjson.loads(urlsafe_b64decode(request.query["page[cursor]"]))
            start = max(start, bisect_right(found, (datetime.fromisoformat(instant), key), key=_place))
        page = found[start : min(start + limit, end)]
        link = None
        if start + limit < end:
            place_after = orjson.dumps([page[-1].changed_at.isoformat(), page[-1].key])
            query = {**request.query, "page[cursor]": urlsafe_b64encode(place_after).decode()}
            link = f"{request.base_url}{request.path}?{urlencode(query)}"
        body: dict[str, Any] = {
            "data": [_RESOURCES[kind](one, request) for one in page],
            "links": {"self": f"{request.base_url}{request.path}", "next": link, "prev": None},
        }
        included = self._included(kind, page, request)
        return Response({**body, "included": included} if included else body)

    def _included(self, kind: str, page: Sequence[Entry], request: Request) -> list[dict[str, Any]]:
        wanted = request.query.get("include")
        if kind == "campaigns" and wanted == "campaign-messages":
            return [
                {"type": "campaign-message", "id": one["id"], "attributes": one["attributes"]}
                for entry in page
                for one in entry.record["messages"]
            ]
        if kind == "events" and wanted:
            metrics = sorted({entry.record["metric"] for entry in page}) if "metric" in wanted.split(",") else []
            return [*map(_metric, metrics), *self._profiles_of(page)]
        return []

    def _profiles_of(self, page: Sequence[Entry]) -> list[dict[str, Any]]:
        profiles = {entry.record["profile"] for entry in page}
        found = [self._store.get("klaviyo.profiles", number) for number in sorted(profiles)]
        return [
            {"type": "profile", "id": one.key, "attributes": {"email": one.record.get("email")}}
            for one in found
            if one is not None and not one.is_deleted
        ]


def _place(entry: Entry) -> tuple[datetime, str]:
    """Where a record stands in its list: by the instant it is sorted by, then by identifier."""
    return entry.changed_at, entry.key


def _filter(request: Request) -> str:
    return request.query.get("filter", "").removeprefix("and(")


def _within(
    entries: list[Entry], conditions: Conditions, since: str, until: str, *, is_strict: bool = False
) -> tuple[list[Entry], int, int]:
    """A list in the order of change, and where in it that begins and ends what the conditions ask for."""
    clock, begins = attrgetter("changed_at"), bisect_right if is_strict else bisect_left
    start = begins(entries, datetime.fromisoformat(conditions[since]), key=clock) if since in conditions else 0
    if until in conditions:
        return entries, start, bisect_left(entries, datetime.fromisoformat(conditions[until]), key=clock)
    return entries, start, len(entries)


def _profile(entry: Entry, request: Request) -> dict[str, Any]:
    attributes = {**entry.record, "created": _text(entry.created_at), "updated": _text(entry.changed_at)}
    if "subscriptions" not in request.query.get("additional-fields[profile]", ""):
        attributes.pop("subscriptions", None)
    return _resource("profile", entry, attributes, {})


def _campaign(entry: Entry, _request: Request) -> dict[str, Any]:
    messages = [{"type": "campaign-message", "id": one["id"]} for one in entry.record["messages"]]
    attributes = {name: value for name, value in entry.record.items() if name != "messages"}
    times = {"created_at": _text(entry.created_at), "updated_at": _text(entry.changed_at)}
    return _resource("campaign", entry, {**attributes, **times}, {"campaign-messages": {"data": messages}})


def _event(entry: Entry, _request: Request) -> dict[str, Any]:
    attributes = {
        "timestamp": int(entry.changed_at.timestamp()),
        "datetime": _text(entry.changed_at).replace("T", " "),
        "event_properties": entry.record["properties"],
        "uuid": f"uuid-{entry.key}",
    }
    related = {name: {"data": {"type": name, "id": entry.record[name]}} for name in ("profile", "metric")}
    return _resource("event", entry, attributes, related)


def _metric(number: str) -> dict[str, Any]:
    name = next(name for one in (METRICS, FOREIGN_METRICS) for name, found in one.items() if found == number)
    return {"type": "metric", "id": number, "attributes": {"name": name, "integration": {"name": INTEGRATIONS[number]}}}


_RESOURCES: Mapping[str, Callable[[Entry, Request], dict[str, Any]]] = {
    "profiles": _profile,
    "campaigns": _campaign,
    "events": _event,
}


def _resource(kind: str, entry: Entry, attributes: dict[str, Any], relationships: dict[str, Any]) -> dict[str, Any]:
    link = {"self": f"https://a.klaviyo.com/api/{kind}s/{entry.key}/"}
    return {"type": kind, "id": entry.key, "attributes": attributes, "relationships": relationships, "links": link}


def _text(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")


def _refused(status: int, code: str, detail: str) -> Response:
    return Response({"errors": [{"id": "1", "status": status, "code": code, "title": code, "detail": detail}]}, status)
