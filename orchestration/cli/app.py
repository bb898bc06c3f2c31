"""The command's frame: registers the commands and turns the project's own errors into one clear message.

Exit codes: 0 done; 1 a run, check or publication failed; 2 wrong usage; 3 another process holds the warehouse;
4 there is nothing to work on yet.
"""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError
from rich.console import Console

from ingestion.errors import LifecycleError
from orchestration.cli import identity, pipeline, proposals, serving, sources

app = typer.Typer(
    name="lifecycle",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="One customer profile with lifecycle stages and KPI marts from CRM, web, social and e-mail data.",
)
for command in (pipeline.demo, pipeline.run, pipeline.example, pipeline.ui):
    app.command()(command)
for command in (serving.status, serving.publish, serving.rollback, serving.report, serving.explain):
    app.command()(command)
identity.app.add_typer(proposals.app, name="proposals")
app.add_typer(identity.app, name="identity")
app.add_typer(sources.app, name="sources")


def main() -> None:
    """Entry point of the console script."""
    errors = Console(stderr=True, soft_wrap=True, highlight=False)
    try:
        app()
    except LifecycleError as error:
        errors.print(str(error), style="red", markup=False)
        sys.exit(error.exit_code)
    except ValidationError as error:
        for problem in error.errors():
            name = "LIFECYCLE_" + "_".join(str(part) for part in problem["loc"]).upper()
            errors.print(f"{name}: {problem['msg'].removeprefix('Value error, ')}", style="red", markup=False)
        sys.exit(2)
