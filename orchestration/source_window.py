"""Days as a window of the sources: what changed at a vendor from one business day to another is read again."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ingestion.errors import ExitCode, LifecycleError

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.sources.model import Window


class WindowError(LifecycleError):
    """The window ends before it begins."""

    exit_code = ExitCode.USAGE


def window_of(settings: Settings, since: date | None, until: date | None) -> Window:
    """From the beginning of `since` to the end of `until` in the business time zone; None leaves that side open.

    Raises:
        WindowError: when `until` lies before `since`.
    """
    from ingestion.sources.model import Window

    if since and until and until < since:
        raise WindowError(f"The window ends on {until}, before it begins on {since}.")
    zone = ZoneInfo(settings.timezone)
    return Window(
        since=datetime.combine(since, time.min, tzinfo=zone) if since else None,
        until=datetime.combine(until + timedelta(days=1), time.min, tzinfo=zone) if until else None,
    )
