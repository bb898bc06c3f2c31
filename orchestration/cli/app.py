"""The command's frame: registers the commands and turns the project's own errors into one clear message."""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError

from ingestion.errors import ExitCode, LifecycleError
from orchestration.cli import (
    identity,
    operations,
    pipeline,
    proposals,
    quality,
    quarantine,
    service,
    serving,
    sources,
    upkeep,
)
from orchestration.cli.output import error_terminal
from orchestration.remedies import remedy_of

app = typer.Typer(
    name="lifecycle",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="One customer profile with lifecycle stages and KPI marts from CRM, web, social and e-mail data.",
    epilog="Exit codes: " + "; ".join(f"{code.value} {code.meaning}" for code in ExitCode) + ".",
)
for command in (pipeline.demo, pipeline.run, upkeep.backfill, pipeline.example, pipeline.ui):
    app.command()(command)
for command in (
    operations.status,
    operations.doctor,
    serving.publish,
    serving.rollback,
    serving.report,
    serving.explain,
):
    app.command()(command)
identity.app.add_typer(proposals.app, name="proposals")
app.add_typer(identity.app, name="identity")
app.add_typer(quality.app, name="quality")
app.add_typer(sources.app, name="sources")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(upkeep.maintenance, name="maintenance")
app.add_typer(upkeep.alerts, name="alerts")
app.add_typer(service.app, name="service")


def main() -> None:
    """Entry point of the console script."""
    errors = error_terminal()
    try:
        app()
    except LifecycleError as error:
        errors.print(str(error), style="red", markup=False)
        sys.exit(error.exit_code)
    except ValidationError as error:
        for problem in error.errors():
            name = "LIFECYCLE_" + "_".join(str(part) for part in problem["loc"]).upper()
            errors.print(f"{name}: {problem['msg'].removeprefix('Value error, ')}", style="red", markup=False)
        sys.exit(ExitCode.USAGE)
    except Exception as error:
        remedy = remedy_of(str(error))
        if not remedy:
            raise
        errors.print(f"{remedy} ({type(error).__name__})", style="red", markup=False)
        sys.exit(ExitCode.FAILED)
