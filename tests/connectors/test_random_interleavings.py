"""Random schedules of failures, kills and changes between requests: nothing is lost, nothing is stored twice.

The connector's read runs against the sandbox over HTTP; landing and promotion are played by a few lines here, so that
thousands of schedules can be tried. `--hypothesis-profile=thorough` tries a thousand per vendor.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingestion.sandbox.server import faults
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Sandbox, serving
from ingestion.sources.client import Client
from ingestion.sources.errors import SourceError
from ingestion.sources.model import Window, value_at
from ingestion.sources.reading import Reading
from ingestion.sources.registry import connector_named
from tests.connectors.benches import BENCHES, SECRET, START, Bench

PEOPLE = 7
PAGE_SIZE = 3


class Killed(BaseException):
    """Stands for the end of the process."""


class Account:
    """A vendor's account in which something may happen with every request, and what has been stored of it."""

    def __init__(self, bench: Bench, sandbox: Sandbox) -> None:
        self.bench, self.sandbox = bench, sandbox
        self.store = sandbox.store = Store(START + timedelta(hours=1))
        sandbox.protocols = {bench.name: bench.protocol(self.store, SECRET)}
        sandbox.faults.clear()
        bench.prepare(self.store)
        self.words: dict[int, str] = {}
        self.versions: list[tuple[str, bytes]] = []
        self.cursor: str | None = None
        self.change_count = 0
        for number in range(1, PEOPLE + 1):
            self.change(number, at=START + timedelta(seconds=number // 3))

    def change(self, number: int, at=None) -> None:
        self.change_count += 1
        self.words[number] = f"word {self.change_count}"
        self.store.move_to(self.store.now + timedelta(seconds=1))
        self.bench.put(self.store, number, at or self.store.now, self.words[number])

    def fault(self, action):
        kind, number = action
        return {
            "pass": None,
            "429": faults.too_many_requests("1"),
            "500": faults.status(500),
            "cut off": faults.malformed(),
            "refused": faults.status(401),
            "killed": self.kill,
            "change": faults.meanwhile(lambda: self.change(number)),
            "new": faults.meanwhile(lambda: self.change(PEOPLE + number)),
        }[kind]

    def kill(self, request, protocol):
        self.is_killed = True
        return protocol(request)

    def load(self) -> None:
        """A load as the product makes it: all or nothing, and only what is new is stored."""
        self.is_killed = False
        connector = connector_named(self.bench.name)
        made = self.bench.made_settings(self.sandbox)
        resource = connector.resource(self.bench.table)
        client = Client(connector, made, sleep=lambda _seconds: None)
        reading = Reading(resource, client, self.cursor, Window())
        try:
            landed = list(self.records(reading))
        except (SourceError, Killed):
            return
        finally:
            client.close()
        self.cursor = reading.cursor
        latest = dict(self.versions)
        pointers = [resource.table.field(name).pointer for name in resource.table.key]
        for record in landed:
            key = ":".join(str(value_at(orjson.loads(record), pointer)) for pointer in pointers)
            if latest.get(key) != record:
                latest[key] = record
                self.versions.append((key, record))

    def records(self, reading: Reading) -> Iterator[bytes]:
        for table in reading.tables():
            if self.is_killed:
                raise Killed
            for text in table.column("record").to_pylist():
                yield text.encode()


@pytest.fixture(scope="module", params=BENCHES, ids=lambda bench: bench.name)
def served(request):
    patch = pytest.MonkeyPatch()
    patch.setattr(request.param.constants, "PAGE_SIZE", PAGE_SIZE)
    with serving(Sandbox(Store(START), {})) as sandbox:
        yield request.param, sandbox
    patch.undo()


ACTION = st.tuples(
    st.sampled_from(["pass", "pass", "429", "500", "cut off", "refused", "killed", "change", "change", "new"]),
    st.integers(1, PEOPLE),
)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(schedule=st.lists(ACTION, max_size=24), pauses=st.lists(st.integers(0, 2000), min_size=1, max_size=4))
def test_whatever_happens_between_requests_nothing_is_lost_and_nothing_stored_twice(served, schedule, pauses):
    bench, sandbox = served
    account = Account(bench, sandbox)
    sandbox.faults.plan(*(account.fault(action) for action in schedule))
    for seconds in pauses:
        account.load()
        account.store.move_to(account.store.now + timedelta(seconds=seconds))
    sandbox.faults.clear()
    account.store.move_to(account.store.now + timedelta(hours=1))
    account.load()
    assert len(account.versions) == len(set(account.versions))
    stored = [record for _, record in account.versions]
    for number, word in account.words.items():
        email = f"person{number}@example.org".encode()
        assert any(email in record and f'"{word}"'.encode() in record for record in stored), (number, word)
    before = list(account.versions)
    account.load()
    assert account.versions == before
