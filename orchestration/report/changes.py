"""What a publication changes for readers: the served generation beside the one they saw before it.

KPIs are compared by their latest period that is over; one that has just begun says nothing yet.

Only published files are read, which nobody writes to: no lock is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ingestion.warehouse import limits_beside
from orchestration.publish.pointer import DATABASE, GENERATIONS, served_generation
from orchestration.publish.succession import seen_before

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

_PEOPLE = "select count(*), count(*) filter (where is_identified) from {}.marts.customer_profile"
_STAGES = """
with counted as (
    select 'before' as side, model, stage, count(*) as people
    from earlier.marts.customer_stage_history where is_current group by all
    union all
    select 'after', model, stage, count(*) from served.marts.customer_stage_history where is_current group by all
)
pivot counted on side in ('before', 'after') using coalesce(sum(people), 0)::bigint
group by model, stage order by model, stage
"""
_KPIS = """
with latest as (
    select 'before' as side, kpi, period_start, value
    from earlier.marts.kpi_summary where segment = 'all' and is_mature
    union all
    select 'after', kpi, period_start, value from served.marts.kpi_summary where segment = 'all' and is_mature
)
select
    kpi,
    max_by(value, period_start) filter (where side = 'before') as before,
    max_by(value, period_start) filter (where side = 'after') as after
from latest where value is not null group by kpi order by kpi
"""


def changes_for_readers(settings: Settings) -> dict[str, Any] | None:
    """People, stages and KPIs that differ between the served generation and the one before.

    Returns:
        None when there are no two generations to compare.
    """
    import duckdb

    served = served_generation(settings.serving)
    earlier = seen_before(settings.serving, served) if served else None
    if served is None or earlier is None:
        return None
    folder = settings.serving / GENERATIONS
    with duckdb.connect(config=limits_beside(settings)) as connection:
        connection.execute(f"attach '{folder / earlier / DATABASE}' as earlier (read_only)")
        connection.execute(f"attach '{folder / served / DATABASE}' as served (read_only)")
        return {
            "generation": served,
            "compared_with": earlier,
            "people": _people(connection),
            "stages": [
                {"model": model, "stage": stage, "before": before, "after": after}
                for model, stage, before, after in connection.execute(_STAGES).fetchall()
                if before != after
            ],
            "kpis": [
                {"kpi": kpi, "before": before, "after": after}
                for kpi, before, after in connection.execute(_KPIS).fetchall()
                if before != after
            ],
        }


def _people(connection: DuckDBPyConnection) -> dict[str, dict[str, int]]:
    before, after = (connection.execute(_PEOPLE.format(side)).fetchall()[0] for side in ("earlier", "served"))
    return {
        name: {"before": before[position], "after": after[position]}
        for position, name in enumerate(("all", "identified"))
    }
