"""Meta Ads' resource: insights of campaigns by day, the last 28 days again with every read.

Key: day and campaign; versions are appended, so that a figure that changed later leaves its trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import orjson

from ingestion.sources.meta import next_cursor, pause_told, status_meant
from ingestion.sources.meta_ads import settings as meta_ads
from ingestion.sources.meta_ads.records import spans
from ingestion.sources.model import Connector, Cursor, Page, Resource, Window
from ingestion.sources.paging import token_pages

if TYPE_CHECKING:
    from datetime import date

    from ingestion.settings import Settings
    from ingestion.sources.client import Client

FIELDS = ",".join(field.name for field in meta_ads.CAMPAIGN_DAYS.fields if field.name != "date_start")


def _read_days(client: Client, window: Window) -> Iterator[Page]:
    path = f"/{meta_ads.API_VERSION}/act_{client.members['account_id']}"
    for start, end in _spans(client, path, window):
        yield from _insights(client, path, start, end)


def _spans(client: Client, path: str, window: Window) -> Iterator[tuple[date, date]]:
    """The days to read, the newest first when all are read: a look at the first page shows whether there are any."""
    until = (window.until - timedelta(microseconds=1)).date() if window.until else None
    if window.since is None:
        client.get(path, {"fields": "account_id"})
        last = until or _tomorrow(client)
        yield from spans(last - meta_ads.KEPT, last, meta_ads.SPAN)
        return
    first, behind = window.since.date(), window.since.date() + meta_ads.SPAN
    yield first, min(until or behind, behind - timedelta(days=1))
    yield from spans(behind, until or _tomorrow(client), meta_ads.SPAN)


def _tomorrow(client: Client) -> date:
    """The day after the vendor's, which may have begun in the account's time zone; known from the first answer on."""
    if client.server_time is None:
        raise ValueError("an answer without a date")
    return client.server_time.date() + timedelta(days=1)


def _insights(client: Client, path: str, start: date, end: date) -> Iterator[Page]:
    asked = {
        "level": "campaign",
        "time_increment": 1,
        "fields": FIELDS,
        "time_range": orjson.dumps({"since": start.isoformat(), "until": end.isoformat()}).decode(),
        "limit": meta_ads.PAGE_SIZE,
    }

    def fetch(after: str | None) -> tuple[Page, str | None]:
        body = client.get(f"{path}/insights", {**asked, **({"after": after} if after else {})}).body
        return body["data"], next_cursor(body)

    return token_pages(fetch)


def _headers(settings: Settings) -> dict[str, str]:
    token = settings.meta_ads_token
    return {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}


META_ADS = Connector(
    name=meta_ads.NAME,
    title=meta_ads.TITLE,
    domain=meta_ads.DOMAIN,
    api_version=meta_ads.API_VERSION,
    hosts=meta_ads.HOSTS,
    requests_per_second=meta_ads.REQUESTS_PER_SECOND,
    credentials=meta_ads.CREDENTIALS,
    headers=_headers,
    resources=(
        Resource(
            meta_ads.CAMPAIGN_DAYS, _read_days, Cursor("/date_start", overlap=meta_ads.READ_AGAIN), is_by_day=True
        ),
    ),
    members=lambda settings: {"account_id": settings.meta_ads_account_id or ""},
    status_meant=status_meant,
    pause_told=pause_told,
)
