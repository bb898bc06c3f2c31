"""Everything that runs by itself or on request, in one place: jobs, schedules, sensors."""

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from ingestion.settings import Settings
from orchestration.instance_state import schedules_are_on
from orchestration.jobs import daily_schedule, pipeline_jobs
from orchestration.maintenance.job import maintenance_job, maintenance_schedule
from orchestration.sensors import watching_sensors
from orchestration.verification.job import verification_job, verification_sensor


def all_jobs() -> list[dg.JobDefinition | UnresolvedAssetJobDefinition]:
    """The jobs of the pipeline, maintenance and verification."""
    return [*pipeline_jobs(), maintenance_job, verification_job]


def all_schedules(settings: Settings) -> list[dg.ScheduleDefinition]:
    """The daily run, on in the demo too, and maintenance."""
    return [
        daily_schedule(settings.timezone, running=schedules_are_on(settings)),
        maintenance_schedule(settings.timezone, running=settings.schedules_on),
    ]


def all_sensors(settings: Settings) -> list[dg.SensorDefinition]:
    """What watches, and what starts the verification after a daily run."""
    return [*watching_sensors(), verification_sensor(running=settings.schedules_on)]
