"""Mailchimp's resources: members by the time of their last change, mails by campaign.

The list of reports says which campaigns have news, so that an unchanged account costs one request per resource and
audience. Versions are appended; keys stand with the tables in `settings.py`.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ingestion.sources.mailchimp import settings as mailchimp
from ingestion.sources.mailchimp.records import (
    activity_records,
    has_news,
    sent_records,
    was_sent_since,
    without_links,
)
from ingestion.sources.model import Connector, Cursor, Page, RawTable, Record, Resource, Window
from ingestion.sources.paging import keyset_pages, token_pages

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.sources.client import Client

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


def _pages(client: Client, path: str, member: str, **asked: Any) -> Iterator[Page]:  # noqa: ANN401 - query values
    """The pages of a list whose order does not change."""

    def fetch(offset: str | None) -> tuple[Page, str | None]:
        return _page(client, path, member, int(offset or 0), asked)

    return token_pages(fetch)


def _page(client: Client, path: str, member: str, offset: int, asked: dict[str, Any]) -> tuple[Page, str | None]:
    body = client.get(f"/3.0{path}", {"count": mailchimp.PAGE_SIZE, "offset": offset, **asked}).body
    page, end = without_links(body[member]), offset + mailchimp.PAGE_SIZE
    return page, str(end) if page and end < body["total_items"] else None


def _read_lists(client: Client, _window: Window) -> Iterator[Page]:
    return _pages(client, "/lists", "lists")


def _read_members(client: Client, window: Window) -> Iterator[Page]:
    for lists in _pages(client, "/lists", "lists", fields="lists.id,total_items"):
        for one in lists:

            def fetch(since: datetime, offset: str | None, number: str = one["id"]) -> tuple[Page, str | None]:
                asked = {"since_last_changed": since.isoformat(), "sort_field": "last_changed", "sort_dir": "ASC"}
                if window.until:
                    asked["before_last_changed"] = window.until.isoformat()
                return _page(client, f"/lists/{number}/members", "members", int(offset or 0), asked)

            yield from keyset_pages(fetch, _MEMBER_CURSOR, window.since or BEGINNING)


def _read_campaigns(client: Client, _window: Window) -> Iterator[Page]:
    return _pages(client, "/campaigns", "campaigns", sort_field="create_time", sort_dir="ASC")


def _by_campaign(
    wanted: Callable[[Record, datetime | None], bool], read: Callable[[Client, Record, Window], Iterator[Page]]
) -> Callable[[Client, Window], Iterator[Page]]:
    """Read something of every campaign whose report says that there is something to read."""

    def read_all(client: Client, window: Window) -> Iterator[Page]:
        for reports in _pages(client, "/reports", "reports"):
            for report in reports:
                if report.get("send_time") and wanted(report, window.since):
                    yield from read(client, report, window)

    return read_all


def _events(
    table: RawTable,
    wanted: Callable[[Record, datetime | None], bool],
    read: Callable[[Client, Record, Window], Iterator[Page]],
    clock: str,
) -> Resource:
    """What happened to the mails of campaigns; `clock` is the time it happened at."""
    return Resource(table, _by_campaign(wanted, read), Cursor(clock), is_by_day=True)


def _read_sent(client: Client, report: Record, _window: Window) -> Iterator[Page]:
    for page in _pages(client, f"/reports/{report['id']}/sent-to", "sent_to"):
        yield sent_records(report, page)


def _read_activity(client: Client, report: Record, window: Window) -> Iterator[Page]:
    asked = {"since": window.since.isoformat()} if window.since else {}
    for page in _pages(client, f"/reports/{report['id']}/email-activity", "emails", **asked):
        yield activity_records(page)


def _read_unsubscribes(client: Client, report: Record, window: Window) -> Iterator[Page]:
    asked = {"since": window.since.isoformat()} if window.since else {}
    yield from _pages(client, f"/reports/{report['id']}/unsubscribed", "unsubscribes", **asked)


def _may_lose_members(report: Record, since: datetime | None) -> bool:
    return bool(report.get("unsubscribed")) and was_sent_since(report, since and since - mailchimp.UNSUBSCRIBE_TIME)


def _headers(settings: Settings) -> dict[str, str]:
    key = settings.mailchimp_key
    return {"Authorization": f"Basic {b64encode(f'any:{key.get_secret_value()}'.encode()).decode()}"} if key else {}


_MEMBER_CURSOR = Cursor("/last_changed")

MAILCHIMP = Connector(
    name=mailchimp.NAME,
    title=mailchimp.TITLE,
    domain=mailchimp.DOMAIN,
    api_version=mailchimp.API_VERSION,
    hosts=mailchimp.HOSTS,
    requests_per_second=mailchimp.REQUESTS_PER_SECOND,
    credentials=mailchimp.CREDENTIALS,
    headers=_headers,
    resources=(
        Resource(mailchimp.LISTS, _read_lists),
        Resource(mailchimp.MEMBERS, _read_members, _MEMBER_CURSOR),
        Resource(mailchimp.CAMPAIGNS, _read_campaigns),
        _events(mailchimp.SENT_TO, was_sent_since, _read_sent, "/send_time"),
        _events(mailchimp.EMAIL_ACTIVITY, has_news, _read_activity, "/timestamp"),
        _events(mailchimp.UNSUBSCRIBES, _may_lose_members, _read_unsubscribes, "/timestamp"),
    ),
)
