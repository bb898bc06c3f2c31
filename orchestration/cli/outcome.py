"""How the outcome of a run is told: figures, the verdict, what is worth a look, and where to find what was published.

Text for people only; programs read the same outcome with `--json`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestration.cli.output import error_terminal

if TYPE_CHECKING:
    from rich.console import Console

    from ingestion.settings import Settings
    from orchestration.run import RunOutcome


def print_outcome(settings: Settings, console: Console, outcome: RunOutcome) -> None:
    """Print what a run did; problems go to standard error."""
    for name, value in figures_of(outcome.summary, succeeded=outcome.succeeded).items():
        console.print(f"  {name:<18} {value}", markup=False)
    if outcome.succeeded:
        as_of = f" as of {outcome.summary['as of']}" if "as of" in outcome.summary else ""
        console.print(f"Published{as_of}; nothing was stopped.", style="green", markup=False)
    if outcome.notes:
        aside = " (nothing was stopped)" if outcome.succeeded else ""
        console.print(f"Worth a look{aside}:")
    for note in outcome.notes:
        console.print(f"! {note}", style="yellow", markup=False)
    for problem in outcome.problems:
        error_terminal().print(f"✗ {problem}", style="red", markup=False)
    if outcome.succeeded:
        _print_places(settings, console)


def figures_of(summary: dict[str, Any], *, succeeded: bool) -> dict[str, str]:
    """The figures of a summary as people read them: the known and the anonymous people in one line.

    Args:
        summary: figures by name.
        succeeded: whether nothing was stopped; then checks that were not evaluated only lack something to compare with.
    """
    told = {name: f"{value:,}" if isinstance(value, int) else str(value) for name, value in summary.items()}
    people, known = summary.get("people"), summary.get("known people")
    if people is not None and known is not None:
        del told["known people"]
        told["people"] = f"{people:,} ({known:,} known, {people - known:,} anonymous)"
    if succeeded and "not evaluated" in told:
        told["not evaluated"] += " (too little history yet, or nothing new)"
    return told


def _print_places(settings: Settings, console: Console) -> None:
    console.print(
        f"Tables:    {settings.serving / 'lifecycle.duckdb'} (schema marts)\n"
        f"Parquet:   {settings.serving / 'parquet'}\n"
        f"Checks:    {settings.docs / 'quality' / 'index.html'}\n"
        f"Report:    {settings.docs / 'report.html'}\n"
        "Dagster:   make ui",
        markup=False,
    )
