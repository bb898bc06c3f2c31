"""The sources' front door: load what is new, source by source, and say what happened.

A source that fails is reported and remembered; the others are loaded all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingestion.quarantine.journal import Journal
from ingestion.raw import create_source_tables
from ingestion.sources.client import Client
from ingestion.sources.errors import NotConfiguredError, SourceError
from ingestion.sources.exports import ExportFolder
from ingestion.sources.landing import Landed, Landing, landed_tables, remove_unfinished, working_folder
from ingestion.sources.model import Connector, Resource, Window
from ingestion.sources.promotion import Promotion, promote
from ingestion.sources.reading import pages_of
from ingestion.sources.registry import CONNECTORS
from ingestion.warehouse import connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

# Records are told apart within this much memory; what does not fit is spilled to disk.
PROMOTION_MEMORY = "400MB"

# Sources read at the same time; each holds a page or two in memory.
READERS = 2

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
class ReadAgain:
    """What a run reads again besides what is new.

    Args:
        window: what changed in it is read.
        is_wanted: of which resources; all by default.
    """

    window: Window
    is_wanted: Callable[[Connector, Resource], bool] = lambda _connector, _resource: True


def load_sources(
    settings: Settings, connectors: Iterable[Connector] = CONNECTORS, *, again: ReadAgain | None = None
) -> list[SourceOutcome]:
    """Load what is new at every configured source; those without credentials are left out.

    While one source is stored, the next ones are read.

    Args:
        settings: credentials, and where the warehouse is.
        connectors: the sources.
        again: what is read again after that; it moves no cursor.

    Returns:
        What became of each, failures included.

    Raises:
        WarehouseLockedError: when another process holds the warehouse.
    """
    configured = [one for one in connectors if one.is_configured(settings)]
    new = _load_side_by_side(settings, [(one, one.resources, Window()) for one in configured])
    if again is None:
        return new
    readable = [one for one, outcome in zip(configured, new, strict=True) if outcome.problem is None]
    wanted = {one: [each for each in one.resources if again.is_wanted(one, each)] for one in readable}
    old = _load_side_by_side(settings, [(one, chosen, again.window) for one, chosen in wanted.items() if chosen])
    by_source = {outcome.source: outcome for outcome in old}
    return [outcome.and_then(by_source.get(outcome.source)) for outcome in new]


def load_source(
    settings: Settings,
    connector: Connector,
    *,
    tables: Sequence[str] = (),
    window: Window | None = None,
    make_client: MakeClient = open_source,
) -> SourceOutcome:
    """Load one source.

    Args:
        settings: credentials, and where the warehouse is.
        connector: the source.
        tables: resources to read, all when empty.
        window: read only what changed in it; the cursor stays where it is.
        make_client: how the connection is made.

    Raises:
        NotConfiguredError: when credentials are missing.
        SourceError: when the vendor cannot be read; it is remembered in `ops.loads`, the cursor has not moved.
        WarehouseLockedError: when another process holds the warehouse.
    """
    require_configured(settings, connector)
    chosen = [connector.resource(table) for table in tables] or connector.resources
    with working_folder(settings) as folder:
        load = _Load(settings, connector, Landing(connector, folder), make_client)
        with connect(settings) as connection:
            load.prepare(connection)
        try:
            request_count = load.read(chosen, window or Window())
        except SourceError as error:
            _remember_failure(settings, connector, str(error))
            raise
        return load.store(request_count)


@dataclass(frozen=True, slots=True)
class _Load:
    """One load of one source: prepared and stored with the warehouse open, read without it."""

    settings: Settings
    connector: Connector
    coming: Landing
    make_client: MakeClient
    clients: list[Client | ExportFolder] = field(default_factory=list)

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
        try:
            self.coming.read(chosen, client, window)
        finally:
            client.close()
        return client.request_count

    def stop(self) -> None:
        """End a read that still goes on; without one, nothing."""
        for client in self.clients:
            client.stop()

    def store(self, request_count: int) -> SourceOutcome:
        """Bring what was read into the warehouse."""
        with connect(self.settings) as connection:
            read = {landed.table: landed for landed in self.coming.store(connection)}
            done = _promote_all(connection, self.connector, read)
            Journal(connection, self.settings.quarantine_decisions).recall()
        return SourceOutcome(self.connector.name, tuple(done), request_count)


def _load_side_by_side(
    settings: Settings, wanted: Sequence[tuple[Connector, Sequence[Resource], Window]]
) -> list[SourceOutcome]:
    """Load several sources: some are read while another one is stored; they are stored in their order."""
    with working_folder(settings) as folder, ThreadPoolExecutor(READERS) as readers:
        loads = [_Load(settings, one, Landing(one, folder / one.name), open_source) for one, _, _ in wanted]
        if loads:
            with connect(settings) as connection:
                for load in loads:
                    load.prepare(connection)
        reads = [
            readers.submit(load.read, chosen, window) for load, (_, chosen, window) in zip(loads, wanted, strict=True)
        ]
        try:
            return [_stored(load, read) for load, read in zip(loads, reads, strict=True)]
        finally:
            for read, load in zip(reads, loads, strict=True):
                read.cancel()
                load.stop()


def _stored(load: _Load, read: Future[int]) -> SourceOutcome:
    try:
        request_count = read.result()
    except SourceError as error:
        _remember_failure(load.settings, load.connector, str(error))
        return SourceOutcome(load.connector.name, problem=str(error))
    return load.store(request_count)


def check_source(settings: Settings, connector: Connector, *, make_client: MakeClient = open_source) -> dict[str, int]:
    """Read one page of every resource without loading anything: do the credentials and their scopes suffice?

    Returns:
        Records on the first page, by resource.

    Raises:
        NotConfiguredError: when credentials are missing.
        SourceError: when the vendor cannot be read.
    """
    require_configured(settings, connector)
    client = make_client(connector, settings)
    try:
        return {
            resource.table.name: len(next(pages_of(resource, client, Window()), ())) for resource in connector.resources
        }
    finally:
        client.close()


def require_configured(settings: Settings, connector: Connector) -> None:
    """Raise NotConfiguredError, naming what to set, when credentials are missing."""
    missing = connector.missing(settings)
    if missing:
        lines = "\n".join(f"  {one.variable}: {one.description}" for one in missing)
        raise NotConfiguredError(f"{connector.title} is not configured. Set in the environment or `.env`:\n{lines}")


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


def _remember_failure(settings: Settings, connector: Connector, problem: str) -> None:
    with connect(settings) as connection:
        connection.execute(
            "insert into ops.loads (load_seq, source, status, delivered_count, accepted_count, quarantined_count, "
            "unchanged_count, message, loaded_at) "
            "select coalesce(max(load_seq), 0) + 1, ?, 'failed', 0, 0, 0, 0, ?, cast(now() as timestamp) "
            "from ops.loads",
            [connector.name, problem],
        )
