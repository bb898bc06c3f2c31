"""Schedules of faults: what goes wrong with which request of a load, and an account in the sandbox it happens in.

How an account is loaded meanwhile stands in `counted_loads.py`, what counts as lost or stored twice in `playing.py`.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from ingestion.sandbox.server import faults
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Response, Sandbox
from ingestion.sources.client import Client
from tests.connectors.bench import SECRET, START, Bench

if TYPE_CHECKING:
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
