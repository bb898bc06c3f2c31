"""Matomo's protocol over the store: one address, the method in the form, visits by the time of their last action.

As the vendor does, `minTimestamp` leaves its own second out, the newest visit comes first unless the form asks for the
other order, and an error is an object with a good status; only a wrong token is told by the status as well.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import Any

from ingestion.sandbox.server.store import Entry, Store, key_order
from ingestion.sandbox.server.web import Request, Response

SITE = "1"


class MatomoProtocol:
    """Answers requests as Matomo 5 does.

    Args:
        store: visits by number, kind `matomo.visits`.
        token: the token that is accepted, in a form only.
    """

    def __init__(self, store: Store, token: str) -> None:
        self._store, self._token = store, token

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        form: Mapping[str, str] = request.body or {}
        if request.method != "POST" or form.get("token_auth") != self._token:
            return _error("You can't access this resource as it requires 'view' access for the website.", 401)
        if request.path != "/index.php" or form.get("module") != "API" or form.get("format") != "JSON":
            return _error("The plugin or action is not known.")
        if form.get("method") != "Live.getLastVisitsDetails":
            return _error(f"The method {form.get('method')!r} does not exist.")
        if form.get("idSite") != SITE:
            return _error("An unexpected website was found in the request.")
        return Response([_visit(one) for one in self._page(form)])

    def _page(self, form: Mapping[str, str]) -> list[Entry]:
        after, start = int(form.get("minTimestamp", 0)), int(form.get("filter_offset", 0))
        limit, is_rising = int(form.get("filter_limit", 10)), form.get("filter_sort_order") == "asc"
        found = self._store.made("matomo.visits", self._sorted)
        first, end = bisect_right(found, after, key=_second), len(found)
        if is_rising:
            return found[first + start : first + start + limit]
        return found[max(first, end - start - limit) : max(first, end - start)][::-1]

    def _sorted(self) -> list[Entry]:
        return sorted(self._store.by_change("matomo.visits"), key=lambda one: (_second(one), key_order(one)))


def _visit(entry: Entry) -> dict[str, Any]:
    return {
        "idSite": SITE,
        "idVisit": entry.key,
        "referrerType": "direct",
        "countryCode": "xx",
        "deviceType": "Desktop",
        "siteCurrency": "EUR",
        **entry.record,
        "serverTimestamp": _second(entry),
        "firstActionTimestamp": int(entry.created_at.timestamp()),
        "lastActionTimestamp": _second(entry),
    }


def _second(entry: Entry) -> int:
    return int(entry.changed_at.timestamp())


def _error(message: str, status: int = 200) -> Response:
    return Response({"result": "error", "message": message}, status)
