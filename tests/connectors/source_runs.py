"""Runs of the step that loads the sources, with its check and without the rest of the pipeline."""

from __future__ import annotations

from pathlib import Path

import dagster as dg
from dagster._core.storage.tags import ASSET_PARTITION_RANGE_END_TAG, ASSET_PARTITION_RANGE_START_TAG

from ingestion.raw import create_raw_tables
from ingestion.settings import Settings
from ingestion.warehouse import connect
from orchestration.assets.raw import LOADS
from orchestration.assets.sources import every_source_was_loaded, source_assets
from orchestration.resources import RunClock
from orchestration.run_lock import release_run_lock


def sources_job(settings: Settings) -> dg.JobDefinition:
    """The step of the sources and its check, with the books as they are."""

    @dg.asset(key=LOADS)
    def loads() -> None:
        with connect(settings) as connection:
            create_raw_tables(connection)

    return dg.Definitions(
        assets=[source_assets(settings), loads],
        asset_checks=[every_source_was_loaded],
        jobs=[dg.define_asset_job("sources_only", selection=dg.AssetSelection.all())],
        resources={"settings": settings, "clock": RunClock()},
        executor=dg.in_process_executor,
    ).resolve_job_def("sources_only")


def run(settings: Settings, home: Path, days: tuple[str, str] | None = None) -> dg.ExecuteInProcessResult:
    """One run, for the days from the first to the last given, or for none."""
    names = (ASSET_PARTITION_RANGE_START_TAG, ASSET_PARTITION_RANGE_END_TAG)
    tags = dict(zip(names, days, strict=True)) if days else {}
    with dg.DagsterInstance.local_temp(str(home)) as instance:
        result = sources_job(settings).execute_in_process(instance=instance, tags=tags, raise_on_error=False)
    release_run_lock(settings, result.run_id)
    return result
