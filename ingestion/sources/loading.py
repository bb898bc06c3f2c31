"""The sources' front door: load what is new, a source being stored while the next ones are read, and say what happened.

A source that fails is reported and remembered; the others are loaded all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestion.sources.errors import NotConfiguredError, SourceError
from ingestion.sources.landing import Landing, working_folder
from ingestion.sources.model import Connector, Resource, Window
from ingestion.sources.reading import pages_of
from ingestion.sources.registry import CONNECTORS
from ingestion.sources.source_load import MakeClient, SourceLoad, SourceOutcome, open_source, remember_failure
from ingestion.warehouse import connect

if TYPE_CHECKING:
    from ingestion.settings import Settings

# Sources read at the same time; each holds some pages in memory: those read ahead, the one in hand, and its texts.
READERS = 2


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
    wanted = [(one, [each for each in one.resources if again.is_wanted(one, each)], again.window) for one in readable]
    old = _load_side_by_side(settings, [one for one in wanted if one[1]])
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
        load = SourceLoad(settings, connector, Landing(connector, folder), make_client)
        with connect(settings) as connection:
            load.prepare(connection)
        try:
            request_count = load.read(chosen, window or Window())
        except SourceError as error:
            remember_failure(settings, connector, str(error))
            raise
        return load.store(request_count)


def _load_side_by_side(
    settings: Settings, wanted: Sequence[tuple[Connector, Sequence[Resource], Window]]
) -> list[SourceOutcome]:
    """Load several sources: some are read while another one is stored; they are stored in their order."""
    with working_folder(settings) as folder, ThreadPoolExecutor(READERS) as readers:
        loads = [SourceLoad(settings, one, Landing(one, folder / one.name), open_source) for one, _, _ in wanted]
        problems = _prepared(settings, loads)
        reads = {
            load.name: readers.submit(load.read, chosen, window)
            for load, (_, chosen, window) in zip(loads, wanted, strict=True)
            if load.name not in problems
        }
        try:
            return [problems.get(load.name) or _stored(load, reads[load.name]) for load in loads]
        finally:
            for read in reads.values():
                read.cancel()
            for load in loads:
                load.stop()


def _prepared(settings: Settings, loads: Sequence[SourceLoad]) -> dict[str, SourceOutcome]:
    """Prepare the loads; those that cannot be, with why."""
    problems: dict[str, SourceError] = {}
    if loads:
        with connect(settings) as connection:
            for load in loads:
                try:
                    load.prepare(connection)
                except SourceError as error:
                    problems[load.name] = error
    return {load.name: _failed(load, problems[load.name]) for load in loads if load.name in problems}


def _stored(load: SourceLoad, read: Future[int]) -> SourceOutcome:
    try:
        return load.store(read.result())
    except SourceError as error:
        return _failed(load, error)


def _failed(load: SourceLoad, error: SourceError) -> SourceOutcome:
    remember_failure(load.settings, load.connector, str(error))
    return SourceOutcome(load.connector.name, problem=str(error))


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
