"""The sources' front door: load what is new, source by source, and say what happened.

A source that fails is reported and remembered; the others are loaded all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingestion.quarantine.journal import Journal
from ingestion.raw import create_source_tables
from ingestion.sources.client import Client
from ingestion.sources.errors import NotConfiguredError, SourceError
from ingestion.sources.exports import ExportFolder
from ingestion.sources.landing import Landed, landed_tables, landing, remove_unfinished
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

    Args:
        settings: credentials, and where the warehouse is.
        connectors: the sources.
        again: what is read again after that; it moves no cursor.

    Returns:
        What became of each, failures included.

    Raises:
        WarehouseLockedError: when another process holds the warehouse.
    """
    outcomes = []
    for connector in connectors:
        if not connector.is_configured(settings):
            continue
        try:
            outcomes.append(_load_and_read_again(settings, connector, again))
        except SourceError as error:
            outcomes.append(SourceOutcome(connector.name, problem=str(error)))
    return outcomes


def _load_and_read_again(settings: Settings, connector: Connector, again: ReadAgain | None) -> SourceOutcome:
    new = load_source(settings, connector)
    wanted = [one.table.name for one in connector.resources if again and again.is_wanted(connector, one)]
    if again is None or not wanted:
        return new
    old = load_source(settings, connector, tables=wanted, window=again.window)
    return replace(new, resources=(*new.resources, *old.resources), request_count=new.request_count + old.request_count)


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
    chosen = [connector.resource(table) for table in tables] or list(connector.resources)
    with landing(connector, settings) as coming:
        with connect(settings) as connection:
            create_source_tables(connection, connector)
            remove_unfinished(connection, connector)
            # A run that was interrupted between landing and promotion left complete records.
            _promote_all(connection, connector, {})
            coming.recall(connection)
        client = make_client(connector, settings)
        try:
            coming.read(chosen, client, window or Window())
        except SourceError as error:
            _remember_failure(settings, connector, str(error))
            raise
        finally:
            client.close()
        with connect(settings) as connection:
            done = _promote_all(connection, connector, {landed.table: landed for landed in coming.store(connection)})
            Journal(connection, settings.quarantine_decisions).recall()
    return SourceOutcome(connector.name, tuple(done), client.request_count)


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
