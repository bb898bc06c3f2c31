"""Meta Graph's resources: figures by day, posts, comments and mentions of a Facebook page and its Instagram account.

Lists are read the newest first, and a cursor says behind which record the next page begins, so that a new record moves
nobody. Keys: `id`; for figures the account, the metric and the day; for accounts `id` and the day they were looked at.
Versions are appended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ingestion.sources.meta import next_cursor, pause_told, status_meant
from ingestion.sources.meta_ads.records import spans
from ingestion.sources.meta_graph import settings as meta_graph
from ingestion.sources.meta_graph.records import (
    day_calls,
    figures_of_account,
    figures_of_page,
    meta_day,
    threads,
    with_member,
)
from ingestion.sources.model import Connector, Cursor, Page, RawTable, Resource, Window
from ingestion.sources.paging import token_pages

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.sources.client import Client

_DAY = timedelta(days=1)
_COMMENT_FIELDS = "id,created_time,message,from"
_REPLY_FIELDS = "id,timestamp,username,text,parent_id"
_POST_FIELDS = (
    "id,created_time,updated_time,message,permalink_url,from,shares,"
    "reactions.limit(0).summary(total_count),comments.limit(0).filter(stream).summary(total_count)"
)


def _path(*parts: str) -> str:
    return "/" + "/".join((meta_graph.API_VERSION, *parts))


def _page_of(client: Client) -> str:
    return client.members["page_id"]


def _edge(
    client: Client, path: str, asked: Mapping[str, Any], first: Mapping[str, Any] | None = None
) -> Iterator[Page]:
    """The pages of a list; `first` is its first page when an earlier answer carried it."""

    def fetch(after: str | None) -> tuple[Page, str | None]:
        is_known = after is None and first is not None
        body = first if is_known else client.get(path, {**asked, **({"after": after} if after else {})}).body
        return body["data"], next_cursor(body)

    return token_pages(fetch)


def _as_far_as(pages: Iterator[Page], clock: str, since: datetime | None) -> Iterator[Page]:
    """Pages of a list with the newest first, up to the one that has nothing from `since` on."""
    for page in pages:
        yield page
        if since and page and all(datetime.fromisoformat(record[clock]) < since for record in page):
            return


def _since(window: Window) -> dict[str, int]:
    """The window as Meta takes it: whole seconds, both included."""
    limits = {"since": window.since, "until": window.until}
    return {name: int(instant.timestamp()) for name, instant in limits.items() if instant}


def _today(client: Client) -> date:
    """The day it is in Meta's time zone, by Meta's clock, which any answer tells."""
    if client.server_time is None:
        client.get(_path(_page_of(client)), {"fields": "id"})
    if client.server_time is None:
        raise ValueError("an answer without a date")
    return meta_day(client.server_time)


def _days(client: Client, window: Window, kept: timedelta) -> tuple[date, date]:
    """The first and last day to read; a day is complete when it is over. The first one is of the day before `since`."""
    last = _today(client) - _DAY
    if window.until:
        last = min(last, meta_day(window.until - timedelta(microseconds=1)))
    return (window.since.date() - _DAY if window.since else last - kept), last


def _read_accounts(client: Client, _window: Window) -> Iterator[Page]:
    asked = {"facebook": _page_of(client), "instagram": client.members["account_id"]}
    for platform, number in asked.items():
        if number:
            record = client.get(_path(number), {"fields": "id,name,username,followers_count"}).body
            yield with_member([record], platform=platform, seen_on=_today(client).isoformat())


def _read_page_insights(client: Client, window: Window) -> Iterator[Page]:
    page_id = _page_of(client)
    for first, last in spans(*_days(client, window, meta_graph.PAGE_KEPT), meta_graph.SPAN):
        asked = {
            "metric": ",".join(meta_graph.PAGE_METRICS),
            "period": "day",
            "since": first.isoformat(),
            "until": (last + _DAY).isoformat(),
        }
        # The answer points on to the days before and after without end; the span is complete in one page.
        yield figures_of_page(client.get(_path(page_id, "insights"), asked).body["data"], page_id)


def _read_account_insights(client: Client, window: Window) -> Iterator[Page]:
    account_id = client.members["account_id"]
    if not account_id:
        return
    first, last = _days(client, window, meta_graph.ACCOUNT_KEPT)
    for start, end in spans(first, last, meta_graph.BATCH * _DAY):
        days = [start + number * _DAY for number in range((end - start).days + 1)]
        batch = {"batch": day_calls(account_id, days), "include_headers": "false"}
        yield figures_of_account(client.post_form(_path(), batch).body, account_id, days)


def _read_posts(client: Client, window: Window) -> Iterator[Page]:
    page_id = _page_of(client)
    asked = {"fields": _POST_FIELDS, "limit": meta_graph.PAGE_SIZE, **_since(window)}
    for page in _edge(client, _path(page_id, "feed"), asked):
        yield with_member(page, page_id=page_id)


def _read_comments(client: Client, window: Window) -> Iterator[Page]:
    """The posts of the last months with their newest comments, then the others of those that have more new ones."""
    page_id = _page_of(client)
    inner = {"fields": _COMMENT_FIELDS, "filter": "stream", "order": "reverse_chronological"}
    expansion = (
        f"comments.filter(stream).order(reverse_chronological).limit({meta_graph.COMMENTS}){{{_COMMENT_FIELDS}}}"
    )
    asked = {"fields": f"id,created_time,{expansion}", "limit": meta_graph.THREADS, **_since(_opened(window))}
    for page in _edge(client, _path(page_id, "feed"), asked):
        for post_id, first in threads(page, "comments"):
            pages = _edge(client, _path(post_id, "comments"), {**inner, "limit": meta_graph.COMMENTS}, first)
            for found in _as_far_as(pages, "created_time", window.since):
                yield with_member(found, post_id=post_id, page_id=page_id)


def _opened(window: Window) -> Window:
    """Posts on which people may have written in a window."""
    return Window(since=window.since - meta_graph.OPEN if window.since else None, until=window.until)


def _read_media_comments(client: Client, window: Window) -> Iterator[Page]:
    account_id = client.members["account_id"]
    if not account_id:
        return
    replies = f"replies.limit({meta_graph.COMMENTS}){{{_REPLY_FIELDS}}}"
    fields = f"{_REPLY_FIELDS},{replies}"
    asked = {"fields": f"id,timestamp,comments.limit({meta_graph.COMMENTS}){{{fields}}}", "limit": meta_graph.THREADS}
    pages = _edge(client, _path(account_id, "media"), asked)
    for page in _as_far_as(pages, "timestamp", _opened(window).since):
        for media_id, first in threads(page, "comments"):
            inner = {"fields": fields, "limit": meta_graph.COMMENTS}
            comments = _edge(client, _path(media_id, "comments"), inner, first)
            for found in _as_far_as(comments, "timestamp", window.since):
                yield from _with_replies(client, found, media_id=media_id, account_id=account_id)


def _with_replies(client: Client, comments: Page, **members: str) -> Iterator[Page]:
    """Comments and, each in its own page, the replies to them."""
    alone = [{name: content for name, content in one.items() if name != "replies"} for one in comments]
    yield with_member(alone, **members)
    for comment_id, first in threads(comments, "replies"):
        asked = {"fields": _REPLY_FIELDS, "limit": meta_graph.COMMENTS}
        for page in _edge(client, _path(comment_id, "replies"), asked, first):
            yield with_member(page, **members)


def _list(table: RawTable, owner: str, edge: str, clock: str) -> Resource:
    """A list of an account with the newest first, of which the last months are read again.

    Args:
        table: where it goes.
        owner: who is asked, and the field that says so: `page_id` or `account_id`.
        edge: its name in the address.
        clock: member of a record that says when it was published.
    """
    fields = dict.fromkeys(field.pointer.split("/")[1] for field in table.fields if field.name != owner)

    def read(client: Client, window: Window) -> Iterator[Page]:
        number = client.members[owner]
        if not number:
            return
        asked = {"fields": ",".join(fields), "limit": meta_graph.PAGE_SIZE}
        for page in _as_far_as(_edge(client, _path(number, edge), asked), clock, window.since):
            yield with_member(page, **{owner: number})

    return Resource(table, read, Cursor(f"/{clock}", overlap=meta_graph.OPEN))


def _headers(settings: Settings) -> dict[str, str]:
    token = settings.meta_graph_token
    return {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}


def _members(settings: Settings) -> dict[str, str]:
    return {"page_id": settings.meta_graph_page_id or "", "account_id": settings.meta_graph_instagram_id or ""}


_BY_METAS_CLOCK = Cursor("", overlap=timedelta(hours=1))

META_GRAPH = Connector(
    name=meta_graph.NAME,
    title=meta_graph.TITLE,
    domain=meta_graph.DOMAIN,
    api_version=meta_graph.API_VERSION,
    hosts=meta_graph.HOSTS,
    requests_per_second=meta_graph.REQUESTS_PER_SECOND,
    credentials=meta_graph.CREDENTIALS,
    headers=_headers,
    resources=(
        Resource(meta_graph.ACCOUNTS, _read_accounts),
        Resource(meta_graph.PAGE_INSIGHTS, _read_page_insights, Cursor("/end_time", overlap=meta_graph.READ_AGAIN)),
        Resource(meta_graph.ACCOUNT_INSIGHTS, _read_account_insights, Cursor("/day", overlap=meta_graph.READ_AGAIN)),
        Resource(meta_graph.POSTS, _read_posts, Cursor("/created_time", overlap=meta_graph.OPEN)),
        Resource(meta_graph.COMMENTS_TABLE, _read_comments, _BY_METAS_CLOCK),
        _list(meta_graph.TAGGED_POSTS, "page_id", "tagged", "created_time"),
        _list(meta_graph.MEDIA, "account_id", "media", "timestamp"),
        Resource(meta_graph.MEDIA_COMMENTS, _read_media_comments, _BY_METAS_CLOCK),
        _list(meta_graph.TAGGED_MEDIA, "account_id", "tags", "timestamp"),
    ),
    members=_members,
    status_meant=status_meant,
    pause_told=pause_told,
)
