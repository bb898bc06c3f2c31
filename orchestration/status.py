"""Where everything stands: the last run, what was loaded, built and published, what comes next.

Reads only, and works also while a run writes. Whether the machine is fit for the next run is the doctor's question.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ingestion.warehouse import WarehouseLockedError, connect
from orchestration.alerts.outbox import unsent_alerts
from orchestration.instance_state import read_instance_state
from orchestration.publish.generation import read_manifest
from orchestration.publish.pointer import generation_names, served_generation
from orchestration.run_lock import run_lock_holder
from orchestration.wall_clock import utc_now

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from orchestration.instance_state import LastRun

# A run of the daemon takes the lock with its first step; until then it holds none.
START_UP = timedelta(minutes=1)

_FIGURES = {
    "built_as_of": ("ops.run_context", "select as_of from ops.run_context"),
    "files_loaded": (  # rows judged again are no file and have no content of their own
        "ops.loads",
        "select count(*) from ops.loads where status = 'loaded' and source = 'files' and content_hash is not null",
    ),
    "files_rejected": ("ops.open_rejections", "select count(*) from ops.open_rejections"),
    "last_load_at": ("ops.loads", "select max(loaded_at) from ops.loads"),
    "rows_accepted": ("ops.loads", "select coalesce(sum(accepted_count), 0)::bigint from ops.loads"),
    "rows_quarantined": (
        "quarantine.balance",
        "select coalesce(sum(open_count + waiting_count), 0)::bigint from quarantine.balance",
    ),
}
_LAG = (
    "select source, round(date_diff('minute', max(loaded_at), ?::timestamp) / 60, 1) from ops.loads "
    "where status = 'loaded' group by source order by source"
)


def read_status(settings: Settings) -> dict[str, Any]:
    """Figures about the data directory, in the order to show them.

    Returns:
        Name to value; None where there is nothing yet. While a run writes, the warehouse's figures are left out and
        `warehouse` says so.
    """
    now = utc_now()
    figures = {"data_directory": settings.data_dir, **_runs(settings, now), **_warehouse(settings, now)}
    return {**figures, **_served(settings), **_disk(settings)}


def _runs(settings: Settings, now: datetime) -> dict[str, Any]:
    state = read_instance_state(settings)
    unsent = unsent_alerts(settings)
    return {
        "last_run": last_run_told(settings, state.last_run, now) if state.last_run else None,
        "next_run_at": state.next_tick(settings, now),
        "scheduler": "running" if state.daemon_lives(now) else "not running",
        "alerts_not_sent": len(unsent),
        "alert_problem": next((alert.problem for alert in reversed(unsent) if alert.problem), None),
    }


def last_run_told(settings: Settings, run: LastRun, now: datetime) -> dict[str, Any]:
    """The run, and whether its process died: it says that it works, but nobody holds the lock every run holds."""
    began = run.status in ("STARTED", "STARTING") and run.started_at is not None and now - run.started_at > START_UP
    return asdict(run) | {"process_is_gone": began and run_lock_holder(settings) is None}


def _warehouse(settings: Settings, now: datetime) -> dict[str, Any]:
    if not settings.warehouse.exists():
        return {"warehouse": "none yet: `lifecycle run` makes one"}
    try:
        with connect(settings, read_only=True, waits=False) as connection:
            tables = {
                f"{schema}.{table}"
                for schema, table in connection.execute(
                    "select table_schema, table_name from information_schema.tables"
                ).fetchall()
            }
            figures: dict[str, Any] = {"warehouse": settings.warehouse}
            for name, (table, query) in _FIGURES.items():
                row = connection.execute(query).fetchone() if table in tables else None
                figures[name] = row[0] if row else None
            if "ops.loads" in tables:
                figures["hours_since_load"] = dict(connection.execute(_LAG, [now.replace(tzinfo=None)]).fetchall())
            return figures
    except WarehouseLockedError as error:
        return {"warehouse": str(error).split(". ")[0]}


def _disk(settings: Settings) -> dict[str, Any]:
    size = settings.warehouse.stat().st_size if settings.warehouse.exists() else 0
    free = shutil.disk_usage(settings.data_dir).free if settings.data_dir.exists() else None
    return {
        "warehouse_gigabytes": round(size / 1e9, 3),
        "disk_free_gigabytes": round(free / 1e9, 1) if free is not None else None,
    }


def _served(settings: Settings) -> dict[str, Any]:
    generation = served_generation(settings.serving)
    if generation is None:
        return {"served_generation": None}
    manifest = read_manifest(settings.serving, generation)
    age = utc_now() - datetime.fromisoformat(manifest.published_at)
    return {
        "served_generation": generation,
        "served_as_of": manifest.as_of,
        "served_age_hours": round(age.total_seconds() / 3600, 1),
        "served_rows": sum(manifest.row_counts.values()),
        "generations_kept": len(generation_names(settings.serving)),
    }
