"""Reading ahead: while a page is worked on, the next ones are fetched by a thread of their own.

Pages keep their order, and what ends the fetching ends the reading behind the pages before it. What a page holds is
`reading.py`'s business, how it is asked for `client.py`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Event, Semaphore, Thread
from typing import TypeVar

# Pages that wait at most: enough to fetch on while some megabytes are written, little enough for pages of 10,000.
PAGES_AHEAD = 3
# How long a reader who leaves waits for the request that is under way; after it the thread sends nothing more.
GRACE_SECONDS = 5.0

Page = TypeVar("Page")


@dataclass(frozen=True, slots=True)
class _End:
    """Behind the last page: what ended the fetching, None when there was nothing more."""

    problem: BaseException | None


def read_ahead(
    pages: Generator[Page, None, None], abandon: Callable[[], object], most: int = PAGES_AHEAD
) -> Generator[Page, None, None]:
    """The pages, of which the next ones are fetched while the reader works on one.

    The thread begins with the first page that is asked for. When this ends, also when the reader leaves, it has ended
    or sends nothing more.

    Args:
        pages: run in the thread, and closed there.
        abandon: called when the reader leaves before the end, so that what the thread waits for ends.
        most: pages that wait at most.

    Raises:
        BaseException: whatever `pages` raises.
    """
    ready: SimpleQueue[Page | _End] = SimpleQueue()
    room, is_left = Semaphore(most - 1), Event()
    thread = Thread(target=_fetch, args=(pages, ready, room, is_left), name="read ahead", daemon=True)
    thread.start()
    is_over = False
    try:
        while not isinstance(found := ready.get(), _End):
            room.release()
            yield found
        is_over = True
    finally:
        if not is_over:
            is_left.set()
            room.release()
            abandon()
        thread.join(GRACE_SECONDS)
    if found.problem is not None:
        raise found.problem


def _fetch(
    pages: Generator[Page, None, None], ready: SimpleQueue[Page | _End], room: Semaphore, is_left: Event
) -> None:
    problem: BaseException | None = None
    try:
        with closing(pages):
            for page in pages:
                ready.put(page)
                room.acquire()
                if is_left.is_set():
                    return
    except BaseException as error:  # noqa: BLE001 - raised again where the pages are read
        problem = error
    ready.put(_End(problem))
