"""Dropping history nobody reads any more: runs with their events, run reports, alerts, verdicts of the gates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from ingestion.warehouse import connect
from orchestration.alerts.outbox import drop_old_alerts
from orchestration.publish.history import create_history, gate_runs_of
from orchestration.publish.pointer import generation_names
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
    verdicts: int


def drop_history(settings: Settings, instance: dg.DagsterInstance, now: datetime | None = None) -> Retention:
    """Drop what is older than `history_days`.

    The latest successful run of each job stays, however old, and so do the latest verdicts of each gate and those a
    generation on disk rests on.
    """
    oldest = (now or utc_now()) - timedelta(days=settings.history_days)
    return Retention(
        _drop_runs(instance, oldest),
        drop_old_reports(settings, oldest),
        drop_old_alerts(settings, oldest),
        _drop_verdicts(settings, oldest),
    )


def _drop_verdicts(settings: Settings, oldest: datetime) -> int:
    from quality.verdicts import drop_old_verdicts

    if not settings.warehouse.exists():
        return 0
    with connect(settings) as connection:
        create_history(connection)
        kept = gate_runs_of(connection, generation_names(settings.serving))
        return drop_old_verdicts(connection, oldest.astimezone(UTC).replace(tzinfo=None), kept)


def _drop_runs(instance: dg.DagsterInstance, oldest: datetime) -> int:
    import dagster as dg

    ended = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]
    kept = {run.job_name: run.run_id for run in reversed(instance.get_runs(dg.RunsFilter(statuses=ended[:1])))}
    old = instance.get_runs(dg.RunsFilter(statuses=ended, created_before=oldest))
    dropped = [run.run_id for run in old if run.run_id not in kept.values()]
    for run_id in dropped:
        instance.delete_run(run_id)
    return len(dropped)
