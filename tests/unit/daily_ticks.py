"""The daily schedule with a job that only says for which day it ran: what a daemon under test loads."""

import dagster as dg

from orchestration.jobs import DAILY, daily_schedule


@dg.resource(config_schema=dict)
def clock(context: dg.InitResourceContext) -> dict[str, object]:
    """The configuration the schedule gives."""
    return dict(context.resource_config)


@dg.op(required_resource_keys={"clock"})
def say_the_day(context: dg.OpExecutionContext) -> None:
    """Write the day into the event log."""
    context.log_event(dg.AssetObservation("day", metadata={"as_of": context.resources.clock["as_of"]}))


@dg.job(name=DAILY, executor_def=dg.in_process_executor, resource_defs={"clock": clock})
def daily() -> None:
    """One step."""
    say_the_day()


defs = dg.Definitions(jobs=[daily], schedules=[daily_schedule("Europe/Berlin", running=True, catches_up=True)])
