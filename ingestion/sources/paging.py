"""Ways to go from page to page that end, and that neither lose nor repeat a record when records change meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from ingestion.sources.errors import PagingLoopError
from ingestion.sources.model import Cursor, Page

Fetch = Callable[[str | None], tuple[Page, str | None]]
FetchFrom = Callable[[datetime, str | None], tuple[Page, str | None]]


def token_pages(fetch: Fetch) -> Iterator[Page]:
    """Follow the token each page gives for the next one.

    Args:
        fetch: the page of a token (None: the first) and the token of the page after it (None: there is none).

    Raises:
        PagingLoopError: when a token comes a second time.
    """
    token: str | None = None
    seen: set[str] = set()
    while True:
        page, token = fetch(token)
        yield page
        if token is None:
            return
        if token in seen:
            raise PagingLoopError("A page points to a page that was read before; the read was stopped.")
        seen.add(token)


def keyset_pages(fetch: FetchFrom, cursor: Cursor, since: datetime) -> Iterator[Page]:
    """Read records sorted by the instant they changed, each page from the last instant of the page before.

    A record that changes meanwhile moves to the end and is read there again; pages by position would skip its
    neighbour. Positions are used only while a page is full of one instant.

    Args:
        fetch: the page of records changed at or after an instant, at a position token within them.
        cursor: where the instant stands.
        since: where to begin.
    """
    token: str | None = None
    seen: set[str] = set()
    while True:
        page, token = fetch(since, token)
        yield page
        if token is None:
            return
        last = max((at for record in page if (at := cursor.of(record))), default=since)
        if last > since:
            since, token = last, None
            seen.clear()
        elif token in seen:
            raise PagingLoopError("A page points to a page that was read before; the read was stopped.")
        else:
            seen.add(token)
