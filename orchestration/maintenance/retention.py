"""Dropping history nobody reads any more: runs with their events, run reports, alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from orchestration.alerts.outbox import drop_old_alerts
from orchestration.report.document import drop_old_reports
from orchestration.wall_clock import utc_now

if TYPE_CHECKING:
    import dagster as dg

    from ingestion.settings import Settings


@dataclass(frozen=True, slots=True)
class Retention:
    """What was dropped."""

    runs: int
    reports: int
    alerts: int


def drop_history(settings: Settings, instance: dg.DagsterInstance, now: datetime | None = None) -> Retention:
    """Drop what is older than `history_days`; the latest successful run of each job stays, however old."""
    oldest = (now or utc_now()) - timedelta(days=settings.history_days)
    return Retention(
        _drop_runs(instance, oldest), drop_old_reports(settings, oldest), drop_old_alerts(settings, oldest)
    )


def _drop_runs(instance: dg.DagsterInstance, oldest: datetime) -> int:
    import dagster as dg

    ended = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
    kept = {run.job_name: run.run_id for run in reversed(instance.get_runs(dg.RunsFilter(statuses=ended[:1])))}
    old = instance.get_runs(dg.RunsFilter(statuses=ended, created_before=oldest))
    dropped = [run.run_id for run in old if run.run_id not in kept.values()]
    for run_id in dropped:
        instance.delete_run(run_id)
    return len(dropped)
