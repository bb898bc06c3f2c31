"""The wall clock of operations: when something was told, kept, is late or due. It says nothing about customers.

The one home of this clock; what the data looks like on a date follows from the run's `as_of` and never from here.
"""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)
