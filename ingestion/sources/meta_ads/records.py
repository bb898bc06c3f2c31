"""Pure helpers: spans of days. No requests, no state."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta


def spans(first: date, last: date, longest: timedelta) -> Iterator[tuple[date, date]]:
    """The days from `first` to `last`, both included, in pieces of at most `longest`, the newest piece first."""
    while first <= last:
        start = max(first, last - longest + timedelta(days=1))
        yield start, last
        last = start - timedelta(days=1)
