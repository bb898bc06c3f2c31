"""Mailchimp's protocol over the store: offset paging, members by last change, reports with nested activity."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ingestion.sandbox.server.store import Entry, Store
from ingestion.sandbox.server.web import Request, Response


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

    def _found(self, path: list[str], query: Mapping[str, str]) -> tuple[str, Sequence[Mapping[str, Any]]] | None:
        """What a path lists: the member of the answer, and all its records."""
        match path:
            case ["3.0", "lists" | "campaigns" as kind]:
                return kind, [one.record for one in self._store.by_key(f"mailchimp.{kind}")]
            case ["3.0", "lists", number, "members"]:
                return "members", self._members(number, query)
            case ["3.0", "reports"]:
                return "reports", self._reports()
            case ["3.0", "reports", number, what]:
                return self._report(number, what, query)
        return None

    def _members(self, number: str, query: Mapping[str, str]) -> list[dict[str, Any]]:
        since = datetime.fromisoformat(query["since_last_changed"])
        entries = self._store.by_change(f"mailchimp.members.{number}")
        return [
            {
                "id": one.key,
                "list_id": number,
                **one.record,
                "last_changed": one.changed_at.isoformat(timespec="seconds"),
            }
            for one in entries
            if one.changed_at >= since
        ]

    def _reports(self) -> list[dict[str, Any]]:
        sent = [one.record for one in self._store.by_key("mailchimp.campaigns") if one.record.get("send_time")]
        return [self._summary(campaign) for campaign in sent]

    def _summary(self, campaign: dict[str, Any]) -> dict[str, Any]:
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

    def _report(
        self, number: str, what: str, query: Mapping[str, str]
    ) -> tuple[str, Sequence[Mapping[str, Any]]] | None:
        since = datetime.fromisoformat(query["since"]) if "since" in query else None
        member, kind = {
            "sent-to": ("sent_to", "sent"),
            "unsubscribed": ("unsubscribes", "left"),
            "email-activity": ("emails", "activity"),
        }.get(what, ("", ""))
        entries = [
            one for one in self._store.by_change(f"mailchimp.{kind}.{number}") if not since or one.changed_at >= since
        ]
        if not member:
            return None
        return member, _by_mail(entries) if kind == "activity" else [one.record for one in entries]


def _page(member: str, found: Sequence[Mapping[str, Any]], query: Mapping[str, str]) -> Response:
    offset, count = int(query.get("offset", 0)), int(query.get("count", 10))
    page = [{**one, "_links": []} for one in found[offset : offset + count]]
    return Response({member: page, "total_items": len(found), "_links": []})


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
