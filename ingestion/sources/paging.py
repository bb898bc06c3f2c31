"""Ways to go from page to page that end, and that neither lose nor repeat a record when records change meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from datetime import datetime

from ingestion.sources.errors import PagingLoopError
from ingestion.sources.model import Cursor, Page

Fetch = Callable[[str | None], tuple[Page, str | None]]
FetchFrom = Callable[[datetime, str | None], tuple[Page, str | None]]

_PASSES = 6


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
    neighbour. Positions are used only where a page is full of one instant.

    Args:
        fetch: the page of records changed at or after an instant, at a position token within them.
        cursor: where the instant stands.
        since: where to begin.

    Raises:
        PagingLoopError: when the vendor's pages lead nowhere.
    """
    while True:
        page, token = fetch(since, None)
        yield page
        if token is None:
            return
        last = _last(page, cursor, since)
        if last == since:
            last, token = yield from _instant(fetch, cursor, since)
            if token is None:
                return
        since = last


def _instant(fetch: FetchFrom, cursor: Cursor, instant: datetime) -> Generator[Page, None, tuple[datetime, str | None]]:
    """Read the records of one instant by position, until two passes in a row find the same ones.

    When one of them changes between two pages, those behind it move up and one is skipped: the next pass finds it.

    Returns:
        The last instant of the last page and the token of the page after it.
    """
    found: list[int] | None = None
    for _ in range(_PASSES):
        before, found, token, seen = found, [], None, set[str | None]()
        while True:
            page, token = fetch(instant, token)
            yield page
            found += [hash(repr(record)) for record in page if cursor.of(record) == instant]
            last = _last(page, cursor, instant)
            if token is None or last > instant:
                break
            if token in seen:
                raise PagingLoopError("A page points to a page that was read before; the read was stopped.")
            seen.add(token)
        if found == before:
            return last, token
    raise PagingLoopError(
        f"Records that changed at one instant keep changing while they are read ({_PASSES} attempts); nothing was "
        "loaded, the next load tries again."
    )


def _last(page: Page, cursor: Cursor, since: datetime) -> datetime:
    return max((at for record in page if (at := cursor.of(record))), default=since)
