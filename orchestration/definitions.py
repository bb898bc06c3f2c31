"""The code location: assembles what the other modules define. No rule, no I/O and no environment read at import."""

from __future__ import annotations

import dagster as dg

from ingestion.settings import Settings, load_settings
from orchestration.assets.dbt import all_layer_assets
from orchestration.assets.labels import with_links
from orchestration.assets.publication import publication_asset
from orchestration.assets.raw import inbox
from orchestration.assets.run_report import run_report
from orchestration.assets.sources import every_source_was_loaded, source_assets
from orchestration.checks import gate_checks
from orchestration.jobs import pipeline_jobs
from orchestration.maintenance.job import maintenance_job
from orchestration.resources import RunClock, dbt_project, dbt_resource
from orchestration.schedules import all_schedules
from orchestration.sensors import all_sensors


def build_definitions(settings: Settings) -> dg.Definitions:
    """All definitions for the given settings."""
    project = dbt_project(settings)
    layers = all_layer_assets(project)
    marts = [key for layer in layers.values() for key in layer.keys if key.path[0] == "marts"]
    sources = source_assets(settings)
    gates = {
        "g1_raw": inbox.keys | sources.keys,
        "g1b_conformed": layers["conformed"].keys,
        "g2_profile": layers["profile"].keys,
        "g2b_population": layers["profile"].keys,
        "g3_marts": layers["marts"].keys,
    }
    return dg.Definitions(
        assets=with_links(settings, [sources, inbox, *layers.values(), publication_asset(marts, settings), run_report]),
        asset_checks=[every_source_was_loaded, *(gate_checks(gate, guarded) for gate, guarded in gates.items())],
        jobs=[*pipeline_jobs(), maintenance_job],
        schedules=all_schedules(settings),
        sensors=all_sensors(),
        resources={"settings": settings, "clock": RunClock(), "dbt": dbt_resource(project)},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """What Dagster loads."""
    return build_definitions(load_settings())
