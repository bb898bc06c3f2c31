"""Commands about probable matches: list, accept, reject, chart, train.

Accepting and rejecting are decisions like `lifecycle identity link` and `unlink`: shown, confirmed, put into the inbox.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingestion.settings import load_settings
from orchestration.cli.identity import Asked, DecidedOn, Reason, Reveal, Yes, decide
from orchestration.cli.output import AsJson, print_json, require_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from orchestration.cli.identity import Decide
    from orchestration.identity.decisions import Author, Decided

app = typer.Typer(no_args_is_help=True, help="Contacts that are probably one person: list, decide, chart, train.")

Ids = Annotated[list[str], typer.Argument(help="Proposals, as `list` names them.")]


@app.command(name="list")
def list_matches(
    status: Annotated[str, typer.Option("--status", help="waiting, linked, accepted, rejected or all.")] = "waiting",
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many to show, the most probable first.")] = 20,
    reveal: Reveal = False,
    as_json: AsJson = False,
) -> None:
    """Show proposals with their probability and what each field contributes."""
    from ingestion.warehouse import connect
    from orchestration.identity.review import STATUSES, proposed_matches, with_decisions

    if status not in (*STATUSES, "all"):
        raise typer.BadParameter(f"choose one of {', '.join(STATUSES)}, all", param_hint="--status")
    settings = load_settings()
    with connect(settings, read_only=True) as connection:
        found = with_decisions(proposed_matches(connection, None if status == "all" else status), connection, settings)
    if as_json:
        print_json([match.as_record(reveal=reveal) for match in found[:limit]])
        return
    for match in found[:limit]:
        typer.echo(match.as_text(reveal=reveal))
    more = f", {len(found) - limit:,} of them not shown (--limit)" if len(found) > limit else ""
    typer.echo(f"{len(found):,} proposal(s), status {status}{more}.")


@app.command()
def accept(
    proposal_ids: Ids,
    reason: Reason,
    yes: Yes = False,
    decided_on: DecidedOn = None,
    reveal: Reveal = False,
    as_json: AsJson = False,
) -> None:
    """Decide that the contacts of each proposal are the same customer."""
    from orchestration.identity.overrides import ALWAYS

    decide(_about(proposal_ids, ALWAYS), Asked(reason, yes, decided_on, reveal, as_json))


@app.command()
def reject(
    proposal_ids: Ids,
    reason: Reason,
    yes: Yes = False,
    decided_on: DecidedOn = None,
    reveal: Reveal = False,
    as_json: AsJson = False,
) -> None:
    """Decide that the contacts of each proposal are never the same customer."""
    from orchestration.identity.overrides import NEVER

    decide(_about(proposal_ids, NEVER), Asked(reason, yes, decided_on, reveal, as_json))


@app.command()
def chart(
    proposal_id: Annotated[str, typer.Argument(help="A proposal, as `list` names it.")],
    out: Annotated[Path | None, typer.Option("--out", help="File to write; <proposal>.html by default.")] = None,
    reveal: Reveal = False,
) -> None:
    """Write a proposal's waterfall chart as one HTML file that needs no network."""
    from orchestration.identity.review import draw

    path = require_file(out or Path(f"{proposal_id}.html"), makes_folder=False)
    match = draw(load_settings(), proposal_id, path, reveal=reveal)
    typer.echo(f"{path}: {match.proposal_id}, probability {match.probability:.4f}")


@app.command()
def train() -> None:
    """Learn a new version of the model from this company's contacts; the next run uses it."""
    from orchestration.identity.review import learn

    settings = load_settings()
    when = "" if settings.identity_proposals else " that compares contacts (LIFECYCLE_IDENTITY_PROPOSALS=true)"
    typer.echo(f"Learned: {learn(settings)}. The next run{when} uses it.")


def _about(proposal_ids: list[str], action: str) -> Decide:
    """The same decision about the two contacts of each proposal."""
    from orchestration.identity.decisions import decided
    from orchestration.identity.review import proposed_matches

    def propose(connection: DuckDBPyConnection, author: Author) -> Decided:
        matches = proposed_matches(connection, proposal_ids=proposal_ids)
        return decided(connection, [(action, match.left, match.right) for match in matches], author)

    return propose
