"""Pure helpers: Brevo's way to write instants, and events with an identifier. No requests, no state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson

from ingestion.sources.model import Record, Window

_IDENTITY = ("messageId", "email", "event", "date", "link")
_DAY = timedelta(days=1)


def instant_text(instant: datetime) -> str:
    """An instant as Brevo's filters take it, in UTC with milliseconds."""
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def event_records(events: Iterable[Mapping[str, Any]]) -> list[Record]:
    """The events with an identifier made of what tells them apart; Brevo does not number them."""
    return [{"id": sha256(orjson.dumps([one.get(name) for name in _IDENTITY])).hexdigest(), **one} for one in events]


def event_days(window: Window, today: date, kept: timedelta) -> tuple[date, date]:
    """First and last day to ask events of; the first one lies after the last one when there is nothing to ask.

    Days are those of the account's time zone, which may be behind UTC: so the first one is a day early.

    Args:
        window: what is wanted.
        today: the vendor's day, UTC.
        kept: how far back events can be asked for, today included.
    """
    earliest = today - kept + _DAY
    first = max(window.since.astimezone(UTC).date() - _DAY, earliest) if window.since else earliest
    return first, min(window.until.astimezone(UTC).date(), today) if window.until else today
