"""What the UI shows of a mart besides its figures: its first rows as a table, and a small plot where it says more.

Plots are text, so that they show wherever Markdown does. Only marts without personal data have a preview; which those
are is decided in `assets/dbt.py`. Pictures for people who read reports are drawn in `lifecycle_report/charts/`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import dagster as dg
from duckdb import DuckDBPyConnection

ROWS = 8
LONGEST_CELL = 40
BAR_LENGTH = 24
SHADES = " ░▒▓█"

_FUNNEL = """
    select steps.from_stage || ' → ' || steps.to_stage, sum(entered_count), sum(converted_count)
    from marts.kpi_stage_conversion as steps
    inner join marts.lifecycle_stages as stages on steps.model = stages.model and steps.from_stage = stages.stage
    inner join marts.lifecycle_stages as goals on steps.model = goals.model and steps.to_stage = goals.stage
    where steps.model = 'three_r' and is_mature
    group by 1, stages.stage_order, goals.stage_order
    order by stages.stage_order, goals.stage_order
"""
_COHORTS = """
    select strftime(cohort_month, '%Y-%m'), months_since_first_order, retention_rate
    from marts.kpi_cohort_retention
    where is_complete and months_since_first_order between 1 and 12
        and cohort_month > (select max(cohort_month) from marts.kpi_cohort_retention) - interval 24 months
    order by 1, 2
"""


def mart_previews(connection: DuckDBPyConnection, marts: Iterable[str]) -> dict[str, dict[str, dg.MetadataValue]]:
    """Metadata of marts, by table name.

    Args:
        connection: an open connection to the warehouse.
        marts: names of tables in schema `marts`.
    """
    return {
        mart: {"preview": dg.MetadataValue.md(_table(connection, mart)), **_plot(connection, mart)} for mart in marts
    }


def _table(connection: DuckDBPyConnection, mart: str) -> str:
    found = connection.execute(f"select * from marts.{mart} order by all limit {ROWS}")
    names = [column[0] for column in found.description or ()]
    lines = [names, ["---"] * len(names), *([_cell(value) for value in row] for row in found.fetchall())]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Any) -> str:  # noqa: ANN401 (whatever a mart holds)
    text = "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
    short = text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
    return " ".join(short.replace("|", "\\|").split())


def _plot(connection: DuckDBPyConnection, mart: str) -> dict[str, dg.MetadataValue]:
    if mart not in _PLOTS:
        return {}
    name, query, draw = _PLOTS[mart]
    rows = connection.execute(query).fetchall()
    return {name: dg.MetadataValue.md(f"```\n{draw(rows)}\n```")} if rows else {}


def funnel(rows: Sequence[tuple[str, int, int]]) -> str:
    """One bar per step: the share of those who entered a stage and went on.

    Args:
        rows: name of the step, how many entered, how many went on.
    """
    width = max(len(name) for name, _, _ in rows)
    return "\n".join(
        f"{name:<{width}}  {'█' * round(BAR_LENGTH * gone / entered):<{BAR_LENGTH}}  {gone / entered:4.0%}  "
        f"{gone:,} of {entered:,}"
        for name, entered, gone in rows
        if entered
    )


def heat_map(rows: Sequence[tuple[str, int, float]]) -> str:
    """One line per cohort, one cell per month: the darker, the more came back; the highest rate is black.

    Args:
        rows: cohort, months since its first order, rate.
    """
    highest = max(rate for _, _, rate in rows)
    cells: dict[str, dict[int, float]] = {}
    for cohort, month, rate in rows:
        cells.setdefault(cohort, {})[month] = rate
    months = sorted({month for _, month, _ in rows})
    lines = [" " * 9 + "".join(f"{month:>3}" for month in months)]
    for cohort, rates in cells.items():
        lines.append(f"{cohort:<9}" + "".join(f" {_shade(rates.get(month), highest)}" for month in months))
    return "\n".join([*lines, f"{SHADES[-1] * 2} = {highest:.0%}; · = not over yet"])


def _shade(rate: float | None, highest: float) -> str:
    if rate is None:
        return " ·"
    return SHADES[round((len(SHADES) - 1) * rate / highest) if highest else 0] * 2


_PLOTS: dict[str, tuple[str, str, Callable[[Any], str]]] = {
    "kpi_stage_conversion": ("stage_funnel", _FUNNEL, funnel),
    "kpi_cohort_retention": ("cohort_heat_map", _COHORTS, heat_map),
}
