"""Commands that run something: demo, run, example, ui."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingestion.errors import LifecycleError
from ingestion.examples import ExampleName, example_named
from ingestion.settings import Settings, load_settings
from orchestration.cli.output import AsJson, print_json, terminal

if TYPE_CHECKING:
    from rich.console import Console

    from orchestration.run import RunOutcome

DEMO_PEOPLE = 2_000
DEMO_SEED = 7


class RunFailedError(LifecycleError):
    """A run did not end well; what went wrong has been printed."""


def parse_day(text: str) -> date:
    """A date argument. Raises a usage error that names the format."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date; write it as YYYY-MM-DD") from None


Day = Annotated[
    date | None,
    typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help="Date in the business time zone."),
]


def demo(
    people: Annotated[int, typer.Option(min=100, help="Size of the sample company.")] = DEMO_PEOPLE,
    seed: Annotated[int, typer.Option(help="Seed of the simulation.")] = DEMO_SEED,
    end: Day = None,
) -> None:
    """Bring the sample company into the inbox and run the whole pipeline on it."""
    from orchestration.sample_company import deliver_sample_company

    settings = load_settings()
    console = terminal()
    with console.status(f"simulating a company with {people:,} people"):
        company = deliver_sample_company(settings, people, seed, end or settings.today())
    console.print(f"Sample company: {company.people:,} people, three years to {company.end} in {settings.inbox}")
    execute(settings, console, as_of=date.fromisoformat(company.end))


def run(
    as_of: Day = None,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="Build incremental models anew.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load new data, build every layer, check it and publish it (as of today, unless a date is given)."""
    execute(load_settings(), terminal(), as_of=as_of, full_refresh=full_refresh, as_json=as_json)


def example(name: Annotated[ExampleName, typer.Argument(help="Which data set.")]) -> None:
    """Bring a published data set into the inbox and run the pipeline on it, as of its last day."""
    settings = load_settings()
    console = terminal()
    chosen = example_named(name)
    with console.status(f"fetching {name.value}"):
        files = chosen.deliver(settings)
    console.print(f"{name.value}: {len(files)} files in {settings.inbox}")
    if needed := chosen.other_settings(settings):
        listed = ", ".join(f"{field.replace('_', ' ')} {value}" for field, value in needed.items())
        variables = " ".join(f"LIFECYCLE_{field.upper()}={value}" for field, value in needed.items())
        console.print(
            f"Its figures need other settings than yours: {listed}. To run it:\n"
            f"  {variables} lifecycle run --as-of {chosen.as_of}"
        )
        return
    execute(settings, console, as_of=chosen.as_of)


def ui(port: Annotated[int, typer.Option(min=1, max=65_535, help="Port on 127.0.0.1.")] = 3000) -> None:
    """Open Dagster's UI on 127.0.0.1 for this data directory; ends with Ctrl-C."""
    import os
    import sys
    from pathlib import Path

    from ingestion.settings import PROJECT_ROOT
    from orchestration.instance import prepare_home

    settings = load_settings()
    prepare_home(settings)
    os.chdir(PROJECT_ROOT)
    program = str(Path(sys.executable).with_name("dg"))
    os.execv(program, [program, "dev", "--host", "127.0.0.1", "--port", str(port)])  # noqa: S606


def execute(
    settings: Settings,
    console: Console,
    *,
    as_of: date | None,
    as_json: bool = False,
    **asked: Any,  # noqa: ANN401 (as run_pipeline takes them)
) -> None:
    """Run the pipeline and print its outcome.

    Args:
        settings: which data directory.
        console: where progress and outcome are told.
        as_of: date the run looks at the world from; None for today.
        as_json: tell the outcome as JSON and no progress.
        asked: what else `run_pipeline` is asked for.

    Raises:
        NoDataError: when nothing was ever loaded.
        RunFailedError: when the run did not succeed for another reason.
    """
    from orchestration.lifecycle_report.writing import IS_PUBLISHED
    from orchestration.loading import NoDataError
    from orchestration.progress import Progress
    from orchestration.run import run_pipeline

    progress = None if as_json else Progress(console)
    outcome = run_pipeline(settings, as_of=as_of, progress=progress, **asked)
    if as_json:
        print_json(outcome)
    else:
        _print_outcome(settings, console, outcome)
    if outcome.has_no_data:
        raise NoDataError("There is no data yet, so nothing was published.")
    if outcome.problems and all("every_source_was_loaded" in problem for problem in outcome.problems):
        raise RunFailedError(
            "A source could not be loaded. Everything else was built and published from the data that is there; repair "
            "the source (`lifecycle sources list`), then run again."
        )
    if outcome.problems and all(problem.startswith("serving__postgres") for problem in outcome.problems):
        raise RunFailedError("Everything was built and published; only the copy in Postgres was not made.")
    if outcome.problems and all(IS_PUBLISHED in problem for problem in outcome.problems):
        raise RunFailedError("Everything was built and published; only the report is missing: `lifecycle report`.")
    if not outcome.succeeded:
        raise RunFailedError(
            "The run did not succeed and nothing new was published; readers keep the last good generation. "
            f"What dbt said: {settings.run_log}"
        )


def _print_outcome(settings: Settings, console: Console, outcome: RunOutcome) -> None:
    for name, value in outcome.summary.items():
        console.print(f"  {name:<18} {value:,}" if isinstance(value, int) else f"  {name:<18} {value}")
    for note in outcome.notes:
        console.print(f"! {note}", style="yellow", markup=False)
    for problem in outcome.problems:
        typer.secho(f"✗ {problem}", fg="red", err=True)
    if outcome.succeeded:
        console.print(
            f"Published: {settings.serving / 'lifecycle.duckdb'} (schema marts)\n"
            f"Parquet:   {settings.serving / 'parquet'}\n"
            f"Checks:    {settings.docs / 'quality' / 'index.html'}\n"
            f"Report:    {settings.docs / 'report.html'}\n"
            "Dagster:   make ui"
        )
