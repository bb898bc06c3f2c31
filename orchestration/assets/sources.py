"""Raw assets of the connectors: one per raw table, filled from the vendors' APIs in one step.

How a vendor is read lives in `ingestion/sources/`; this module only tells Dagster about the tables. Tables of events
have days as partitions, and a run may be started for a range of them. A source that fails does not stop the others nor
what is built from what is there: `every_source_was_loaded` makes the run fail for it.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import dagster as dg

from ingestion.settings import Settings
from ingestion.sources.fields import raw_type
from ingestion.sources.loading import ReadAgain, SourceOutcome, load_sources
from ingestion.sources.model import Connector, RawTable, Resource
from ingestion.sources.registry import CONNECTORS
from ingestion.sources.status import SourceStatus, failed_sources, read_source_status
from orchestration.assets.labels import strictest
from orchestration.assets.raw import LOADS, OWNER, POOL, inbox
from orchestration.resources import RunClock
from orchestration.source_days import days_asked, days_completed, source_days
from orchestration.source_window import window_of

STALE_AFTER = timedelta(hours=36)


def source_key(connector: Connector, table: RawTable) -> dg.AssetKey:
    """Asset key of a connector's raw table; dbt's source of the same name points at it."""
    return dg.AssetKey([connector.schema, table.name])


def source_assets(settings: Settings) -> dg.AssetsDefinition:
    """The raw assets of all connectors as one step; sources without credentials deliver nothing and do not fail."""
    specs = [_spec(settings, connector, resource) for connector in CONNECTORS for resource in connector.resources]
    with_days = {spec.key for spec in specs if spec.partitions_def}

    @dg.multi_asset(
        name="sources", specs=specs, can_subset=True, pool=POOL, backfill_policy=dg.BackfillPolicy.single_run()
    )
    def sources(
        context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], clock: RunClock
    ) -> Iterator[dg.MaterializeResult]:
        """Load what is new at every configured source, and the events of the days the run is started for again."""
        begin = clock.foresee if _has_inbox(context) else clock.begin
        begin(settings, context.run.run_id, loads=True)
        selected, days = context.selected_asset_keys, days_asked(context)
        before = _status(settings)
        chosen = [connector for connector in CONNECTORS if _is_selected(connector, selected)]
        failed = {}
        for outcome in load_sources(settings, chosen, again=_again(settings, clock, selected & with_days, days)):
            _tell(context, outcome)
            if outcome.problem:
                failed[outcome.source] = outcome.problem
        unread = set()
        for key, status in _status(settings).items():
            if key not in selected:
                continue
            if status.source in failed and key in with_days and days:
                unread.add(status.source)
                continue
            if status.source not in failed and key in with_days and not days:
                _mark_days(context, settings, key, before[key], status)
            yield dg.MaterializeResult(asset_key=key, metadata=status.figures())
        if unread:
            raise _unread_days({source: failed[source] for source in sorted(unread)})

    return sources


def _has_inbox(context: dg.AssetExecutionContext) -> bool:
    """Whether the run loads the inbox too: that step judges the date, and one it refuses is written by nobody."""
    step, steps = inbox.op.name, context.run.step_keys_to_execute
    return any(node.name == step for node in context.job_def.nodes) and (steps is None or step in steps)


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
    failed = failed_sources(settings)
    if failed:
        raise dg.Failure(description=f"Sources that could not be loaded: {_listed(failed)}", allow_retries=False)
    return dg.AssetCheckResult(passed=True)


def _tell(context: dg.AssetExecutionContext, outcome: SourceOutcome) -> None:
    """What a person should know of a load: why it failed, what is in quarantine or new, which files hold nothing."""
    if outcome.problem:
        context.log.error(f"{outcome.source}: {outcome.problem}")
    for one in outcome.resources:
        if one.promotion.message:
            context.log.warning(f"{outcome.source}.{one.table}: {one.promotion.message}")


def _is_selected(connector: Connector, selected: set[dg.AssetKey]) -> bool:
    return any(source_key(connector, resource.table) in selected for resource in connector.resources)


def _status(settings: Settings) -> dict[dg.AssetKey, SourceStatus]:
    found = {(one.source, one.table): one for one in read_source_status(settings)}
    return {
        source_key(connector, resource.table): found[connector.name, resource.table.name]
        for connector in CONNECTORS
        for resource in connector.resources
    }


def _again(
    settings: Settings, clock: RunClock, events: set[dg.AssetKey], days: tuple[date, date] | None
) -> ReadAgain | None:
    """What is read again: of a window in the run's configuration everything, of days of partitions their events."""
    window = clock.window(settings)
    if window:
        return ReadAgain(window)
    if days is None:
        return None
    return ReadAgain(
        window_of(settings, *days), lambda connector, resource: source_key(connector, resource.table) in events
    )


def _mark_days(
    context: dg.AssetExecutionContext, settings: Settings, key: dg.AssetKey, before: SourceStatus, after: SourceStatus
) -> None:
    """Show the days a load of what is new has completed; Dagster itself knows of those a run was started for."""
    if after.loaded_at is None:
        return
    for day in days_completed(settings, before.loaded_at, after.loaded_at):
        context.log_event(dg.AssetMaterialization(key, partition=day.isoformat(), metadata={"source": after.source}))


def _unread_days(failed: dict[str, str]) -> dg.Failure:
    """Days that could not be read must not look as if they had been, so the step fails and shows them as missing."""
    return dg.Failure(
        description=f"Days could not be read again: {_listed(failed)} What the other sources delivered is loaded; the "
        "next run builds it.",
        allow_retries=False,
    )


def _listed(failed: dict[str, str]) -> str:
    return "; ".join(f"{source}: {problem}" for source, problem in failed.items())


def _spec(settings: Settings, connector: Connector, resource: Resource) -> dg.AssetSpec:
    table, is_configured = resource.table, connector.is_configured(settings)
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
        freshness_policy=dg.FreshnessPolicy.time_window(fail_window=STALE_AFTER) if is_configured else None,
        # Where nothing can be read no day may look as if it had been.
        partitions_def=source_days(settings) if is_configured and resource.is_by_day else None,
        skippable=True,
    )
