"""Commands that decide about identity: link, unlink, split, diff.

A decision is shown with what it would change, confirmed, and put into the inbox for the next run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Annotated

import typer

from ingestion.settings import load_settings
from orchestration.cli.output import AsJson, print_json
from orchestration.cli.pipeline import day_option

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from orchestration.identity.decisions import Author, Decided

    Decide = Callable[[DuckDBPyConnection, Author], Decided]

app = typer.Typer(no_args_is_help=True, help="Decide who is who: link, unlink, split; compare with what is published.")

Reason = Annotated[str, typer.Option("--reason", help="Why; kept with the decision.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask; show and decide.")]
DecidedOn = Annotated[
    date | None,
    day_option("Day from which the decision holds; a run as of an earlier day does not know it. Now without."),
]
Reveal = Annotated[bool, typer.Option("--reveal", help="Show personal data unmasked.")]


@dataclass(frozen=True, slots=True)
class Asked:
    """The options all decisions share."""

    reason: str
    yes: bool
    decided_on: date | None
    reveal: bool
    as_json: bool


@app.command()
def link(
    identifiers: Annotated[list[str], typer.Argument(help="Two or more identifiers of one person.")],
    reason: Reason,
    yes: Yes = False,
    decided_on: DecidedOn = None,
    reveal: Reveal = False,
    as_json: AsJson = False,
) -> None:
    """Decide that identifiers are the same customer."""
    from orchestration.identity.decisions import linked

    if len(identifiers) < 2:
        raise typer.BadParameter("name at least two identifiers")
    decide(
        lambda connection, author: linked(connection, identifiers, author),
        Asked(reason, yes, decided_on, reveal, as_json),
    )


@app.command()
def unlink(
    identifier: Annotated[str, typer.Argument(help="One identifier.")],
    other: Annotated[str, typer.Argument(help="One that is somebody else's.")],
    reason: Reason,
    yes: Yes = False,
    decided_on: DecidedOn = None,
    reveal: Reveal = False,
    as_json: AsJson = False,
) -> None:
    """Decide that two identifiers are never the same customer."""
    from orchestration.identity.decisions import unlinked

    decide(
        lambda connection, author: unlinked(connection, identifier, other, author),
        Asked(reason, yes, decided_on, reveal, as_json),
    )


@app.command()
def split(
    identifiers: Annotated[list[str], typer.Argument(help="Identifiers that are somebody else's.")],
    reason: Reason,
    yes: Yes = False,
    decided_on: DecidedOn = None,
    reveal: Reveal = False,
    as_json: AsJson = False,
) -> None:
    """Take identifiers out of their customer, together with what is nearer to them than to the rest."""
    from orchestration.identity.decisions import split as split_off

    decide(
        lambda connection, author: split_off(connection, identifiers, author),
        Asked(reason, yes, decided_on, reveal, as_json),
    )


@app.command()
def diff(as_json: AsJson = False) -> None:
    """Show how many people publishing would merge, split or give an identifier of another one, and what moves."""
    from orchestration.identity.changes import changes_since_publication

    changes = changes_since_publication(load_settings())
    if as_json:
        print_json(changes)
    else:
        typer.echo(changes.as_text())


def decide(propose: Decide, asked: Asked) -> None:
    """Show what the decision would change, ask, and put it into the inbox.

    As JSON it is told once, when it is decided; what it would change is shown for the question on standard error.
    """
    from ingestion.warehouse import connect
    from orchestration.identity.decisions import Author, now
    from orchestration.identity.overrides import deliver
    from orchestration.identity.preview import preview

    if not asked.reason.strip():
        raise typer.BadParameter("say why, in a few words", param_hint="--reason")
    settings = load_settings()
    # Noon of a named day is that day in nearly every business time zone.
    decided_at = datetime.combine(asked.decided_on, time(12), tzinfo=UTC) if asked.decided_on else now()
    with connect(settings, read_only=True) as connection:
        decided = propose(connection, Author(asked.reason.strip(), decided_at, settings))
        (as_of,) = connection.execute("select as_of from ops.run_context").fetchone()
    said = decided.as_text(reveal=asked.reveal)
    typer.echo(said, err=asked.as_json)
    told = {"override_ids": [one.override_id for one in decided.overrides], "decision": said.splitlines()}
    if not decided.overrides:
        if asked.as_json:
            print_json({"delivered": None, **told})
        return
    would_change = preview(settings, decided.overrides).as_text(reveal=asked.reveal)
    typer.echo(would_change, err=asked.as_json)
    if not asked.yes:
        typer.confirm("Decide so?", abort=True, err=asked.as_json)
    path = deliver(settings, decided.overrides)
    later = decided_at.date() > as_of
    if asked.as_json:
        known = {"decided_at": decided_at, "warehouse_as_of": as_of, "is_after_warehouse": later}
        print_json({"delivered": path, **told, **known, "preview": would_change.splitlines()})
        return
    typer.echo(f"Decided: {path}. The next run applies it.")
    if later:
        typer.echo(
            f"The warehouse looks at {as_of}; a run as of a day before {decided_at.date()} does not know the decision"
            f" (choose another day with --decided-on)."
        )
