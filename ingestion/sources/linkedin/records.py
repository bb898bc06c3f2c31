"""Pure helpers: questions as LinkedIn's Rest.li protocol writes them. No requests, no state."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import quote

from ingestion.sources.model import Window


def urn_of(organization: str) -> str:
    """URN of the organization of that number."""
    return f"urn:li:organization:{organization}"


def first_day(window: Window, today: date, kept: timedelta) -> date:
    """The first day to ask for: the window's, or the earliest that is kept."""
    return window.since.astimezone(UTC).date() if window.since else today - kept


def day_range(first: date, until: datetime | None) -> str:
    """The days from `first` to the last one that began before `until`; to the latest one when it is None.

    Days begin at midnight UTC; brackets, colons and commas are part of the protocol and stay as they are.
    """
    end = ""
    if until is not None:
        last = (until.astimezone(UTC) - timedelta(microseconds=1)).date()
        end = f",end:{_milliseconds(last + timedelta(days=1))}"
    return f"(timeRange:(start:{_milliseconds(first)}{end}),timeGranularityType:DAY)"


def statistics_address(name: str, finder: str, urn: str, days: str, start: int, count: int) -> str:
    """Path of a page of an organization's statistics, with everything that is asked in it."""
    return f"/rest/{name}?q={finder}&{finder}={quote(urn, safe='')}&timeIntervals={days}&start={start}&count={count}"


def network_address(urn: str) -> str:
    """Path of the count of an organization's followers."""
    return f"/rest/networkSizes/{quote(urn, safe='')}?edgeType=COMPANY_FOLLOWED_BY_MEMBER"


def _milliseconds(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000)
