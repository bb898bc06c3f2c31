"""Collecting the report of a run from Dagster's events, the warehouse and the published generations."""

from __future__ import annotations

import resource
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from orchestration.alerts.wording import fit_to_leave
from orchestration.causes import causes_of
from orchestration.publish.generation import read_manifest
from orchestration.publish.pointer import served_generation
from orchestration.report.changes import changes_for_readers
from orchestration.report.figures import read_figures
from orchestration.report.reconciliation import reconcile
from orchestration.wall_clock import utc_now

if TYPE_CHECKING:
    import dagster as dg

    from ingestion.settings import Settings
    from orchestration.report.reconciliation import Reconciliation
    from orchestration.run_context import RunContext

KILOBYTE = 1024  # what the operating system counts peak memory in


def collect_report(
    settings: Settings, instance: dg.DagsterInstance, context: RunContext, without: dg.AssetKey
) -> tuple[dict[str, Any], Reconciliation]:
    """The report of the run that is about to end, and what it was asked for beside what it did.

    Args:
        settings: the data directory.
        instance: where the run's events are.
        context: the run.
        without: the asset that asks, which is not done yet.
    """
    events = [log.dagster_event for log in instance.all_logs(context.run_id) if log.dagster_event]
    record = instance.get_run_record_by_id(context.run_id)
    started = datetime.fromtimestamp((record and record.start_time) or utc_now().timestamp(), UTC)
    ended = utc_now()
    reconciliation = reconcile(events, without)
    causes = causes_of(events)
    generation = served_generation(settings.serving)
    is_new = generation is not None and read_manifest(settings.serving, generation).run_id == context.run_id
    report = {
        "run_id": context.run_id,
        "job": record.dagster_run.job_name if record else "",
        "started_at": started.isoformat(),
        "ended_at": ended.isoformat(),
        "seconds": round((ended - started).total_seconds(), 1),
        "succeeded": not reconciliation.missing and not reconciliation.has_failed,
        "generation": generation,
        "is_new_generation": is_new,
        "reconciliation": asdict(reconciliation),
        "causes": [{"place": cause.place, "message": fit_to_leave(settings, cause.tellable)} for cause in causes],
        "steps": _steps(instance, context.run_id),
        "peak_memory_bytes": {
            "run": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTE,
            "largest_child": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * KILOBYTE,
        },
        **read_figures(settings, context),
        "changes": changes_for_readers(settings) if is_new else None,
    }
    return report, reconciliation


def _steps(instance: dg.DagsterInstance, run_id: str) -> list[dict[str, Any]]:
    """Steps that have ended, in the order they began."""
    ended = [step for step in instance.get_run_step_stats(run_id) if step.start_time and step.end_time and step.status]
    return [
        {"step": step.step_key, "status": step.status.value, "seconds": round(step.end_time - step.start_time, 1)}
        for step in sorted(ended, key=lambda step: step.start_time)
    ]
