"""Fixtures of the connector suite: a vendor on trial, its sandbox, and a warehouse to load into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources.client import Client
from ingestion.sources.loading import SourceOutcome, load_source
from ingestion.sources.model import Connector
from ingestion.sources.registry import connector_named
from ingestion.warehouse import connect
from tests.connectors.benches import BENCHES, SECRET, START, Bench

PAGE_SIZE = 3


@dataclass
class Trial:
    """A vendor's connector, its sandbox and an own warehouse; waiting is noted down instead of done."""

    bench: Bench
    sandbox: Sandbox
    settings: Settings
    pauses: list[float] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.sandbox.store

    @property
    def connector(self) -> Connector:
        return connector_named(self.bench.name)

    def client(self, connector: Connector, settings: Settings) -> Client:
        return Client(connector, settings, sleep=self.pauses.append)

    def people(self, count: int, *, first: int = 1, at: datetime | None = None, word: str = "first") -> None:
        """People, a second apart unless an instant is given."""
        for number in range(first, first + count):
            self.bench.put(self.store, number, at or START + timedelta(seconds=number), word)

    def wait(self, **time: float) -> None:
        """Let the vendor's time pass."""
        self.store.move_to(self.store.now + timedelta(**time))

    def load(self, **arguments: Any) -> SourceOutcome:
        """Load the people."""
        return load_source(
            self.settings, self.connector, tables=[self.bench.table], make_client=self.client, **arguments
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with connect(self.settings, read_only=True) as connection:
            return connection.execute(query).fetchall()

    @property
    def raw(self) -> str:
        return f"{self.connector.schema}.{self.bench.table}"

    def versions(self) -> list[tuple[str, str]]:
        """Every stored version as (key, word), sorted."""
        key = self.connector.resource(self.bench.table).table.key[-1]
        return sorted(self.rows(f"select {key}::varchar, {self.bench.shown} from {self.raw}"))

    def expected(self, count: int, word: str = "first") -> list[tuple[str, str]]:
        return sorted((self.bench.key(number), word) for number in range(1, count + 1))


@pytest.fixture(params=BENCHES, ids=lambda bench: bench.name)
def bench(request: pytest.FixtureRequest) -> Bench:
    return request.param


@pytest.fixture
def trial(bench: Bench, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trial]:
    monkeypatch.setattr(bench.constants, "PAGE_SIZE", PAGE_SIZE)
    store = Store(START + timedelta(hours=1))
    bench.prepare(store)
    with serving(Sandbox(store, {bench.name: bench.protocol(store, SECRET)})) as sandbox:
        yield Trial(bench, sandbox, bench.made_settings(sandbox, data_dir=tmp_path / "data"))
