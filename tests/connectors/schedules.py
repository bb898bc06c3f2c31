"""Schedules of faults: what goes wrong with which request, and what is lost or stored twice when it is over.

The connector reads over HTTP from the sandbox, and promotion is the product's own. Only landing is played by a few
lines here (records and cursor in one transaction), because dlt takes half a second for each load; `ThroughDlt` loads as
the product does from end to end. Used by the test of random interleavings and by `benchmarks.fault_schedules`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from ingestion.raw import create_raw_tables
from ingestion.sandbox.server import faults
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Response, Sandbox
from ingestion.sources import loading
from ingestion.sources.client import Client
from ingestion.sources.errors import SourceError
from ingestion.sources.model import Window
from ingestion.sources.promotion import promote
from ingestion.sources.reading import Reading
from ingestion.warehouse import connect
from tests.connectors.bench import SECRET, START, Bench

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

PEOPLE = 7
PAGE_SIZE = 3
# Faults of single requests, and what happens to the records right after one was answered.
KINDS = (
    "429",
    "429 with Retry-After",
    "500",
    "503",
    "cut-off JSON",
    "401",
    "other shape",
    "redirect",
    "killed",
    "page repeated",
    "clock ahead",
    "clock behind",
    "changed type",
    "new field",
    "vanished field",
    "changed record",
    "changed at one instant",
    "new record",
)
SKEW = timedelta(minutes=5)
# Configuration of a warehouse in memory: a handful of records is no work to share.
ONE_THREAD = {"threads": 1}


class Killed(BaseException):
    """Stands for the end of the process."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """What happens with one account.

    Args:
        steps: for each request in turn what goes wrong (empty: nothing) and the person it is about.
        pauses: seconds after each load.
        deaths: for each load in turn whether the process ends between landing and promotion.
    """

    steps: tuple[tuple[str, int], ...]
    pauses: tuple[int, ...]
    deaths: tuple[bool, ...] = ()


def drawn(chance: random.Random) -> Schedule:
    """A random schedule of two to six loads; a third of the requests pass."""
    loads = chance.randint(2, 6)
    steps = (
        (chance.choice(KINDS) if chance.random() > 1 / 3 else "", chance.randint(1, PEOPLE))
        for _ in range(chance.randint(4, 24))
    )
    pauses = (chance.choice((0, 1, 60, 900, chance.randint(0, 7200))) for _ in range(loads))
    return Schedule(tuple(steps), tuple(pauses), tuple(chance.random() < 0.15 for _ in range(loads)))


class Account:
    """A vendor's account in which something may go wrong with every request.

    Args:
        bench: the vendor.
        sandbox: the server, which gets a store of its own for this account.
    """

    def __init__(self, bench: Bench, sandbox: Sandbox) -> None:
        self.bench, self.sandbox = bench, sandbox
        self.store = sandbox.store = Store(START + timedelta(hours=1))
        sandbox.protocols = {bench.name: bench.protocol(self.store, SECRET)}
        sandbox.faults.clear()
        sandbox.faults.always = self._answer
        bench.prepare(self.store)
        self.words: dict[int, str] = {}
        self.played: Counter[str] = Counter()
        self.is_killed = False
        self._change_count = 0
        self._last: Response | None = None
        for number in range(1, PEOPLE + 1):
            self.change(number, at=START + timedelta(seconds=number // 3))

    def change(self, number: int, *, at: datetime | None = None, seconds: int = 1) -> None:
        """A new version of a person; every version has a word of its own."""
        self._change_count += 1
        self.words[number] = f"word {self._change_count}"
        self.store.move_to(self.store.now + timedelta(seconds=seconds))
        self.bench.put(self.store, number, at or self.store.now, self.words[number])

    def begin_load(self) -> None:
        """A new process."""
        self.is_killed, self._last = False, None

    def fault(self, kind: str, number: int) -> faults.Fault | None:
        """The fault of a step, counted when it is played."""
        if not kind:
            return None
        fault = self._made(kind, number)

        def counted(request: Any, protocol: Any) -> Response:
            self.played[kind] += 1
            return fault(request, lambda asked: self._answer(asked, protocol))

        return counted

    def _made(self, kind: str, number: int) -> faults.Fault:
        made: dict[str, Callable[[], faults.Fault]] = {
            "429": faults.too_many_requests,
            "429 with Retry-After": lambda: faults.too_many_requests("1"),
            "500": lambda: faults.status(500),
            "503": lambda: faults.status(503, Retry_After="2"),
            "cut-off JSON": faults.malformed,
            "401": lambda: faults.status(401),
            "other shape": lambda: lambda _request, _protocol: Response(self.bench.other_shapes[number % 2]),
            "redirect": lambda: faults.redirect_to("https://collector.example.com/steal"),
            "killed": lambda: self._kill,
            "page repeated": lambda: self._repeat,
            "clock ahead": lambda: self._skewed(SKEW),
            "clock behind": lambda: self._skewed(-SKEW),
            "changed type": lambda: self._changed(number, self._spoil),
            "new field": lambda: self._changed(number, lambda record: self._holder(record).update(shoe_size=43)),
            "vanished field": lambda: faults.changed(self._stripped),
            "changed record": lambda: faults.meanwhile(lambda: self.change(number)),
            "changed at one instant": lambda: faults.meanwhile(lambda: self.change(number, seconds=0)),
            "new record": lambda: faults.meanwhile(lambda: self.change(PEOPLE + number)),
        }
        return made[kind]()

    def _answer(self, request: Any, protocol: Any) -> Response:
        self._last = protocol(request)
        return self._last

    def _repeat(self, request: Any, protocol: Any) -> Response:
        return self._last or protocol(request)

    def _kill(self, request: Any, protocol: Any) -> Response:
        self.is_killed = True
        return protocol(request)

    def _skewed(self, skew: timedelta) -> faults.Fault:
        def fault(request: Any, protocol: Any) -> Response:
            answer = protocol(request)
            date = format_datetime((self.store.now + skew).astimezone(UTC), usegmt=True)
            return replace(answer, headers={**answer.headers, "Date": date})

        return fault

    def _changed(self, number: int, change: Callable[[dict[str, Any]], None]) -> faults.Fault:
        """Every record of an answer, or for one person only that person's."""

        def body(answer: Any) -> Any:
            for record in self.bench.listed(answer):
                if self.bench.is_about(record, number):
                    change(record)
            return answer

        return faults.changed(_copied(body))

    def _holder(self, record: dict[str, Any]) -> dict[str, Any]:
        return self.bench.holder(record) or {}

    def _spoil(self, record: dict[str, Any]) -> None:
        self._holder(record)[self.bench.email[-1]] = ["a", "list"]

    def _stripped(self, answer: Any) -> Any:
        def strip(body: Any) -> Any:
            for record in self.bench.records(body):
                (record["data"]["object"] if "data" in record else record).pop(self.bench.required, None)
            return body

        return _copied(strip)(answer)


def _copied(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The change done to a copy, so that the account itself stays as it is."""
    import orjson

    def changed(body: Any) -> Any:
        return body if isinstance(body, bytes) else change(orjson.loads(orjson.dumps(body)))

    return changed


class MortalClient(Client):
    """A client whose process ends with the answer the account kills it in; it does not wait."""

    def __init__(self, account: Account, settings: Settings) -> None:
        super().__init__(account.bench.connector, settings, sleep=lambda _seconds: None)
        self._account = account

    def _attempt(self, *arguments: Any) -> Any:
        answer = super()._attempt(*arguments)
        if self._account.is_killed:
            raise Killed
        return answer


class PlayedLanding:
    """Loads of one vendor with the product's reading and promotion, and a landing in one transaction.

    Args:
        bench: the vendor.
        connection: a warehouse in memory.
    """

    def __init__(self, bench: Bench, connection: DuckDBPyConnection) -> None:
        self._bench, self._connection = bench, connection
        self._connector = bench.connector
        self._resource = self._connector.resource(bench.table)
        self._landing = f'{self._connector.landing}."{bench.table}"'
        create_raw_tables(connection)
        connection.execute(f"create schema if not exists {self._connector.landing}")
        connection.execute(
            f"create or replace table {self._landing} (position bigint, record varchar, _dlt_load_id varchar)"
        )

    def clear(self) -> None:
        """An empty warehouse."""
        self._cursor: str | None = None
        for table in (_raw(self._bench), self._landing, "ops.loads", "quarantine.rejected_rows"):
            self._connection.execute(f"delete from {table}")

    def load(self, account: Account, settings: Settings, *, dies: bool = False) -> None:
        """One load; raises what the product would."""
        if self.rows(f"select 1 from {self._landing} limit 1"):
            self._promote(None)
        client = MortalClient(account, settings)
        reading = Reading(self._resource, client, self._cursor, Window())
        try:
            landed = list(reading.tables())
        finally:
            client.close()
        self._connection.execute("begin")
        for page in landed:
            self._connection.register("page", page)
            self._connection.execute(f"insert into {self._landing} select *, '1' from page")
        self._connection.execute("commit")
        self._cursor = reading.cursor
        if dies:
            raise Killed
        self._promote(reading.cursor)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds in the warehouse."""
        return self._connection.execute(query).fetchall()

    def _promote(self, cursor: str | None) -> None:
        promote(self._connection, self._connector, self._resource.table, cursor)


class ThroughDlt:
    """Loads as the product makes them, dlt and files included.

    Args:
        settings: where the warehouse is.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def load(self, account: Account, settings: Settings, *, dies: bool = False) -> None:
        """One load; raises what the product would."""
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


@contextmanager
def _dying_before_promotion(dies: bool) -> Iterator[None]:
    before, calls = loading._promote_all, iter(range(2))

    def promote_all(*arguments: Any) -> Any:
        # The first call finishes what an earlier process left.
        if dies and next(calls) == 1:
            raise Killed
        return before(*arguments)

    loading._promote_all = promote_all
    try:
        yield
    finally:
        loading._promote_all = before


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a schedule: faults played by kind, loads, people lost and versions stored twice."""

    played: Counter[str]
    load_count: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]


def played(schedule: Schedule, account: Account, warehouse: PlayedLanding | ThroughDlt, settings: Settings) -> Result:
    """Play a schedule, load undisturbed until everything is there, and count."""
    account.sandbox.faults.plan(*(account.fault(*step) for step in schedule.steps))
    for place, seconds in enumerate(schedule.pauses):
        dies = schedule.deaths[place] if place < len(schedule.deaths) else False
        account.begin_load()
        try:
            warehouse.load(account, settings, dies=dies)
        except SourceError:
            pass
        except Killed:
            account.played["killed before promotion"] += dies and not account.is_killed
        account.store.move_to(account.store.now + timedelta(seconds=seconds))
    account.sandbox.faults.clear()
    account.begin_load()
    account.store.move_to(account.store.now + timedelta(hours=1))
    warehouse.load(account, settings)
    lost, doubled = _lost(account, warehouse), _doubled(account.bench, warehouse)
    count = warehouse.rows(f"select count(*) from {_raw(account.bench)}")
    account.store.move_to(account.store.now + timedelta(hours=1))
    warehouse.load(account, settings)
    if warehouse.rows(f"select count(*) from {_raw(account.bench)}") != count:
        doubled.append("stored again by a load of nothing new")
    return Result(+account.played, len(schedule.pauses) + 2, tuple(lost), tuple(doubled))


def _raw(bench: Bench) -> str:
    return f'{bench.connector.schema}."{bench.table}"'


def _lost(account: Account, warehouse: PlayedLanding | ThroughDlt) -> list[str]:
    """People whose last version is neither the last one stored nor in quarantine."""
    bench = account.bench
    latest = dict(
        warehouse.rows(
            f"select {bench.column}, {bench.shown} from {_raw(bench)} qualify row_number() over "
            f"(partition by {_key(bench)} order by _load_seq desc, _row_number desc) = 1"
        )
    )
    quarantine = "\n".join(row for (row,) in warehouse.rows("select row_json::varchar from quarantine.rejected_rows"))
    return [
        f"person{number} ({word})"
        for number, word in account.words.items()
        if latest.get(f"person{number}@example.org") != word and f'"{word}"' not in quarantine
    ]


def _doubled(bench: Bench, warehouse: PlayedLanding | ThroughDlt) -> list[str]:
    """Versions stored that are the same as the one before, misfits kept twice, and loads that do not add up."""
    twice = warehouse.rows(
        f"select {bench.column} from {_raw(bench)} qualify _content_hash = lag(_content_hash) over "
        f"(partition by {_key(bench)} order by _load_seq, _row_number)"
    )
    kept = warehouse.rows(
        "select count(*) from quarantine.rejected_rows group by md5(row_json::varchar) having count(*) > 1"
    )
    wrong = warehouse.rows(
        "select load_seq from ops.loads "
        "where status = 'loaded' and delivered_count <> accepted_count + quarantined_count + unchanged_count"
    )
    return [
        *(f"{email} stored twice" for (email,) in twice),
        *(f"a misfit kept {count} times" for (count,) in kept),
        *(f"load {number} does not add up" for (number,) in wrong),
    ]


def _key(bench: Bench) -> str:
    names: Sequence[str] = bench.connector.resource(bench.table).table.key
    return ", ".join(f'"{name}"' for name in names)
