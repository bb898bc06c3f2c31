"""One read of one resource: from which instant, up to which cursor, and whether the records still have what we need.

A reading yields Arrow tables of records as JSON text; nothing is interpreted but the cursor and the required fields.
Where the records go is `landing.py`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from ingestion.sources.errors import ProtocolError, VanishedFieldError
from ingestion.sources.model import Page, Resource, Window, value_at
from ingestion.sources.reading_ahead import read_ahead

if TYPE_CHECKING:
    import pyarrow as pa

    from ingestion.sources.client import Client

# As much text as is handed on at once.
TABLE_BYTES = 4_000_000


def pages_of(resource: Resource, client: Client, window: Window) -> Generator[Page, None, None]:
    """The pages of a resource.

    Raises:
        ProtocolError: when an answer has another shape than documented, so that this source alone fails.
    """
    try:
        for page in resource.read(client, window):
            if not all(isinstance(record, Mapping) for record in page):
                raise ProtocolError(f"{resource.table.name}: the vendor delivers records that are no JSON objects.")
            yield page
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
        raise ProtocolError(
            f"{resource.table.name}: an answer is not what its documentation promises ({type(error).__name__}). "
            "Nothing was loaded and the cursor stays. The vendor's API may have changed: compare it with the version "
            "in the connector's README, or see whether the address in the settings is the vendor's API."
        ) from error


def require_fields(resource: Resource, record_count: int, found: Mapping[str, int]) -> None:
    """Raise VanishedFieldError when a required field was found (its pointer, how often) in no record of a read."""
    gone = [pointer for pointer, count in found.items() if record_count and not count]
    if gone:
        raise VanishedFieldError(
            f"{resource.table.name}: none of {record_count} records has {', '.join(gone)}. The vendor's "
            "API has changed; nothing was loaded and the cursor stays. See the connector's README for its version."
        )


class Reading:
    """A read in progress.

    Args:
        resource: what is read.
        client: the connection to the vendor.
        last_cursor: where the last read ended, ISO 8601.
        window: limits a person asked for; without them the read goes on from the last cursor.
    """

    def __init__(self, resource: Resource, client: Client, last_cursor: str | None, window: Window) -> None:
        self._resource, self._client, self._asked = resource, client, window
        self._last = datetime.fromisoformat(last_cursor) if last_cursor else None
        self._started_at: datetime | None = None
        self._highest = self._last
        self.record_count = 0
        self.remarks: list[str] = []
        self._required = {field.pointer: 0 for field in resource.table.fields if field.required}

    @property
    def cursor(self) -> str | None:
        """Where the next read goes on; unchanged after a read of a window somebody asked for.

        Never after the vendor's clock at the beginning of the read: a record changed while the pages were read may
        have been read before its change, and a record dated in the future must not hide what changes until then.
        """
        if self._asked != Window() or self._resource.cursor is None:
            return self._last.isoformat() if self._last else None
        if self._started_at is None:
            return self._last.isoformat() if self._last else None
        found = self._highest if self._resource.cursor.path else self._started_at
        return min(found, self._started_at).isoformat() if found else None

    @property
    def state(self) -> dict[str, Any]:
        """What the next read has to know."""
        return {"cursor": self.cursor}

    def tables(self) -> Iterator[pa.Table]:
        """The records, several pages at a time: each table costs as much to take in as a page of them.

        Raises:
            VanishedFieldError: at the end, when a required field was missing in every record.
        """
        waiting: list[bytes] = []
        size = 0
        fetched = pages_of(self._resource, self._client, self._window())
        with closing(read_ahead(fetched, self._client.stop)) as pages:
            for page in pages:
                self._started_at = self._started_at or self._client.server_time
                self._look_at(page)
                texts = [orjson.dumps(record, option=orjson.OPT_SORT_KEYS) for record in page]
                waiting += texts
                size += sum(map(len, texts))
                if size >= TABLE_BYTES:
                    yield self._table(waiting)
                    waiting, size = [], 0
        if waiting:
            yield self._table(waiting)
        require_fields(self._resource, self.record_count, self._required)

    def _window(self) -> Window:
        cursor = self._resource.cursor
        if self._asked != Window() or cursor is None or self._last is None:
            return self._asked
        return Window(since=self._last - cursor.overlap)

    def _look_at(self, page: Page) -> None:
        self.record_count += len(page)
        cursor = self._resource.cursor
        if cursor is not None:
            latest = max((at for record in page if (at := cursor.of(record))), default=None)
            if latest is not None:
                latest = latest.astimezone(UTC)
                self._highest = max(self._highest or latest, latest)
        for pointer in self._required:
            parent, _, member = pointer.rpartition("/")
            holders = (value_at(record, parent) or {} for record in page) if parent else page
            self._required[pointer] += sum(member in holder for holder in holders)

    def _table(self, texts: list[bytes]) -> pa.Table:
        """The last records that were read, with their places in the read."""
        import pyarrow as pa

        first = self.record_count - len(texts) + 1
        return pa.table(
            {
                "position": pa.array(range(first, self.record_count + 1), pa.int64()),
                # JSON as it is written here is UTF-8, so nothing is decoded to be encoded again.
                "record": pa.array(texts, pa.binary()).cast(pa.string()),
            }
        )
