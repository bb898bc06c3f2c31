"""Commands about the gates: which figures lie out of their bounds, and declaring one right.

What is usual is decided in `quality/`; the command only asks and shows.
"""

from __future__ import annotations

from typing import Annotated

import typer

from ingestion.settings import load_settings
from orchestration.cli.output import AsJson, print_json

app = typer.Typer(no_args_is_help=True, help="Figures that are not as usual: list, accept.")

Reason = Annotated[str, typer.Option("--reason", prompt=True, help="Why the figures are right; kept beside them.")]


@app.command(name="list")
def list_unusual(as_json: AsJson = False) -> None:
    """Show the checks whose figures lie out of bounds and that nobody has accepted."""
    from ingestion.warehouse import connect
    from quality.measurements import unusual_checks

    with connect(load_settings(), read_only=True) as connection:
        found = unusual_checks(connection)
    if as_json:
        print_json([{"table": table, "check": check} for table, check in found])
        return
    for table, check in found:
        typer.echo(f"{table} {check}")
    typer.echo(f"{len(found)} check(s) with figures out of bounds.")


@app.command()
def accept(
    table: Annotated[str, typer.Argument(help="Table of the check, as the gate names it.")],
    check: Annotated[str, typer.Argument(help="Name of the check.")],
    reason: Reason,
) -> None:
    """Declare the figures of a check that lie out of bounds right; from now on they are usual."""
    from ingestion.warehouse import connect, require_warehouse
    from quality.measurements import accept_measurements

    if not reason.strip():
        raise typer.BadParameter("say why the figures are right", param_hint="--reason")
    settings = load_settings()
    require_warehouse(settings)
    with connect(settings) as connection:
        count = accept_measurements(connection, table, check, reason.strip())
    typer.echo(f"{count} figure(s) of {check} on {table} accepted. Run `lifecycle run` again.")
