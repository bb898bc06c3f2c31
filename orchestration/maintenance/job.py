"""The job `maintenance` and when it ticks: after a backup nothing that follows can lose anything."""

from dataclasses import asdict

import dagster as dg

from ingestion.settings import Settings
from orchestration.assets.raw import POOL
from orchestration.maintenance.backup import back_up
from orchestration.maintenance.compaction import compact
from orchestration.maintenance.retention import drop_history
from orchestration.run_lock import hold_run_lock

MAINTENANCE = "maintenance"
HOUR = 7


@dg.op(pool=POOL, out=dg.Out(dg.Nothing), description="Copies the warehouse, reads the copy back and compares it.")
def backup(context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]) -> None:
    """Back the warehouse up."""
    hold_run_lock(settings, context.run_id)
    made = back_up(settings)
    context.add_output_metadata(
        {"backup": dg.MetadataValue.path(made.path), "bytes": made.bytes, "tables_compared": made.tables}
    )


@dg.op(
    pool=POOL,
    ins={"after": dg.In(dg.Nothing)},
    out=dg.Out(dg.Nothing),
    description="Rebuilds the warehouse file when LIFECYCLE_BLOAT_SHARE of it is empty.",
)
def compaction(context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]) -> None:
    """Rebuild the file if need be."""
    hold_run_lock(settings, context.run_id)
    done = compact(settings)
    context.add_output_metadata(
        {
            "rebuilt": done.is_rebuilt,
            "free_share": done.free_share,
            "bytes_before": done.bytes_before,
            "bytes_after": done.bytes_after,
        }
    )


@dg.op(
    pool=POOL,
    ins={"after": dg.In(dg.Nothing)},
    out=dg.Out(dg.Nothing),
    description="Drops runs, run reports, alerts and verdicts of the gates older than LIFECYCLE_HISTORY_DAYS.",
)
def retention(context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]) -> None:
    """Drop old history."""
    hold_run_lock(settings, context.run_id)
    context.add_output_metadata(asdict(drop_history(settings, context.instance)))


@dg.job(name=MAINTENANCE, description="Back up, rebuild a bloated file, drop old history.", tags={"kind": "upkeep"})
def maintenance_job() -> None:
    """One step after the other."""
    retention(after=compaction(after=backup()))


def maintenance_schedule(timezone: str, *, running: bool) -> dg.ScheduleDefinition:
    """Sunday mornings after the daily run.

    Args:
        timezone: business time zone.
        running: whether the schedule is on without anybody switching it on.
    """
    return dg.ScheduleDefinition(
        job=maintenance_job,
        name="maintenance_on_sundays",
        cron_schedule=f"0 {HOUR} * * 0",
        execution_timezone=timezone,
        default_status=dg.DefaultScheduleStatus.RUNNING if running else dg.DefaultScheduleStatus.STOPPED,
        description="Backup, rebuild of a bloated file, retention.",
    )
