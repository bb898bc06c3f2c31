"""Mailchimp's protocol over the store: offset paging, members by last change, reports with nested activity."""

from __future__ import annotations

from base64 import b64encode
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ingestion.sandbox.server.store import Entry, Store
from ingestion.sandbox.server.web import Request, Response

# What a path lists: the member of the answer, what is in the list, from which place on, and how it is shown.
Listing = tuple[str, Sequence[Any], int, Callable[[Any], Mapping[str, Any]]]


class MailchimpProtocol:
    """Answers requests as Mailchimp's Marketing API 3.0 does.

    Args:
        store: records by kind: `mailchimp.lists`, `mailchimp.members.<list>`, `mailchimp.campaigns`, and per campaign
            `mailchimp.sent.<campaign>`, `mailchimp.activity.<campaign>` and `mailchimp.left.<campaign>`.
        key: the API key that is accepted.
    """

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._authorization = store, f"Basic {b64encode(f'any:{key}'.encode()).decode()}"

    def __call__(self, request: Request) -> Response:
        """The answer to one request."""
        if request.headers.get("Authorization") != self._authorization:
            return Response({"title": "API Key Invalid", "status": 401}, 401)
        found = self._found(request.path.strip("/").split("/"), request.query)
        if found is None:
            return Response({"title": "Resource Not Found", "status": 404}, 404)
        return _page(*found, request.query)

    def _found(self, path: list[str], query: Mapping[str, str]) -> Listing | None:
        match path:
            case ["3.0", "lists" | "campaigns" as kind]:
                return kind, self._store.by_key(f"mailchimp.{kind}"), 0, _record
            case ["3.0", "lists", number, "members"]:
                return self._members(number, query)
            case ["3.0", "reports"]:
                return "reports", self._sent_campaigns(), 0, self._summary
            case ["3.0", "reports", number, what]:
                return self._report(number, what, query)
        return None

    def _members(self, number: str, query: Mapping[str, str]) -> Listing:
        entries = self._store.by_change(f"mailchimp.members.{number}")
        start = _place(entries, query["since_last_changed"])
        return "members", entries, start, lambda one: _member(number, one)

    def _sent_campaigns(self) -> list[Entry]:
        return [one for one in self._store.by_key("mailchimp.campaigns") if one.record.get("send_time")]

    def _summary(self, entry: Entry) -> dict[str, Any]:
        campaign = entry.record
        number = campaign["id"]
        actions = self._store.by_change(f"mailchimp.activity.{number}")
        last = {kind: _last(actions, kind) for kind in ("open", "click")}
        return {
            "id": number,
            "list_id": campaign["recipients"]["list_id"],
            "send_time": campaign["send_time"],
            "emails_sent": len(self._store.by_key(f"mailchimp.sent.{number}")),
            "unsubscribed": len(self._store.by_key(f"mailchimp.left.{number}")),
            "opens": {"last_open": last["open"]},
            "clicks": {"last_click": last["click"]},
        }

    def _report(self, number: str, what: str, query: Mapping[str, str]) -> Listing | None:
        member, kind = {
            "sent-to": ("sent_to", "sent"),
            "unsubscribed": ("unsubscribes", "left"),
            "email-activity": ("emails", "activity"),
        }.get(what, ("", ""))
        if not member:
            return None
        name = f"mailchimp.{kind}.{number}"
        since = query.get("since", "")
        if kind == "activity":
            mails = self._store.made(f"{name} since {since}", lambda: _by_mail(self._actions(name, since)))
            return member, mails, 0, lambda mail: mail
        entries, start = self._since(name, since)
        return member, entries, start, _record

    def _actions(self, name: str, since: str) -> list[Entry]:
        entries, start = self._since(name, since)
        return entries[start:]

    def _since(self, name: str, since: str) -> tuple[list[Entry], int]:
        """Records of a kind by change, and the place of the first that changed since then."""
        entries = self._store.by_change(name)
        return entries, _place(entries, since) if since else 0


def _page(
    member: str, found: Sequence[Any], start: int, show: Callable[[Any], Mapping[str, Any]], query: Mapping[str, str]
) -> Response:
    first = start + int(query.get("offset", 0))
    page = [{**show(one), "_links": []} for one in found[first : first + int(query.get("count", 10))]]
    return Response({member: page, "total_items": len(found) - start, "_links": []})


def _place(entries: Sequence[Entry], since: str) -> int:
    """Where what changed since an instant begins in a list in the order of change; it is looked up."""
    return bisect_left(entries, datetime.fromisoformat(since), key=lambda one: one.changed_at)


def _record(entry: Entry) -> dict[str, Any]:
    return entry.record


def _member(number: str, entry: Entry) -> dict[str, Any]:
    changed = entry.changed_at.isoformat(timespec="seconds")
    return {"id": entry.key, "list_id": number, **entry.record, "last_changed": changed}


def _by_mail(actions: Sequence[Entry]) -> list[dict[str, Any]]:
    """Actions nested below the mail they belong to, as the report shows them."""
    mails: dict[str, dict[str, Any]] = {}
    for entry in actions:
        record = entry.record
        head = {name: record[name] for name in ("campaign_id", "list_id", "email_id", "email_address")}
        mail = mails.setdefault(record["email_id"], {**head, "activity": []})
        mail["activity"].append({name: value for name, value in record.items() if name not in head})
    return list(mails.values())


def _last(actions: Sequence[Entry], kind: str) -> str | None:
    times = [one.changed_at for one in actions if one.record["action"] == kind]
    return max(times).isoformat(timespec="seconds") if times else None
