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
    """The window ends before it begins, or has not begun yet."""

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


def require_begun(settings: Settings, since: date | None) -> None:
    """Refuse a window that begins after today, in which nothing can have changed; a demo's vendors have their own time.

    Raises:
        WindowError: naming today in the business time zone.
    """
    from orchestration.sample_company import is_demo

    today = settings.today()
    if since and since > today and not is_demo(settings):
        raise WindowError(f"The window begins on {since}, which has not come yet: today is {today}.")
