"""All schedules, and which of them tick without anybody switching them on."""

import dagster as dg

from ingestion.settings import Settings
from orchestration.instance_state import schedules_are_on
from orchestration.jobs import daily_schedule
from orchestration.maintenance.job import maintenance_schedule


def all_schedules(settings: Settings) -> list[dg.ScheduleDefinition]:
    """The daily run, on in the demo too, and maintenance."""
    return [
        daily_schedule(settings.timezone, running=schedules_are_on(settings)),
        maintenance_schedule(settings.timezone, running=settings.schedules_on),
    ]
