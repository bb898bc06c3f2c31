"""Commands about rows that broke the contract: list, show, release, discard.

Values are masked unless asked for; ids, files, columns and problems never hold any.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingestion.settings import Settings, load_settings
from orchestration.cli.identity import Reason, Reveal, Yes
from orchestration.cli.output import AsJson, print_json, terminal
from orchestration.cli.sources import source_names

if TYPE_CHECKING:
    from ingestion.quarantine.decisions import Decided
    from ingestion.quarantine.rows import QuarantinedRow, Selection

app = typer.Typer(no_args_is_help=True, help="Rows that broke the contract: list, show, release, discard.")

WIDTH_OF_FILES = 120  # characters of a line when the output is no terminal

Ids = Annotated[list[str] | None, typer.Argument(help="Rows, as `list` names them.")]
Source = Annotated[str | None, typer.Option("--source", help="Only of this source: files or a connector.")]
EntityName = Annotated[str | None, typer.Option("--entity", help="Only of this entity: crm/contacts or crm_contacts.")]
FileName = Annotated[str | None, typer.Option("--file", help="Only of this file; * stands for anything.")]
Problem = Annotated[str | None, typer.Option("--problem", help="Only rows whose problem contains this text.")]
Every = Annotated[bool, typer.Option("--all", help="Decide about all rows, when nothing else narrows it.")]


@app.command(name="list")
def list_rows(  # noqa: PLR0913, a command's options are its parameters
    *,
    source: Source = None,
    entity: EntityName = None,
    file: FileName = None,
    problem: Problem = None,
    state: Annotated[str, typer.Option("--state", help="open, waiting, released, discarded or all.")] = "open",
    summary: Annotated[bool, typer.Option("--summary", help="Count rows by problem instead of listing them.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many rows to show, the newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show what lies in quarantine and why."""
    from ingestion.quarantine.rows import STATES, count_by_problem, find_rows
    from ingestion.warehouse import connect

    if state not in (*STATES, "all"):
        raise typer.BadParameter(f"choose one of {', '.join(STATES)}, all", param_hint="--state")
    states = STATES if state == "all" else (state,)
    selection = _selection(None, source, entity, file, problem)
    with connect(load_settings(), read_only=True) as connection:
        rows, total = find_rows(connection, selection, states, limit)
        counts = count_by_problem(connection, selection, states) if summary else []
    if summary:
        names = ("source", "entity", "state", "problem", "rows")
        _print([dict(zip(names, row, strict=True)) for row in counts], names[1:], as_json=as_json)
        return
    shown = ("row", "state", "entity", "problem") if state == "all" else ("row", "entity", "problem")
    _print([_shown(row) for row in rows], shown, as_json=as_json)
    if not as_json:
        more = f", {total - len(rows):,} of them not shown (--limit, --summary)" if total > len(rows) else ""
        typer.echo(f"{total:,} row(s), state {state}{more}.")
        typer.echo("`lifecycle quarantine show <row>` tells all of one; `release` and `discard` decide about them.")


@app.command()
def show(
    row_id: Annotated[str, typer.Argument(help="A row, as `list` names it.")],
    reveal: Reveal = False,
    as_json: AsJson = False,
) -> None:
    """Show one row: its values (masked as shapes), its problem and what was decided."""
    from ingestion.quarantine.masking import shown_values
    from ingestion.quarantine.rows import content_of
    from ingestion.warehouse import connect

    with connect(load_settings(), read_only=True) as connection:
        row, content = content_of(connection, row_id)
    values = shown_values(row.entity, content, row.problem, reveal=reveal)
    if as_json:
        print_json({**asdict(row), "values": values})
        return
    console = terminal()
    for name, value in (asdict(row) | {"entity": entity_path(row.entity)}).items():
        console.print(f"{name.replace('_', ' '):<18} {'–' if value is None else value}", markup=False)
    console.print("values" if reveal else "values (masked: a letter is shown as a, a digit as 9; --reveal shows them)")
    for name, value in values.items():
        console.print(f"  {name:<22} {'–' if value is None else value}", markup=False)


@app.command()
def release(  # noqa: PLR0913, a command's options are its parameters
    *,
    reason: Reason,
    row_ids: Ids = None,
    source: Source = None,
    entity: EntityName = None,
    file: FileName = None,
    problem: Problem = None,
    every: Every = False,
    corrections: Annotated[
        list[str] | None, typer.Option("--set", help="column=value to be read instead; an empty value removes it.")
    ] = None,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Let rows be judged again by the next run; one that still breaks the contract comes back."""
    from ingestion.quarantine.decisions import RELEASE

    selection = _narrow(_selection(row_ids, source, entity, file, problem), every=every)
    decided = _decide(RELEASE, selection, reason, yes=yes, corrections=_corrections(corrections))
    _tell(decided, "released; the next run (`lifecycle run`) judges them again", as_json=as_json)


@app.command()
def discard(  # noqa: PLR0913, a command's options are its parameters
    *,
    reason: Reason,
    row_ids: Ids = None,
    source: Source = None,
    entity: EntityName = None,
    file: FileName = None,
    problem: Problem = None,
    every: Every = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Settle rows that will never be needed; they are kept and counted with the reason."""
    from ingestion.quarantine.decisions import DISCARD

    selection = _narrow(_selection(row_ids, source, entity, file, problem), every=every)
    _tell(_decide(DISCARD, selection, reason, yes=yes), "discarded; they stay on record", as_json=as_json)


def _selection(
    row_ids: list[str] | None, source: str | None, entity: str | None, file: str | None, problem: str | None
) -> Selection:
    from ingestion.quarantine.rows import Selection

    _require_known("--source", source, ["files", *source_names()])
    _require_known("--entity", entity, _entity_names())
    return Selection(tuple(row_ids or ()), source, entity, file, problem)


def _require_known(option: str, name: str | None, known: list[str]) -> None:
    if name and name.replace("/", "_") not in {one.replace("/", "_") for one in known}:
        raise typer.BadParameter(f"there is no {name!r}; choose from {', '.join(known)}", param_hint=option)


def _entity_names() -> list[str]:
    """What rows can be of: the entities of the contract, and tables only a connector has."""
    from ingestion.contract import ENTITIES
    from ingestion.sources.registry import CONNECTORS

    own = {resource.table.name for connector in CONNECTORS for resource in connector.resources}
    return [*(entity.path for entity in ENTITIES), *sorted(own - {entity.table for entity in ENTITIES})]


def _narrow(selection: Selection, *, every: bool) -> Selection:
    if selection.is_everything and not every:
        raise typer.BadParameter("name rows, or narrow with --entity, --source, --file or --problem (or say --all)")
    return selection


def _corrections(given: list[str] | None) -> dict[str, str | None]:
    pairs = [one.partition("=") for one in given or ()]
    if any(not sign or not name.strip() for name, sign, _ in pairs):
        raise typer.BadParameter("write column=value", param_hint="--set")
    return {name.strip(): value or None for name, _, value in pairs}


def _decide(
    action: str, selection: Selection, reason: str, *, yes: bool, corrections: dict[str, str | None] | None = None
) -> Decided:
    from ingestion.quarantine.decisions import decidable, decide
    from ingestion.quarantine.journal import Journal
    from ingestion.quarantine.rows import require_books
    from ingestion.warehouse import connect, require_warehouse

    if not reason.strip():
        raise typer.BadParameter("say why, in a few words", param_hint="--reason")
    settings = load_settings()
    require_warehouse(settings)
    with _no_run(settings):
        with connect(settings, read_only=True) as connection:
            require_books(connection)
            would = decidable(connection, selection, action)
        if would.total and not yes:
            typer.confirm(f"{action.capitalize()} {_counted(would)}?", abort=True, err=True)
        with connect(settings) as connection:
            decided = decide(connection, selection, action, reason.strip(), corrections)
            Journal(connection, settings.quarantine_decisions).keep()
            return decided


@contextmanager
def _no_run(settings: Settings) -> Iterator[None]:
    """No run may load while a decision is written."""
    import uuid

    from orchestration.run_lock import hold_run_lock, release_run_lock

    decision = str(uuid.uuid4())
    hold_run_lock(settings, decision)
    try:
        yield
    finally:
        release_run_lock(settings, decision)


def _counted(decided: Decided) -> str:
    return ", ".join(f"{count:,} of {entity_path(entity)}" for entity, count in decided.counts.items())


def _tell(decided: Decided, what: str, *, as_json: bool) -> None:
    if as_json:
        print_json(decided)
        return
    typer.echo(f"{decided.total:,} row(s) {what}: {_counted(decided)}.")
    for advice, count in decided.left_out.items():
        typer.echo(f"! {count:,} row(s) were left out; {advice}.")


def entity_path(table: str) -> str:
    """`crm/orders` for the table `crm_orders`; a connector's own table keeps its name."""
    from ingestion.contract import ENTITIES

    return {entity.table: entity.path for entity in ENTITIES}.get(table, table)


def _shown(row: QuarantinedRow) -> dict[str, object]:
    return {
        "row": row.row_id,
        "state": row.state,
        "source": row.source,
        "entity": row.entity,
        "from": row.file_name or row.source,
        "column": row.column_name,
        "problem": row.problem,
        "quarantined_at": row.quarantined_at,
        "decision_reason": row.decision_reason,
    }


def _print(rows: list[dict[str, object]], names: tuple[str, ...], *, as_json: bool) -> None:
    if as_json:
        print_json(rows)
        return
    table = Table(*names)
    for row in rows:
        told = row | {"entity": entity_path(str(row["entity"]))}
        table.add_row(*(Text(str(told[name])) for name in names))
    Console(width=None if terminal().is_terminal else WIDTH_OF_FILES, emoji=False).print(table)
