"""LinkedIn's resources: an organization's posts, page and new followers by day, and its followers as of now.

Days are sorted, and the last 28 are read again every time. Key: organization and day; versions are appended, so that a
figure that changed later leaves its trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date
from typing import TYPE_CHECKING

from ingestion.sources.errors import PagingLoopError
from ingestion.sources.linkedin import settings as linkedin
from ingestion.sources.linkedin.records import day_range, first_day, network_address, statistics_address, urn_of
from ingestion.sources.model import Connector, Cursor, Instant, Page, Resource, Window
from ingestion.sources.paging import token_pages

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.sources.client import Client

_DAY = Cursor("/timeRange/start", Instant.MILLISECONDS, overlap=linkedin.READ_AGAIN)


def _statistics(name: str, finder: str) -> Callable[[Client, Window], Iterator[Page]]:
    """How the statistics of that name are read by day; the finder is also what the organization is called there."""

    def read(client: Client, window: Window) -> Iterator[Page]:
        urn = urn_of(client.members["organization_id"])
        first = first_day(window, date.max if window.since else _today(client, urn), linkedin.KEPT)
        days = day_range(first, window.until)
        before: Page = ()

        def fetch(start: str | None) -> tuple[Page, str | None]:
            nonlocal before
            place = int(start or 0)
            body = client.get(statistics_address(name, finder, urn, days, place, linkedin.PAGE_SIZE)).body
            page: Page = body["elements"]
            if place and page and page == before:
                raise PagingLoopError(f"{name}: LinkedIn delivers one page for two places; the read was stopped.")
            before = page
            links = (body.get("paging") or {}).get("links") or ()
            has_next = any(link["rel"] == "next" for link in links)
            return page, str(place + len(page)) if page and has_next else None

        yield from token_pages(fetch)

    return read


def _read_followers(client: Client, _window: Window) -> Iterator[Page]:
    urn = urn_of(client.members["organization_id"])
    body = client.get(network_address(urn)).body
    yield [{"organization": urn, "day": _known_day(client).isoformat(), **body}]


def _today(client: Client, urn: str) -> date:
    """The vendor's day, UTC, known from the first answer on."""
    if client.server_time is None:
        client.get(network_address(urn))
    return _known_day(client)


def _known_day(client: Client) -> date:
    if client.server_time is None:
        raise ValueError("an answer without a date")
    return client.server_time.astimezone(UTC).date()


def _headers(settings: Settings) -> dict[str, str]:
    token = settings.linkedin_token
    if token is None:
        return {}
    return {
        "Authorization": f"Bearer {token.get_secret_value()}",
        "LinkedIn-Version": linkedin.API_VERSION,
        "X-Restli-Protocol-Version": linkedin.RESTLI_VERSION,
    }


LINKEDIN = Connector(
    name=linkedin.NAME,
    title=linkedin.TITLE,
    domain=linkedin.DOMAIN,
    api_version=linkedin.API_VERSION,
    hosts=linkedin.HOSTS,
    requests_per_second=linkedin.REQUESTS_PER_SECOND,
    credentials=linkedin.CREDENTIALS,
    headers=_headers,
    resources=(
        Resource(linkedin.FOLLOWERS, _read_followers),
        Resource(linkedin.SHARE_DAYS, _statistics("organizationalEntityShareStatistics", "organizationalEntity"), _DAY),
        Resource(linkedin.PAGE_DAYS, _statistics("organizationPageStatistics", "organization"), _DAY),
        Resource(
            linkedin.FOLLOWER_DAYS, _statistics("organizationalEntityFollowerStatistics", "organizationalEntity"), _DAY
        ),
    ),
    members=lambda settings: {"organization_id": settings.linkedin_organization_id or ""},
)
