"""Pure helpers: nested answers of Mailchimp as flat records. No requests, no state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from ingestion.sources.model import Record


def sent_records(report: Mapping[str, Any], recipients: Iterable[Mapping[str, Any]]) -> list[Record]:
    """Who a campaign was sent to; Mailchimp gives no time per mail, so the campaign's counts."""
    return [
        {
            "campaign_id": report["id"],
            "list_id": report["list_id"],
            "email_id": one["email_id"],
            "email_address": one["email_address"],
            "status": one["status"],
            "send_time": report["send_time"],
        }
        for one in recipients
    ]


def activity_records(emails: Iterable[Mapping[str, Any]]) -> list[Record]:
    """One record per action, out of the lists of actions per mail."""
    return [
        {
            "id": ":".join(
                (mail["campaign_id"], mail["email_id"], one["action"], one["timestamp"], one.get("url") or "")
            ),
            **{name: mail[name] for name in ("campaign_id", "list_id", "email_id", "email_address")},
            **one,
        }
        for mail in emails
        for one in mail.get("activity") or ()
    ]


def has_news(report: Mapping[str, Any], since: datetime | None) -> bool:
    """Whether a campaign's mails were opened or clicked at or after an instant."""
    times = (report.get("opens", {}).get("last_open"), report.get("clicks", {}).get("last_click"))
    return since is None or any(datetime.fromisoformat(at) >= since for at in times if at)


def was_sent_since(report: Mapping[str, Any], since: datetime | None) -> bool:
    """Whether a campaign was sent at or after an instant."""
    return since is None or datetime.fromisoformat(report["send_time"]) >= since


def without_links(records: Sequence[Record]) -> list[Record]:
    """The records without the addresses of further documents, which say nothing about the record."""
    return [{name: value for name, value in record.items() if name != "_links"} for record in records]
