"""Raw assets: one per entity of the contract, filled from the inbox in one step.

How files are read lives in `ingestion/files/`; this module only tells Dagster about the tables.
"""

from collections.abc import Iterator

import dagster as dg

from ingestion.contract import ENTITIES, Entity, Pii
from ingestion.settings import Settings
from orchestration.assets.labels import entity_class
from orchestration.resources import RunClock

POOL = "warehouse"
OWNER = "team:data-engineering"
LOADS = dg.AssetKey(["ops", "loads"])
REJECTED_ROWS = dg.AssetKey(["quarantine", "rejected_rows"])
MESSAGES = "messages"


def raw_table(key: dg.AssetKey) -> str:
    """Table an asset key of this module stands for, as `schema.table`."""
    return ".".join(key.path)


def raw_key(entity: Entity) -> dg.AssetKey:
    """Asset key of the entity's raw table; dbt's source of the same name points at it."""
    return dg.AssetKey(["raw_files", entity.table])


def _raw_spec(entity: Entity) -> dg.AssetSpec:
    columns = [
        dg.TableColumn(
            column.name,
            column.type.duckdb,
            column.description,
            constraints=dg.TableColumnConstraints(nullable=not column.required),
            tags={"pii": column.pii.value},
        )
        for column in entity.columns
    ]
    return dg.AssetSpec(
        raw_key(entity),
        description=f"{entity.description} As delivered in `inbox/{entity.path}/`, every version kept.",
        group_name="raw",
        owners=[OWNER],
        kinds={"duckdb", "file"},
        tags={"domain": entity.domain, "pii": entity_class(entity).value, "layer": "raw"},
        metadata={
            "dagster/column_schema": dg.TableSchema(columns),
            "dagster/table_name": f"raw_files.{entity.table}",
            "inbox_folder": f"inbox/{entity.path}/",
        },
        skippable=True,
    )


def _book_spec(key: dg.AssetKey, description: str, *, pii: Pii) -> dg.AssetSpec:
    return dg.AssetSpec(
        key,
        description=description,
        group_name="raw",
        owners=[OWNER],
        kinds={"duckdb"},
        tags={"layer": "raw", "domain": key.path[0], "pii": pii.value},
        metadata={"dagster/table_name": raw_table(key)},
        skippable=True,
    )


RAW_SPECS = [
    *(_raw_spec(entity) for entity in ENTITIES),
    _book_spec(LOADS, "One row per file or resource of a source loaded, with its counts.", pii=Pii.NONE),
    _book_spec(REJECTED_ROWS, "One row per delivered row that breaks the contract, with the reason.", pii=Pii.DIRECT),
]


@dg.multi_asset(name="inbox", specs=RAW_SPECS, can_subset=True, pool=POOL)
def inbox(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings], clock: RunClock
) -> Iterator[dg.MaterializeResult]:
    """Load every new file of the inbox; a file is loaded once, a rejected one is tried again."""
    from ingestion.files.inbox import load_inbox
    from ingestion.warehouse import connect
    from orchestration.loading import require_data, table_row_counts
    from quality.adapter.session import import_ahead

    import_ahead()  # what the first gate needs is read while files and vendors are
    run = clock.foresee(settings, context.run_id, loads=True)
    report = load_inbox(settings)
    for message in report.all_messages:
        context.log.warning(message)
    require_data(settings, report, run)
    clock.begin(settings, context.run_id, loads=True)  # a date that is refused takes no other's place
    with connect(settings, read_only=True) as connection:
        counts = table_row_counts(connection)
    for key in sorted(context.selected_asset_keys, key=lambda key: key.to_user_string()):
        metadata: dict[str, object] = {"dagster/row_count": counts[raw_table(key)]}
        if key == LOADS:
            metadata |= {
                "files_loaded": report.loaded,
                "files_skipped": report.skipped,
                "files_rejected": report.rejected,
                MESSAGES: list(report.all_messages),
            }
        yield dg.MaterializeResult(asset_key=key, metadata=metadata)
