"""HubSpot's protocol over the store: listing with archived apart, search that ends at 10,000, batch associations.

A record in the store is `{"properties": {...}, "contact_ids": [...]}`, of a contact also `stages`: instant, stage and
reason of every change of its lifecycle stage. Its envelope is made here. A deletion with `is_merged` is a contact that
another one took over. As the vendor does, search never returns archived objects and answers 400 beyond 10,000 results;
so does what asks for more than 50 contacts with their history at once.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime
from typing import Any

from ingestion.sandbox.server.store import Entry, Store
from ingestion.sandbox.server.web import Request, Response

SEARCH_LIMIT = 10_000
MOST_WITH_HISTORY = 50
MODIFIED = {"contacts": "lastmodifieddate"}


class HubspotProtocol:
    """Answers requests as HubSpot's CRM API v3 and associations v4 do.

    Args:
        store: records by kind, `hubspot.<object type>`.
        token: the access token that is accepted.
    """

    def __init__(self, store: Store, token: str) -> None:
        self._store, self._token = store, token

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        if request.headers.get("Authorization") != f"Bearer {self._token}":
            return Response({"status": "error", "category": "INVALID_AUTHENTICATION"}, 401)
        path = request.path.strip("/").split("/")
        found = self._got(path, request) if request.method == "GET" else self._posted(path, request.body)
        return found or Response({"status": "error", "message": "resource not found"}, 404)

    def _got(self, path: list[str], request: Request) -> Response | None:
        match path:
            case ["crm", "v3", "objects", kind]:
                return self._list(kind, request)
            case ["crm", "v3", "owners"]:
                return self._owners(request)
        return None

    def _posted(self, path: list[str], asked: dict[str, Any]) -> Response | None:
        match path:
            case ["crm", "v3", "objects", kind, "search"]:
                return self._search(kind, asked)
            case ["crm", "v3", "objects", "contacts", "batch", "read"]:
                return self._batch(asked)
            case ["crm", "v4", "associations", kind, "contacts", "batch", "read"]:
                return self._associations(kind, asked)
        return None

    def _list(self, kind: str, request: Request) -> Response:
        is_archived = request.query.get("archived") == "true"
        limit, after = int(request.query.get("limit", 10)), int(request.query.get("after", 0))
        wanted = request.query.get("properties", "").split(",")
        with_history = "propertiesWithHistory" in request.query
        if with_history and limit > MOST_WITH_HISTORY:
            return Response({"status": "error", "message": "limit exceeds 50 with propertiesWithHistory"}, 400)
        entries = self._archived(kind) if is_archived else self._store.by_key(f"hubspot.{kind}", is_deleted=False)
        start = bisect_right(entries, after, key=lambda one: int(one.key))
        page = entries[start : start + limit]
        results = [_envelope(kind, one, wanted) | (self._history(one) if with_history else {}) for one in page]
        body: dict[str, Any] = {"results": results}
        if start + limit < len(entries):
            body["paging"] = {"next": {"after": page[-1].key, "link": f"{request.base_url}{request.path}"}}
        return Response(body)

    def _archived(self, kind: str) -> list[Entry]:
        """A contact that was merged into another one is in neither list."""
        name = f"hubspot.{kind}"
        return self._store.made(
            f"{name} archived",
            lambda: [one for one in self._store.by_key(name, is_deleted=True) if not one.record.get("is_merged")],
        )

    def _batch(self, asked: dict[str, Any]) -> Response:
        """Contacts with the history of their lifecycle stage; those that are gone are left out."""
        if len(asked["inputs"]) > MOST_WITH_HISTORY:
            return Response({"status": "error", "message": "limit exceeds 50 with propertiesWithHistory"}, 400)
        found = [self._store.get("hubspot.contacts", str(one["id"])) for one in asked["inputs"]]
        shown = [one for one in found if one is not None and not one.is_deleted]
        results = [_envelope("contacts", one, asked["properties"]) | self._history(one) for one in shown]
        return Response({"status": "COMPLETE", "results": results})

    def _history(self, entry: Entry) -> dict[str, Any]:
        """The lifecycle stages a contact had until now, the latest first."""
        seen = [one for one in entry.record.get("stages", ()) if one[0] <= self._store.now]
        changes = [
            {"value": stage, "timestamp": _iso(at), "sourceType": reason, "sourceId": "sandbox"}
            for at, stage, reason in sorted(seen, reverse=True)
        ]
        return {"propertiesWithHistory": {"lifecyclestage": changes}}

    def _owners(self, request: Request) -> Response:
        is_archived = request.query.get("archived") == "true"
        limit, after = int(request.query["limit"]), int(request.query.get("after", 0))
        entries = self._store.by_key("hubspot.owners", is_deleted=is_archived)
        page = [one for one in entries if int(one.key) > after][:limit]
        stamps = [
            {"createdAt": _iso(one.created_at), "updatedAt": _iso(one.changed_at), "archived": is_archived}
            for one in page
        ]
        results = [{"id": one.key, **one.record, **stamp} for one, stamp in zip(page, stamps, strict=True)]
        is_last = not page or page[-1] is entries[-1]
        return Response({"results": results} | ({} if is_last else {"paging": {"next": {"after": page[-1].key}}}))

    def _search(self, kind: str, asked: dict[str, Any]) -> Response:
        entries = self._store.by_change(f"hubspot.{kind}")
        for wanted in asked["filterGroups"][0]["filters"]:
            place = bisect_left(entries, int(wanted["value"]), key=lambda one: _milliseconds(one.changed_at))
            entries = entries[place:] if wanted["operator"] == "GTE" else entries[:place]
        start, limit = int(asked.get("after", 0)), int(asked.get("limit", 10))
        if start + limit > SEARCH_LIMIT:
            return Response({"status": "error", "message": "a search ends at 10,000 results"}, 400)
        page = entries[start : start + limit]
        found = [_envelope(kind, one, asked["properties"]) for one in page]
        body: dict[str, Any] = {"total": len(entries), "results": found}
        if start + limit < len(entries):
            body["paging"] = {"next": {"after": str(start + limit)}}
        return Response(body)

    def _associations(self, kind: str, asked: dict[str, Any]) -> Response:
        results = []
        for wanted in asked["inputs"]:
            entry = self._store.get(f"hubspot.{kind}", str(wanted["id"]))
            contacts = entry.record.get("contact_ids", []) if entry else []
            if contacts:
                to = [{"toObjectId": int(one), "associationTypes": []} for one in contacts]
                results.append({"from": {"id": str(wanted["id"])}, "to": to})
        return Response({"status": "COMPLETE", "results": results})


def _envelope(kind: str, entry: Entry, wanted: list[str]) -> dict[str, Any]:
    held = entry.record["properties"] | {
        "createdate": _iso(entry.created_at),
        "hs_object_id": entry.key,
        MODIFIED.get(kind, "hs_lastmodifieddate"): _iso(entry.changed_at),
    }
    shown = {name: held.get(name) for name in {*wanted, "createdate", "hs_object_id"} if name}
    envelope = {
        "id": entry.key,
        "properties": shown,
        "createdAt": _iso(entry.created_at),
        "updatedAt": _iso(entry.changed_at),
        "archived": entry.is_deleted,
    }
    return envelope | ({"archivedAt": _iso(entry.changed_at)} if entry.is_deleted else {})


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def _iso(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
