"""Salesforce's protocol over the store: access tokens, queries with deleted records, batches of a fixed result.

Understands the queries that connectors send: fields of one object, bounds of `SystemModstamp`, ordered by it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from datetime import datetime
from hashlib import md5
from typing import Any

from ingestion.sandbox.server.store import Entry, Store, change_order
from ingestion.sandbox.server.web import Request, Response

DATA = "services/data/v62.0"
CLIENT = "sandbox-client"
OBJECTS = ("Lead", "Contact", "Account", "Opportunity", "Task", "Case")
_QUERY = re.compile(
    r"SELECT (?P<fields>.+?) FROM (?P<object>\w+)(?: WHERE (?P<where>.+?))? ORDER BY SystemModstamp, Id"
)
_CONDITION = re.compile(r"SystemModstamp (>=|<) (\S+)")


class SalesforceProtocol:
    """Answers requests as Salesforce's REST API does.

    Args:
        store: records by kind, `salesforce.<object>`.
        secret: the client secret for which an access token is given.
        is_multicurrency: whether records have a currency.
    """

    def __init__(self, store: Store, secret: str, *, is_multicurrency: bool = True) -> None:
        self._store, self._secret, self._is_multicurrency = store, secret, is_multicurrency
        self._token = f"00D!{md5(secret.encode(), usedforsecurity=False).hexdigest()}"
        # Of every query the object, the fields that were asked for, and the versions that were in force.
        self._results: list[tuple[str, list[str], list[Entry]]] = []

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        path = request.path.strip("/")
        if path == "services/oauth2/token":
            return self._grant(request.body)
        if request.headers.get("Authorization") != f"Bearer {self._token}":
            return _error("INVALID_SESSION_ID", "Session expired or invalid", 401)
        match path.removeprefix(f"{DATA}/").split("/"):
            case ["queryAll"]:
                return self._query(request)
            case ["query", locator]:
                number, _, start = locator.partition("-")
                return self._batch(int(number), int(start), request.headers)
            case ["sobjects", kind, "describe"] if kind in OBJECTS:
                names = ["Id", *(["CurrencyIsoCode"] if self._is_multicurrency else [])]
                return Response({"name": kind, "fields": [{"name": name} for name in names]})
        return _error("NOT_FOUND", "The requested resource does not exist", 404)

    def _grant(self, form: Mapping[str, str]) -> Response:
        is_known = form.get("grant_type") == "client_credentials" and form.get("client_secret") == self._secret
        if not is_known:
            return Response({"error": "invalid_client", "error_description": "invalid client credentials"}, 400)
        return Response({"access_token": self._token, "token_type": "Bearer", "scope": "api"})

    def _query(self, request: Request) -> Response:
        asked = _QUERY.fullmatch(request.query["q"])
        if asked is None or asked["object"] not in OBJECTS:
            return _error("MALFORMED_QUERY", "unexpected token", 400)
        names = asked["fields"].split(", ")
        if "CurrencyIsoCode" in names and not self._is_multicurrency:
            return _error("INVALID_FIELD", "No such column 'CurrencyIsoCode'", 400)
        kind = f"salesforce.{asked['object']}"
        entries = self._store.made(kind, lambda: self._all(kind))
        start, end = 0, len(entries)
        for operator, literal in _CONDITION.findall(asked["where"] or ""):
            place = bisect_left(entries, _milliseconds(datetime.fromisoformat(literal)), key=_changed)
            start, end = (max(start, place), end) if operator == ">=" else (start, min(end, place))
        self._results.append((asked["object"], names, entries[start:end]))
        return self._batch(len(self._results) - 1, 0, request.headers)

    def _all(self, kind: str) -> list[Entry]:
        """All records of an object, deleted ones too, in the order of change."""
        found = [*self._store.by_change(kind), *self._store.by_change(kind, is_deleted=True)]
        return sorted(found, key=change_order)

    def _batch(self, number: int, start: int, headers: Mapping[str, str]) -> Response:
        size = int(headers.get("Sforce-Query-Options", "batchSize=2000").removeprefix("batchSize="))
        kind, names, found = self._results[number]
        records = [_record(kind, one, names) for one in found[start : start + size]]
        body: dict[str, Any] = {"totalSize": len(found), "done": True, "records": records}
        if start + size < len(found):
            body |= {"done": False, "nextRecordsUrl": f"/{DATA}/query/{number}-{start + size}"}
        return Response(body)


def _record(kind: str, entry: Entry, names: list[str]) -> dict[str, Any]:
    held = entry.record | {
        "Id": entry.key,
        "IsDeleted": entry.is_deleted,
        "CreatedDate": _stamp(entry.created_at),
        "SystemModstamp": _stamp(entry.changed_at),
    }
    url = f"/{DATA}/sobjects/{kind}/{entry.key}"
    return {"attributes": {"type": kind, "url": url}, **{name: held.get(name) for name in names}}


def _changed(entry: Entry) -> int:
    return _milliseconds(entry.changed_at)


def _milliseconds(instant: datetime) -> int:
    return int(instant.timestamp() * 1000)


def _stamp(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "+0000")


def _error(code: str, message: str, status: int) -> Response:
    return Response([{"errorCode": code, "message": message}], status)
