"""How many requests the vendors allow: beyond that they answer 429 and say how long to wait.

A vendor allows as much as it documents, and a minute of that at once, so that who reads the sample company waits for
nothing. Vendors that count hours, days or open connections instead (Google, LinkedIn, Mailchimp, Meta, Salesforce) and
a Matomo of one's own have no limit here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock


@dataclass(frozen=True, slots=True)
class Allowance:
    """A token bucket: how many requests it holds, and how many come back each second."""

    at_once: float
    per_second: float


def a_minute_of(per_second: float) -> Allowance:
    """That rate, with the requests of a minute allowed at once."""
    return Allowance(60 * per_second, per_second)


DOCUMENTED: Mapping[str, Allowance] = {
    "hubspot": a_minute_of(10),  # private apps: 100 in ten seconds
    "klaviyo": a_minute_of(12.5),  # profiles: 750 a minute
    "shopify": a_minute_of(2),  # REST: 2 a second
    "stripe": a_minute_of(25),  # test mode: 25 a second
    "typeform": a_minute_of(2),  # 2 a second
}


class Limits:
    """Counts the requests of each vendor.

    Args:
        allowances: by vendor; one without has no limit.
        clock: a monotonic clock.
    """

    def __init__(self, allowances: Mapping[str, Allowance], clock: Callable[[], float] = time.monotonic) -> None:
        self._allowances, self._clock, self._lock = allowances, clock, Lock()
        self._left = {vendor: (allowance.at_once, clock()) for vendor, allowance in allowances.items()}

    def wait(self, vendor: str) -> float:
        """Take one request off the vendor's allowance; seconds until there is one again when none is left, else 0."""
        allowance = self._allowances.get(vendor)
        if allowance is None:
            return 0.0
        with self._lock:
            left, before = self._left[vendor]
            now = self._clock()
            left = min(allowance.at_once, left + (now - before) * allowance.per_second)
            is_allowed = left >= 1
            self._left[vendor] = left - is_allowed, now
            return 0.0 if is_allowed else (1 - left) / allowance.per_second
