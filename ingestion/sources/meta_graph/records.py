"""Pure helpers: Meta's days, figures by day out of its answers, records that say what they belong to. No requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import orjson

from ingestion.sources.errors import ProtocolError, UnavailableError
from ingestion.sources.meta import status_meant
from ingestion.sources.meta_graph import settings as meta_graph
from ingestion.sources.model import Record

_ZONE = ZoneInfo(meta_graph.TIMEZONE)


def meta_day(instant: datetime) -> date:
    """The day in Meta's time zone."""
    return instant.astimezone(_ZONE).date()


def with_member(records: Sequence[Mapping[str, Any]], **members: str) -> list[Record]:
    """The records with what they belong to, which Meta says in the address only."""
    return [{**record, **members} for record in records]


def figures_of_page(metrics: Sequence[Mapping[str, Any]], page_id: str) -> list[Record]:
    """One record per metric and day out of an answer of a page's insights, which has one per metric."""
    return [
        {**{name: content for name, content in metric.items() if name != "values"}, **value, "page_id": page_id}
        for metric in metrics
        for value in metric["values"]
    ]


def day_calls(account_id: str, days: Sequence[date]) -> str:
    """The batch that asks for the totals of single days of an Instagram account, as Meta takes it."""
    calls = []
    for day in days:
        first, end = (datetime.combine(one, time(), _ZONE) for one in (day, day + timedelta(days=1)))
        asked = {
            "metric": ",".join(meta_graph.ACCOUNT_METRICS),
            "period": "day",
            "metric_type": "total_value",
            "since": int(first.timestamp()),
            "until": int(end.timestamp()) - 1,
        }
        path = f"{meta_graph.API_VERSION}/{account_id}/insights?{urlencode(asked)}"
        calls.append({"method": "GET", "relative_url": path})
    return orjson.dumps(calls).decode()


def figures_of_account(
    answers: Sequence[Mapping[str, Any] | None], account_id: str, days: Sequence[date]
) -> list[Record]:
    """One record per metric and day out of the answers of a batch.

    Raises:
        UnavailableError: when a call of the batch was not answered, or throttled.
        ProtocolError: when one was refused.
    """
    found: list[Record] = []
    for day, answer in zip(days, answers, strict=True):
        figures = _content(answer)["data"]
        found += with_member(figures, account_id=account_id, day=day.isoformat())
    return found


def threads(records: Sequence[Mapping[str, Any]], edge: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What hangs on each of the records: its identifier and the first answer of the edge."""
    for record in records:
        if edge in record:
            yield record["id"], record[edge]


def _content(answer: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The body of a call of a batch; Meta leaves calls it had no time for unanswered."""
    if answer is None:
        raise UnavailableError("account_insights: Meta left a call of a batch unanswered. Try again later.")
    status, content = answer["code"], answer["body"]
    if status == 200:
        return orjson.loads(content)
    meant = status_meant(status, content.encode())
    problem = f"account_insights: a call of a batch has status {meant}"
    if meant == 429 or meant >= 500:
        raise UnavailableError(f"{problem}. Try again later.")
    raise ProtocolError(f"{problem}. See the connector's README.")
