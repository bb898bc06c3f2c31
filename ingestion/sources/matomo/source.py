"""Matomo's resource: visits by the time of their last action, oldest first.

A visit that goes on changes and moves to the end of the list. So each page begins at the last action of the page
before, and positions (`filter_offset`) are used within one second only. Key: `id_visit`; versions are appended.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ingestion.sources.errors import PagingLoopError
from ingestion.sources.matomo import settings as matomo
from ingestion.sources.matomo.records import visits_of
from ingestion.sources.model import Connector, Cursor, Instant, Page, Resource, Window
from ingestion.sources.paging import keyset_pages

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.sources.client import Client

BEGINNING = datetime(1995, 8, 6, tzinfo=UTC)
_CURSOR = Cursor("/lastActionTimestamp", Instant.SECONDS)


def _read_visits(client: Client, window: Window) -> Iterator[Page]:
    before: Page = ()

    def fetch(since: datetime, offset: str | None) -> tuple[Page, str | None]:
        nonlocal before
        start = int(offset or 0)
        asked = {
            "module": "API",
            "method": "Live.getLastVisitsDetails",
            "format": "JSON",
            "filter_sort_order": "asc",
            "filter_limit": matomo.PAGE_SIZE,
            "filter_offset": start,
            # Matomo delivers what happened after this second, not in it.
            "minTimestamp": int(since.timestamp()) - 1,
        }
        page = visits_of(client.post_form("/index.php", asked).body)
        if start and page and page == before:
            raise PagingLoopError("visits: Matomo delivers the same page for another position; the read was stopped.")
        before = page
        return page, str(start + len(page)) if len(page) == matomo.PAGE_SIZE else None

    for page in keyset_pages(fetch, _CURSOR, window.since or BEGINNING):
        if window.until is None:
            yield page
            continue
        limit = window.until
        wanted = [visit for visit in page if (at := _CURSOR.of(visit)) is None or at < limit]
        yield wanted
        if len(wanted) < len(page):
            return


def _form(settings: Settings) -> dict[str, str]:
    token = settings.matomo_token
    return {"token_auth": token.get_secret_value() if token else "", "idSite": settings.matomo_site_id or ""}


MATOMO = Connector(
    name=matomo.NAME,
    title=matomo.TITLE,
    domain=matomo.DOMAIN,
    api_version=matomo.API_VERSION,
    hosts=matomo.HOSTS,
    requests_per_second=matomo.REQUESTS_PER_SECOND,
    credentials=matomo.CREDENTIALS,
    headers=lambda _settings: {},
    resources=(Resource(matomo.VISITS, _read_visits, _CURSOR, is_by_day=True),),
    form=_form,
    own_host="matomo_host",
)
