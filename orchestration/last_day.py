"""The last complete day of the business: what runs that start by themselves look at the world from."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def last_complete_day(instant: datetime, timezone: str) -> date:
    """The day before the one `instant` falls into, in `timezone`."""
    return instant.astimezone(ZoneInfo(timezone)).date() - timedelta(days=1)
