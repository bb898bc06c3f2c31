"""Raw assets of the connectors: one per raw table, filled from the vendors' APIs in one step.

How a vendor is read lives in `ingestion/sources/`; this module only tells Dagster about the tables. A source that fails
does not stop the others nor what is built from what is there: `every_source_was_loaded` makes the run fail for it.
"""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from ingestion.settings import Settings
from ingestion.sources.fields import raw_type
from ingestion.sources.model import Connector, RawTable
from ingestion.sources.registry import CONNECTORS
from orchestration.assets.labels import strictest
from orchestration.assets.raw import LOADS, OWNER, POOL
from orchestration.resources import RunClock

STALE_AFTER = timedelta(hours=36)


def source_key(connector: Connector, table: RawTable) -> dg.AssetKey:
    """Asset key of a connector's raw table; dbt's source of the same name points at it."""
    return dg.AssetKey([connector.schema, table.name])


def source_assets(settings: Settings) -> dg.AssetsDefinition:
    """The raw assets of all connectors as one step; sources without credentials deliver nothing and do not fail."""
    specs = [
        _spec(connector, resource.table, is_configured=connector.is_configured(settings))
        for connector in CONNECTORS
        for resource in connector.resources
    ]

    @dg.multi_asset(name="sources", specs=specs, can_subset=True, pool=POOL)
    def sources(
        context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], clock: RunClock
    ) -> Iterator[dg.MaterializeResult]:
        """Load what is new at every configured source."""
        from ingestion.sources.loading import load_sources
        from ingestion.sources.status import read_source_status

        clock.begin(settings, context.run.run_id, loads=True)
        chosen = [connector for connector in CONNECTORS if _is_selected(connector, context.selected_asset_keys)]
        for outcome in load_sources(settings, chosen, window=clock.window(settings)):
            if outcome.problem:
                context.log.error(f"{outcome.source}: {outcome.problem}")
        found = {(one.source, one.table): one for one in read_source_status(settings)}
        for connector in chosen:
            for resource in connector.resources:
                key = source_key(connector, resource.table)
                if key in context.selected_asset_keys:
                    status = found[connector.name, resource.table.name]
                    yield dg.MaterializeResult(asset_key=key, metadata=status.figures())

    return sources


@dg.asset_check(
    asset=LOADS,
    name="every_source_was_loaded",
    additional_deps=[
        source_key(connector, resource.table) for connector in CONNECTORS for resource in connector.resources
    ],
    pool=POOL,
)
def every_source_was_loaded(settings: dg.ResourceParam[Settings]) -> dg.AssetCheckResult:
    """The last load of every configured source succeeded; otherwise the run is not green."""
    from ingestion.sources.status import failed_sources

    failed = failed_sources(settings)
    if failed:
        problems = "; ".join(f"{source}: {problem}" for source, problem in failed.items())
        raise dg.Failure(description=f"Sources that could not be loaded: {problems}", allow_retries=False)
    return dg.AssetCheckResult(passed=True)


def _is_selected(connector: Connector, selected: set[dg.AssetKey]) -> bool:
    return any(source_key(connector, resource.table) in selected for resource in connector.resources)


def _spec(connector: Connector, table: RawTable, *, is_configured: bool) -> dg.AssetSpec:
    columns = [
        dg.TableColumn(
            field.name,
            raw_type(field),
            field.description,
            constraints=dg.TableColumnConstraints(nullable=not field.required),
            tags={"pii": field.pii.value},
        )
        for field in table.fields
    ]
    freshness = dg.FreshnessPolicy.time_window(fail_window=STALE_AFTER) if is_configured else None
    return dg.AssetSpec(
        source_key(connector, table),
        description=f"{table.description} As delivered by its API {connector.api_version}, every version kept.",
        group_name="raw",
        owners=[OWNER],
        kinds={"duckdb", "dlt"},
        tags={
            "domain": connector.domain,
            "source": connector.name,
            "pii": strictest(field.pii for field in table.fields).value,
            "layer": "raw",
        },
        metadata={
            "dagster/column_schema": dg.TableSchema(columns),
            "dagster/table_name": f"{connector.schema}.{table.name}",
            "configured": is_configured,
        },
        freshness_policy=freshness,
        skippable=True,
    )
