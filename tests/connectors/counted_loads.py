"""Ways to load an account in which things go wrong, each with a count of what is stored.

The connector always reads over HTTP from the sandbox. How much of the rest is the product's own differs in time:
`Read` plays landing and promotion with a few lines, so that thousands of schedules can be tried, `Promoted` plays
landing alone, and `ThroughDlt` nothing. What goes wrong is drawn in `schedules.py`, and played in
`playing.py`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import orjson

from ingestion.raw import create_raw_tables
from ingestion.sources import loading, source_load
from ingestion.sources.model import Window, value_at
from ingestion.sources.promotion import promote
from ingestion.sources.reading import Reading
from ingestion.warehouse import connect
from tests.connectors.bench import Bench
from tests.connectors.schedules import Account, Killed, MortalClient

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings
    from ingestion.sources.model import Resource

# Configuration of a warehouse in memory: a handful of records is no work to share.
ONE_THREAD = {"threads": 1}


class Loads(Protocol):
    """A way to load an account, and what is stored after it."""

    def load(self, account: Account, settings: Settings, *, dies: bool = False) -> None:
        """One load, which may end between landing and promotion; raises what the product would."""

    def count(self) -> int:
        """Versions stored."""

    def keeps(self, email: str, word: str) -> bool:
        """Whether this is a person's last version stored, or in quarantine."""

    def doubled(self) -> list[str]:
        """Versions stored that are the same as the one before, misfits kept twice, and loads that do not add up."""


class Read:
    """Loads with the product's reading; what is new is kept in memory, all or nothing.

    Args:
        bench: the vendor.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._resource = bench.connector.resource(bench.table)
        table = self._resource.table
        self._key = [table.field(name).pointer for name in table.key]
        self._required = [field.pointer for field in table.fields if field.required]
        self._cursor: str | None = None
        self._landed: list[str] = []
        self._stored: list[tuple[str, str]] = []
        self._misfits: list[str] = []

    def load(self, account: Account, settings: Settings, *, dies: bool = False) -> None:
        """One load."""
        self._promote()
        landed, self._cursor = read(self._resource, account, settings, self._cursor)
        self._landed = [text for page in landed for text in page.column("record").to_pylist()]
        if dies:
            raise Killed
        self._promote()

    def count(self) -> int:
        """Versions stored."""
        return len(self._stored)

    def keeps(self, email: str, word: str) -> bool:
        """Whether this is a person's last version stored, or in quarantine."""
        kept = [*dict(self._stored).values(), *self._misfits]
        return any(f'"{word}"' in text and (email in text or text in self._misfits) for text in kept)

    def doubled(self) -> list[str]:
        """Versions stored twice in a row, and misfits kept twice."""
        last: dict[str, str] = {}
        twice = [key for key, text in self._stored if last.get(key) == text or last.update({key: text})]
        return twice + [text for text, count in Counter(self._misfits).items() if count > 1]

    def _promote(self) -> None:
        latest = dict(self._stored)
        for text in self._landed:
            record = orjson.loads(text)
            key = "|".join(str(value_at(record, pointer)) for pointer in self._key)
            if not self._fits(record):
                self._misfits += [] if text in self._misfits else [text]
            elif latest.get(key) != text:
                latest[key] = text
                self._stored.append((key, text))
        self._landed = []

    def _fits(self, record: dict[str, Any]) -> bool:
        is_whole = all(value_at(record, pointer) is not None for pointer in self._required)
        return is_whole and isinstance((self._bench.holder(record) or {}).get(self._bench.email[-1]), str)


class _InRaw(ABC):
    """What is stored of a vendor in the raw layer, by SQL."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        table = bench.connector.resource(bench.table).table
        self._raw = f'{bench.connector.schema}."{table.name}"'
        self._key = ", ".join(f'"{name}"' for name in table.key)

    @abstractmethod
    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds in the warehouse."""

    def count(self) -> int:
        """Versions stored."""
        return self.rows(f"select count(*) from {self._raw}")[0][0]

    def keeps(self, email: str, word: str) -> bool:
        """Whether this is a person's last version stored, or in quarantine."""
        latest = (
            f"select {self._bench.column}, {self._bench.shown} from {self._raw} qualify row_number() over "
            f"(partition by {self._key} order by _load_seq desc, _row_number desc) = 1"
        )
        misfits = "select row_json::varchar from quarantine.rejected_rows"
        return (email, word) in self.rows(latest) or any(f'"{word}"' in text for (text,) in self.rows(misfits))

    def doubled(self) -> list[str]:
        """Versions stored twice in a row, misfits kept twice, and loads that do not add up."""
        twice = self.rows(
            f"select {self._bench.column} from {self._raw} qualify _content_hash = lag(_content_hash) over "
            f"(partition by {self._key} order by _load_seq, _row_number)"
        )
        misfits = self.rows(
            "select count(*) from quarantine.rejected_rows group by md5(row_json::varchar) having count(*) > 1"
        )
        wrong = self.rows(
            "select load_seq from ops.loads "
            "where status = 'loaded' and delivered_count <> accepted_count + quarantined_count + unchanged_count"
        )
        return [
            *(f"{email} stored twice" for (email,) in twice),
            *(f"a misfit kept {count} times" for (count,) in misfits),
            *(f"load {number} does not add up" for (number,) in wrong),
        ]


class Promoted(_InRaw):
    """Loads with the product's reading and promotion, and a landing in one transaction.

    Args:
        bench: the vendor.
        connection: a warehouse in memory, emptied.
    """

    def __init__(self, bench: Bench, connection: DuckDBPyConnection) -> None:
        super().__init__(bench)
        self._connection, self._connector = connection, bench.connector
        self._resource = self._connector.resource(bench.table)
        self._landing = f'{self._connector.landing}."{bench.table}"'
        self._cursor: str | None = None
        create_raw_tables(connection)
        for table in (self._raw, "ops.loads", "quarantine.rejected_rows"):
            connection.execute(f"delete from {table}")
        connection.execute(f"create schema if not exists {self._connector.landing}")
        connection.execute(
            f"create or replace table {self._landing} (position bigint, record varchar, _dlt_load_id varchar)"
        )

    def load(self, account: Account, settings: Settings, *, dies: bool = False) -> None:
        """One load."""
        if self.rows(f"select 1 from {self._landing} limit 1"):
            self._promote(None)
        landed, cursor = read(self._resource, account, settings, self._cursor)
        self._connection.execute("begin")
        for page in landed:
            self._connection.register("page", page)
            self._connection.execute(f"insert into {self._landing} select *, '1' from page")
        self._connection.execute("commit")
        self._cursor = cursor
        if dies:
            raise Killed
        self._promote(cursor)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds in the warehouse."""
        return self._connection.execute(query).fetchall()

    def _promote(self, cursor: str | None) -> None:
        promote(self._connection, self._connector, self._resource.table, cursor)


class ThroughDlt(_InRaw):
    """Loads as the product makes them, dlt and files included.

    Args:
        bench: the vendor.
        settings: where the warehouse is.
    """

    def __init__(self, bench: Bench, settings: Settings) -> None:
        super().__init__(bench)
        self._settings = settings

    def load(self, account: Account, settings: Settings, *, dies: bool = False) -> None:
        """One load."""
        with _dying_before_promotion(dies):
            loading.load_source(
                settings,
                account.bench.connector,
                tables=[account.bench.table],
                make_client=lambda _connector, made: MortalClient(account, made),
            )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds in the warehouse."""
        with connect(self._settings, read_only=True) as connection:
            return connection.execute(query).fetchall()


def read(
    resource: Resource, account: Account, settings: Settings, last_cursor: str | None
) -> tuple[list[pa.Table], str | None]:
    """The records of one read and where the next one goes on; raises what the product would."""
    client = MortalClient(account, settings)
    reading = Reading(resource, client, last_cursor, Window())
    try:
        return list(reading.tables()), reading.cursor
    finally:
        client.close()


@contextmanager
def _dying_before_promotion(dies: bool) -> Iterator[None]:
    before, calls = source_load._promote_all, iter(range(2))

    def promote_all(*arguments: Any) -> Any:
        # The first call finishes what an earlier process left.
        if dies and next(calls) == 1:
            raise Killed
        return before(*arguments)

    source_load._promote_all = promote_all
    try:
        yield
    finally:
        source_load._promote_all = before
