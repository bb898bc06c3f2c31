"""LinkedIn's bench: what the common suite has to know to try its connector against the sandbox.

LinkedIn tells of one page's days, not of people: person n is the n-th day before the suite's first one.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from ingestion.sandbox.server.linkedin import ORGANIZATION, LinkedinProtocol
from ingestion.sources.linkedin import settings as linkedin
from tests.connectors.bench import START, Bench


def _day(number: int) -> str:
    day = datetime.combine(START.date() - timedelta(days=number), time(), UTC)
    return str(int(day.timestamp() * 1000))


LINKEDIN = Bench(
    name="linkedin",
    table="share_days",
    kind="linkedin.share_days",
    constants=linkedin,
    protocol=LinkedinProtocol,
    secret="linkedin_token",
    key=_day,
    body=lambda number, word: {
        "organizationalEntity": f"person{number}@example.org",
        "share": word,
        "totalShareStatistics": {"impressionCount": 100, "clickCount": 3, "likeCount": -1, "engagement": 0.02},
    },
    shown="share",
    members="elements",
    email=("organizationalEntity",),
    required="totalShareStatistics",
    clock=("timeRange", "start"),
    future=1_924_992_000_000,
    others={"linkedin_organization_id": ORGANIZATION},
)
