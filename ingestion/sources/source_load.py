"""One load of one source: prepared, read, stored, and what it brought.

Which sources are loaded, and in what order, is decided in `loading.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING

from ingestion.quarantine.journal import Journal
from ingestion.raw import create_source_tables
from ingestion.sources.client import Client
from ingestion.sources.exports import ExportFolder
from ingestion.sources.landing import Landed, Landing, landed_tables, remove_unfinished
from ingestion.sources.model import Connector, Resource, Window
from ingestion.sources.promotion import Promotion, promote
from ingestion.warehouse import connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

# Records are told apart within this much memory; what does not fit is spilled to disk.
PROMOTION_MEMORY = "400MB"

MakeClient = Callable[[Connector, "Settings"], Client | ExportFolder]


def open_source(connector: Connector, settings: Settings) -> Client | ExportFolder:
    """The connection to a vendor: its API, or the folder it leaves files in."""
    return ExportFolder(connector, settings) if connector.files else Client(connector, settings)


@dataclass(frozen=True, slots=True)
class ResourceOutcome:
    """What one resource brought."""

    table: str
    promotion: Promotion
    cursor: str | None


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """What a load of one source did.

    Args:
        source: name of the connector.
        resources: what was loaded; empty when the source failed.
        request_count: requests sent.
        problem: why it failed, None when it did not.
    """

    source: str
    resources: tuple[ResourceOutcome, ...] = ()
    request_count: int = 0
    problem: str | None = None

    def and_then(self, later: SourceOutcome | None) -> SourceOutcome:
        """The outcome of two loads of the source, one after the other."""
        if later is None or later.problem:
            return later or self
        requests = self.request_count + later.request_count
        return SourceOutcome(self.source, (*self.resources, *later.resources), requests)


@dataclass(frozen=True, slots=True)
class SourceLoad:
    """One load of one source: prepared and stored with the warehouse open, read without it."""

    settings: Settings
    connector: Connector
    coming: Landing
    make_client: MakeClient
    clients: list[Client | ExportFolder] = field(default_factory=list)
    stopped: Event = field(default_factory=Event)

    @property
    def name(self) -> str:
        """Name of the source."""
        return self.connector.name

    def prepare(self, connection: DuckDBPyConnection) -> None:
        """Make its tables, finish what an interrupted run left, and fetch the cursors."""
        create_source_tables(connection, self.connector)
        remove_unfinished(connection, self.connector)
        # A run that was interrupted between landing and promotion left complete records.
        _promote_all(connection, self.connector, {})
        self.coming.recall(connection)

    def read(self, chosen: Sequence[Resource], window: Window) -> int:
        """Read the vendor; the number of requests that took."""
        client = self.make_client(self.connector, self.settings)
        self.clients.append(client)
        if self.stopped.is_set():
            client.stop()
        try:
            self.coming.read(chosen, client, window)
        finally:
            client.close()
        return client.request_count

    def stop(self) -> None:
        """End a read that still goes on, or is about to begin; without one, nothing."""
        self.stopped.set()
        for client in self.clients:
            client.stop()

    def store(self, request_count: int) -> SourceOutcome:
        """Bring what was read into the warehouse."""
        with connect(self.settings) as connection:
            read = {landed.table: landed for landed in self.coming.store(connection)}
            done = _promote_all(connection, self.connector, read)
            Journal(connection, self.settings.quarantine_decisions).recall()
        return SourceOutcome(self.connector.name, tuple(done), request_count)


def _promote_all(
    connection: DuckDBPyConnection, connector: Connector, read: dict[str, Landed]
) -> list[ResourceOutcome]:
    """Promote what was read just now, even when it was nothing, and what an interrupted run left landed."""
    connection.execute(f"set memory_limit = '{PROMOTION_MEMORY}'")
    done = []
    landed = landed_tables(connection, connector)
    for resource in connector.resources:
        name = resource.table.name
        is_landed = name in landed
        is_waiting = is_landed and connection.execute(f'select 1 from {connector.landing}."{name}" limit 1').fetchone()
        if name in read or is_waiting:
            found = read.get(name) or Landed(name, 0, None)
            promotion = promote(
                connection, connector, resource.table, found.cursor, remarks=found.remarks, is_landed=is_landed
            )
            done.append(ResourceOutcome(name, promotion, found.cursor))
    return done


def remember_failure(settings: Settings, connector: Connector, problem: str) -> None:
    """Keep in `ops.loads` why a source could not be loaded."""
    with connect(settings) as connection:
        connection.execute(
            "insert into ops.loads (load_seq, source, status, delivered_count, accepted_count, quarantined_count, "
            "unchanged_count, message, loaded_at) "
            "select coalesce(max(load_seq), 0) + 1, ?, 'failed', 0, 0, 0, 0, ?, cast(now() as timestamp) "
            "from ops.loads",
            [connector.name, problem],
        )
