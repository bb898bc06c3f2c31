"""Where the sources stand: configured or not, last load, records, cursor. Reads `ops.loads` and the raw tables only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ingestion.sources.registry import CONNECTORS
from ingestion.warehouse import connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """State of one resource of a source.

    Args:
        source: connector.
        table: raw table.
        is_configured: whether its credentials are set.
        row_count: stored versions.
        loaded_at: when it was last loaded, UTC; None when never.
        accepted: records the last load accepted.
        quarantined: records the last load quarantined.
        cursor: where the next load goes on, UTC; None for resources that are always read in full.
        problem: why the last load of the source failed, None when it did not.
    """

    source: str
    table: str
    is_configured: bool
    row_count: int = 0
    loaded_at: datetime | None = None
    accepted: int = 0
    quarantined: int = 0
    cursor: datetime | None = None
    problem: str | None = None

    @property
    def lag(self) -> timedelta | None:
        """How far behind its last load the latest change lies; nothing when the source's clock is ahead of ours."""
        return max(self.loaded_at - self.cursor, timedelta(0)) if self.loaded_at and self.cursor else None

    def figures(self) -> dict[str, Any]:
        """What there is to say, by name."""
        figures: dict[str, Any] = {
            "source": self.source,
            "dagster/row_count": self.row_count,
            "configured": self.is_configured,
            "accepted": self.accepted,
            "quarantined": self.quarantined,
        }
        if self.cursor:
            figures["cursor"] = self.cursor.isoformat()
        if self.lag:
            figures["lag_hours"] = round(self.lag.total_seconds() / 3600, 2)
        return figures | ({"problem": self.problem} if self.problem else {})


def read_source_status(settings: Settings) -> list[SourceStatus]:
    """The state of every resource of every connector.

    Raises:
        WarehouseLockedError: when another process holds the warehouse.
    """
    loads, failed = _last_loads(settings), failed_sources(settings)
    found = []
    for connector in CONNECTORS:
        is_configured = connector.is_configured(settings)
        for resource in connector.resources:
            name = resource.table.name
            known = loads.get((connector.name, name), {})
            found.append(SourceStatus(connector.name, name, is_configured, **known, problem=failed.get(connector.name)))
    return found


def failed_sources(settings: Settings) -> dict[str, str]:
    """Configured sources whose last load failed, with the reason."""
    if not settings.warehouse.exists():
        return {}
    with connect(settings, read_only=True) as connection:
        if "ops.loads" not in _tables(connection):
            return {}
        rows = connection.execute(
            "select source, message, status from ops.loads where source <> 'files' "
            "qualify row_number() over (partition by source order by load_seq desc) = 1"
        ).fetchall()
    configured = {connector.name for connector in CONNECTORS if connector.is_configured(settings)}
    return {source: str(message) for source, message, status in rows if status == "failed" and source in configured}


def _last_loads(settings: Settings) -> dict[tuple[str, str], dict[str, Any]]:
    if not settings.warehouse.exists():
        return {}
    with connect(settings, read_only=True) as connection:
        tables = _tables(connection)
        if "ops.loads" not in tables:
            return {}
        rows = connection.execute(
            "select source, entity, loaded_at, accepted_count, quarantined_count, "
            "max(source_cursor) over (partition by source, entity) from ops.loads "
            "where source <> 'files' and status = 'loaded' "
            "qualify row_number() over (partition by source, entity order by load_seq desc) = 1"
        ).fetchall()
        counts = {
            (connector.name, resource.table.name): connection.execute(
                f'select count(*) from {connector.schema}."{resource.table.name}"'
            ).fetchall()[0][0]
            for connector in CONNECTORS
            for resource in connector.resources
            if f"{connector.schema}.{resource.table.name}" in tables
        }
    known: dict[tuple[str, str], dict[str, Any]] = {key: {"row_count": count} for key, count in counts.items()}
    for source, table, loaded_at, accepted, quarantined, cursor in rows:
        known.get((source, table), {}).update(
            loaded_at=loaded_at, accepted=accepted, quarantined=quarantined, cursor=cursor
        )
    return known


def _tables(connection: DuckDBPyConnection) -> set[str]:
    """Tables there are as `schema.table`: a source that is new to the warehouse has none before its first load."""
    rows = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    return {name for (name,) in rows}
