"""Meta's Graph API for a Facebook page and its Instagram account over the store: lists, expanded fields, batches.

As at Meta, errors have status 400 and say in a code what they mean, lists have the newest first and a cursor on their
last page too, and what is asked for with its own comments carries the first page of them. Figures by day are in
`meta_graph_figures.py`.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from ingestion.sandbox.server.meta_graph_figures import account_figures, followers, page_figures
from ingestion.sandbox.server.store import Entry, Store
from ingestion.sandbox.server.web import Request, Response

VERSION = "v26.0"
PAGE = "100200300400500"
INSTAGRAM = "17841400000000001"
USAGE = '{"call_count":3,"total_cputime":2,"total_time":2}'
BATCH = 50
# By edge of the page or account: the kind of its records, and how Meta calls the instant they came into being.
LISTS = {
    (PAGE, "feed"): ("posts", "created_time"),
    (PAGE, "tagged"): ("tagged_posts", "created_time"),
    (INSTAGRAM, "media"): ("media", "timestamp"),
    (INSTAGRAM, "tags"): ("tagged_media", "timestamp"),
}
# By kind: the edge of what hangs on its records, the kind of that, and the member that says on what it hangs.
THREADS = {
    "posts": ("comments", "comments", "post_id"),
    "media": ("comments", "media_comments", "media_id"),
    "media_comments": ("replies", "media_comments", "parent_id"),
}
CLOCKS = {"posts": "created_time", "comments": "created_time", "media": "timestamp", "media_comments": "timestamp"}
_EXPANDED = re.compile(
    r"(?P<edge>comments|replies)\.(?:[a-z_]+\([a-z_]*\)\.)*limit\((?P<limit>\d+)\)\{(?P<fields>.*)\}"
)


class MetaGraphProtocol:
    """Answers requests as Meta's Graph API does.

    Args:
        store: kinds `meta_graph.<posts, comments, tagged_posts, media, media_comments, tagged_media>` and the figures.
        token: the access token that is accepted.
    """

    def __init__(self, store: Store, token: str) -> None:
        self._store, self._token = store, token

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        if request.headers.get("Authorization") != f"Bearer {self._token}":
            return _error(190, "Error validating access token: the session has expired.")
        if (request.method, request.path) == ("POST", f"/{VERSION}"):
            return self._batch(request)
        parts = request.path.strip("/").split("/")
        if parts[0] != VERSION:
            return _error(2635, "You are calling a deprecated version.")
        answer = self._answer(parts[1:], request.query, request)
        return answer if answer.status != 200 else Response(answer.body, 200, {"X-App-Usage": USAGE})

    def _answer(self, parts: list[str], query: Mapping[str, str], request: Request) -> Response:
        match parts:
            case [number] if number in (PAGE, INSTAGRAM):
                return Response(self._account(number, query["fields"]))
            case [number, "insights"] if number == PAGE:
                return page_figures(self._store, query, PAGE)
            case [number, "insights"] if number == INSTAGRAM:
                return account_figures(self._store, query, INSTAGRAM)
            case [number, edge] if (number, edge) in LISTS:
                kind, clock = LISTS[number, edge]
                found = self._sorted(kind)
                span = _span(found, query) if kind == "posts" else (0, len(found))
                return Response(self._page(found[slice(*span)], kind, clock, query, request))
            case [number, edge]:
                return self._thread(number, edge, query, request)
        return _error(100, "Unsupported get request.")

    def _account(self, number: str, fields: str) -> dict[str, Any]:
        shown = {"name": "The company", "username": "the_company", **followers(self._store, number == PAGE)}
        return {"id": number, **{name: shown[name] for name in fields.split(",") if name in shown}}

    def _batch(self, request: Request) -> Response:
        calls = orjson.loads(request.body["batch"])
        if len(calls) > BATCH:
            return _error(100, "Too many requests in batch message.")
        answers = []
        for call in calls:
            parts = urlsplit(call["relative_url"])
            answer = self._answer(parts.path.split("/")[1:], dict(parse_qsl(parts.query)), request)
            answers.append({"code": answer.status, "body": orjson.dumps(answer.body).decode()})
        return Response(answers, 200, {"X-App-Usage": USAGE})

    def _sorted(self, kind: str) -> list[Entry]:
        """The records of a kind, the oldest first: lists are read from their end."""
        name = f"meta_graph.{kind}"
        return self._store.made(name, lambda: sorted(self._store.by_key(name), key=_place))

    def _thread(self, number: str, edge: str, query: Mapping[str, str], request: Request) -> Response:
        for kind, (name, hanging, _) in THREADS.items():
            if name == edge and self._store.get(f"meta_graph.{kind}", number):
                found = self._hanging(kind, number)
                return Response(self._page(found, hanging, CLOCKS[hanging], query, request))
        return _error(100, f"Object with ID '{number}' does not exist.")

    def _hanging(self, kind: str, number: str) -> list[Entry]:
        """What hangs on a record, the oldest first; a reply hangs on its comment, not on the media."""
        _, hanging, member = THREADS[kind]
        return self._store.made(f"{member} of meta_graph.{hanging}", lambda: self._threads(hanging, member)).get(
            number, []
        )

    def _threads(self, hanging: str, member: str) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for one in self._sorted(hanging):
            if member in one.record and (member == "parent_id" or "parent_id" not in one.record):
                found.setdefault(one.record[member], []).append(one)
        return found

    def _page(
        self, found: list[Entry], kind: str, clock: str, query: Mapping[str, str], request: Request
    ) -> dict[str, Any]:
        """A page of a list (the oldest first): its newest records, or those before a place, the newest first."""
        end = len(found)
        if "after" in query:
            end = bisect_left(found, orjson.loads(urlsafe_b64decode(query["after"])), key=_place)
        limit = int(query.get("limit", 25))
        page = found[max(0, end - limit) : end][::-1]
        shown = [self._shown(one, kind, clock, query["fields"], request) for one in page]
        return {"data": shown, **(_paging(request, page[-1], end > limit) if page else {})}

    def _shown(self, entry: Entry, kind: str, clock: str, fields: str, request: Request) -> dict[str, Any]:
        record = {"id": entry.key, clock: _instant(entry.created_at), "updated_time": _instant(entry.changed_at)}
        record |= entry.record
        expanded = _EXPANDED.search(fields)
        names = (_EXPANDED.sub("", fields) if expanded else fields).split(",")
        asked = [name.partition(".")[0] for name in names]
        shown = {name: record[name] for name in asked if name in record}
        if expanded:
            _, hanging, _ = THREADS[kind]
            query = {"fields": expanded["fields"], "limit": expanded["limit"]}
            first = self._page(self._hanging(kind, entry.key), hanging, CLOCKS[hanging], query, request)
            shown |= {expanded["edge"]: first} if first["data"] else {}
        elif "total_count" in fields:
            count = len(self._hanging(kind, entry.key))
            shown["comments"] = {"data": [], "summary": {"total_count": count, "order": "ranked", "can_comment": True}}
        return shown


def _span(posts: list[Entry], query: Mapping[str, str]) -> tuple[int, int]:
    """Where those posts stand that came into being in the whole seconds from `since` to `until`, both included."""
    start = bisect_left(posts, int(query["since"]), key=_second) if "since" in query else 0
    return start, bisect_right(posts, int(query["until"]), key=_second) if "until" in query else len(posts)


def _second(entry: Entry) -> int:
    return int(entry.created_at.timestamp())


def _place(entry: Entry) -> list[Any]:
    return [_instant(entry.created_at), entry.key]


def _paging(request: Request, last: Entry, has_more: bool) -> dict[str, Any]:
    after = urlsafe_b64encode(orjson.dumps(_place(last))).decode()
    following = {"next": f"{request.base_url}{request.path}?after={after}"} if has_more else {}
    return {"paging": {"cursors": {"before": "MA==", "after": after}, **following}}


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _error(code: int, message: str) -> Response:
    return Response({"error": {"message": message, "type": "OAuthException", "code": code}}, 400)
