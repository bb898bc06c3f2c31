"""The job `verification` and what starts it: every daily run that succeeded, once, when nothing else runs."""

import dagster as dg

from ingestion.settings import Settings
from orchestration.assets.raw import POOL
from orchestration.instance_state import DAILY
from orchestration.report.document import latest_report
from orchestration.run_lock import hold_run_lock, run_lock_holder
from orchestration.verification.sample import PARTS, PEOPLE, verify

VERIFICATION = "verification"


@dg.op(
    pool=POOL,
    out=dg.Out(dg.Nothing),
    description=f"Compares a {PARTS}th of the events and {PEOPLE:,} groups of identifiers with what a full refresh "
    "would build of them; fails when anything differs.",
)
def compare_with_full_refresh(context: dg.OpExecutionContext, settings: dg.ResourceParam[Settings]) -> None:
    """Compare the sample of the day."""
    hold_run_lock(settings, context.run_id)
    context.add_output_metadata({one.table: one.row_count for one in verify(settings)})


@dg.job(
    name=VERIFICATION,
    description="Compare a sample of what the daily runs have built with what a full refresh would build.",
    tags={"kind": "upkeep"},
)
def verification_job() -> None:
    """One step."""
    compare_with_full_refresh()


def verification_sensor(*, running: bool) -> dg.SensorDefinition:
    """Starts the job after a daily run.

    Args:
        running: whether the sensor is on without anybody switching it on.
    """

    @dg.sensor(
        name="built_daily",
        job=verification_job,
        minimum_interval_seconds=60,
        default_status=dg.DefaultSensorStatus.RUNNING if running else dg.DefaultSensorStatus.STOPPED,
        description="Starts `verification` once after each daily run that succeeded.",
    )
    def built_daily(
        context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
    ) -> dg.RunRequest | dg.SkipReason:
        succeeded = dg.RunsFilter(job_name=DAILY, statuses=[dg.DagsterRunStatus.SUCCESS])
        latest = context.instance.get_runs(succeeded, limit=1)
        if not latest:
            return dg.SkipReason("no daily run has succeeded yet")
        if run_lock_holder(settings):
            return dg.SkipReason("a run is in progress")
        report = latest_report(settings)
        if report is None or report["run_id"] != latest[0].run_id:
            return dg.SkipReason("another run has worked on the warehouse since")
        return dg.RunRequest(run_key=latest[0].run_id)

    return built_daily
