"""Where everything stands: what was loaded, built and published. Reads only; works also while a run writes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ingestion.warehouse import WarehouseLockedError, connect
from orchestration.publish.generation import read_manifest
from orchestration.publish.pointer import current_generation, generation_names

if TYPE_CHECKING:
    from ingestion.settings import Settings

_FIGURES = {
    "built_as_of": ("ops.run_context", "select as_of from ops.run_context"),
    "files_loaded": ("ops.loads", "select count(*) from ops.loads where status = 'loaded'"),
    "files_rejected": ("ops.open_rejections", "select count(*) from ops.open_rejections"),
    "last_load_at": ("ops.loads", "select max(loaded_at) from ops.loads"),
    "rows_accepted": ("ops.loads", "select coalesce(sum(accepted_count), 0)::bigint from ops.loads"),
    "rows_quarantined": ("quarantine.rejected_rows", "select count(*) from quarantine.rejected_rows"),
}


def read_status(settings: Settings) -> dict[str, Any]:
    """Figures about the data directory, in the order to show them.

    Returns:
        Name to value; None where there is nothing yet. While a run writes, the warehouse's figures are left out and
        `warehouse` says so.
    """
    figures: dict[str, Any] = {"data_directory": settings.data_dir}
    if not settings.warehouse.exists():
        return {**figures, "warehouse": "none yet: `lifecycle run` makes one", **_served(settings)}
    try:
        with connect(settings, read_only=True) as connection:
            figures["warehouse"] = settings.warehouse
            tables = {
                f"{schema}.{table}"
                for schema, table in connection.execute(
                    "select table_schema, table_name from information_schema.tables"
                ).fetchall()
            }
            for name, (table, query) in _FIGURES.items():
                row = connection.execute(query).fetchone() if table in tables else None
                figures[name] = row[0] if row else None
    except WarehouseLockedError as error:
        figures["warehouse"] = str(error).split(". ")[0]
    return {**figures, **_served(settings)}


def _served(settings: Settings) -> dict[str, Any]:
    generation = current_generation(settings.serving)
    if generation is None:
        return {"served_generation": None}
    manifest = read_manifest(settings.serving, generation)
    age = datetime.now(UTC) - datetime.fromisoformat(manifest.published_at)
    return {
        "served_generation": generation,
        "served_as_of": manifest.as_of,
        "served_age_hours": round(age.total_seconds() / 3600, 1),
        "served_rows": sum(manifest.row_counts.values()),
        "generations_kept": len(generation_names(settings.serving)),
    }
