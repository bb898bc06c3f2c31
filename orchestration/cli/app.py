"""The command's frame: registers the commands and turns the project's own errors into one clear message."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import typer
from pydantic import ValidationError

from ingestion.errors import ExitCode, LifecycleError
from ingestion.settings import load_settings
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
from orchestration.cli.output import error_terminal, print_json_error
from orchestration.garbage import collect_seldom
from orchestration.remedies import full_disk, place_of, remedy_of

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
    if any(0xDC80 <= ord(letter) <= 0xDCFF for argument in sys.argv for letter in argument):
        _end("An argument holds bytes that are no UTF-8 text; type it again, or pass it on as UTF-8.", ExitCode.USAGE)
    collect_seldom()
    try:
        app()
    except LifecycleError as error:
        _end(str(error), error.exit_code)
    except ValidationError as error:
        _end("\n".join(_setting_problems(error)), ExitCode.USAGE)
    except SystemExit as end:
        wrong_usage = getattr(end.__context__, "format_message", None)  # typer has told it as text
        if wrong_usage:
            print_json_error(wrong_usage())
        elif isinstance(end.__context__, typer.Abort):
            print_json_error("Aborted; nothing was changed.")
        raise
    except Exception as error:
        remedy = remedy_of(str(error))
        if not remedy:
            print_json_error(f"{type(error).__name__}: {error}")
            raise
        place = place_of(error) or full_disk(load_settings().data_dir)
        _end(f"{remedy} ({type(error).__name__}{f': {place}' if place else ''})", ExitCode.FAILED)


def _end(message: str, code: int) -> None:
    """Tell why the command failed and end it."""
    error_terminal().print(message, style="red", markup=False)
    print_json_error(message)
    sys.exit(code)


def _setting_problems(error: ValidationError) -> Iterator[str]:
    """One line per setting that cannot be read."""
    for problem in error.errors():
        name = "LIFECYCLE_" + "_".join(str(part) for part in problem["loc"]).upper()
        yield f"{name}: {problem['msg'].removeprefix('Value error, ')}"
