"""Brevo's resources: contacts by the time of their creation, campaigns, events of transactional mails by day.

Contacts are listed in the order of their creation, which never changes: each page begins at the last creation of the
page before, so that a contact deleted meanwhile moves nobody out of sight. Key of every resource: `id`; versions are
appended.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ingestion.sources.brevo import settings as brevo
from ingestion.sources.brevo.records import event_days, event_records, instant_text
from ingestion.sources.errors import PagingLoopError
from ingestion.sources.model import Connector, Cursor, Page, Resource, Window
from ingestion.sources.paging import keyset_pages, token_pages

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.sources.client import Client

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
EVENTS_PATH = "/v3/smtp/statistics/events"
_CREATION = Cursor("/createdAt")
_CHANGE = Cursor("/modifiedAt")
_EVENT = Cursor("/date")
# Brevo delivers what was created after an instant, not at it.
_INSTANT = timedelta(milliseconds=1)


class _Listing:
    """A list read by positions; a page that comes again for another position ends the read."""

    def __init__(self, client: Client, path: str, member: str) -> None:
        self._client, self._path, self._member = client, path, member
        self._before: Page = ()

    def page(self, token: str | None, asked: dict[str, Any]) -> tuple[Page, str | None]:
        """The page at a position, and the position after it.

        The count ends a list that has one; it leaves the page out when it is 0. Without a count an empty page does.
        """
        position = int(token or 0)
        body = self._client.get(self._path, {**asked, "offset": position}).body
        # An account without events answers with an empty object, one without campaigns with a count of 0 alone.
        is_empty = body == {} if self._member == "events" else body["count"] == 0
        page: Page = [] if is_empty else body[self._member]
        if position and page and page == self._before:
            raise PagingLoopError(f"{self._member}: Brevo delivers one page for two positions; the read was stopped.")
        self._before = page
        behind = position + len(page)
        goes_on = len(page) == asked["limit"] or behind < body.get("count", behind + 1)
        return page, str(behind) if page and goes_on else None


def _read_contacts(client: Client, window: Window) -> Iterator[Page]:
    listing = _Listing(client, "/v3/contacts", "contacts")
    asked = {"limit": brevo.PAGE_SIZE, "sort": "asc"}
    changed = {"modifiedSince": instant_text(window.since)} if window.since else {}

    def fetch(since: datetime, token: str | None) -> tuple[Page, str | None]:
        return listing.page(token, {**asked, **changed, "createdSince": instant_text(since - _INSTANT)})

    return _before(window, _CHANGE, keyset_pages(fetch, _CREATION, BEGINNING))


def _read_campaigns(client: Client, _window: Window) -> Iterator[Page]:
    listing = _Listing(client, "/v3/emailCampaigns", "campaigns")
    asked = {"limit": brevo.CAMPAIGN_PAGE_SIZE, "sort": "asc", "excludeHtmlContent": "true"}
    return token_pages(lambda token: listing.page(token, asked))


def _read_events(client: Client, window: Window) -> Iterator[Page]:
    first, last = event_days(window, _today(client), brevo.EVENT_TIME)
    if first > last:
        return
    listing = _Listing(client, EVENTS_PATH, "events")
    asked = {
        "limit": brevo.EVENT_PAGE_SIZE,
        "sort": "asc",
        "startDate": first.isoformat(),
        "endDate": last.isoformat(),
    }

    for page in _before(window, _EVENT, token_pages(lambda token: listing.page(token, asked))):
        yield event_records(page)


def _today(client: Client) -> date:
    """The vendor's day, UTC, known from the first answer on."""
    if client.server_time is None:
        client.get(EVENTS_PATH, {"limit": 1, "days": 1})
    if client.server_time is None:
        raise ValueError("an answer without a date")
    return client.server_time.astimezone(UTC).date()


def _before(window: Window, cursor: Cursor, pages: Iterator[Page]) -> Iterator[Page]:
    """The pages without what lies behind the end of the window, which Brevo cannot be asked to leave out."""
    until = window.until
    for page in pages:
        yield page if until is None else [one for one in page if (at := cursor.of(one)) is None or at < until]


def _headers(settings: Settings) -> dict[str, str]:
    key = settings.brevo_key
    return {"api-key": key.get_secret_value()} if key else {}


BREVO = Connector(
    name=brevo.NAME,
    title=brevo.TITLE,
    domain=brevo.DOMAIN,
    api_version=brevo.API_VERSION,
    hosts=brevo.HOSTS,
    requests_per_second=brevo.REQUESTS_PER_SECOND,
    credentials=brevo.CREDENTIALS,
    headers=_headers,
    resources=(
        Resource(brevo.CONTACTS, _read_contacts, _CHANGE),
        Resource(brevo.CAMPAIGNS, _read_campaigns),
        Resource(brevo.EVENTS, _read_events, _EVENT, is_by_day=True),
    ),
    wait_header=brevo.WAIT_HEADER,
)
