"""The code location: assembles what the other modules define. No rule, no I/O and no environment read at import."""

from __future__ import annotations

import dagster as dg

from ingestion.settings import Settings, load_settings
from orchestration.assets.dbt import all_layer_assets
from orchestration.assets.labels import with_links
from orchestration.assets.raw import inbox
from orchestration.assets.run_report import run_report
from orchestration.assets.serving import serving_assets
from orchestration.assets.sources import every_source_was_loaded, source_assets
from orchestration.automation import all_jobs, all_schedules, all_sensors
from orchestration.checks import all_gate_checks
from orchestration.garbage import collect_seldom
from orchestration.parsed_project import dbt_project
from orchestration.resources import RunClock, dbt_resource


def build_definitions(settings: Settings) -> dg.Definitions:
    """All definitions for the given settings."""
    project = dbt_project(settings)
    layers = all_layer_assets(project)
    marts = [key for layer in layers.values() for key in layer.keys if key.path[0] == "marts"]
    sources = source_assets(settings)
    return dg.Definitions(
        assets=with_links(settings, [sources, inbox, *layers.values(), *serving_assets(settings, marts), run_report]),
        asset_checks=[every_source_was_loaded, *all_gate_checks(inbox.keys | sources.keys, layers)],
        jobs=all_jobs(),
        schedules=all_schedules(settings),
        sensors=all_sensors(settings),
        resources={"settings": settings, "clock": RunClock(), "dbt": dbt_resource(project, settings)},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster loads."""
    collect_seldom()
    return build_definitions(load_settings())
