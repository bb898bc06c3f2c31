"""Commands about what is published and who is in it: publish, rollback, report, explain."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingestion.errors import LifecycleError
from ingestion.settings import load_settings
from orchestration.cli.output import AsJson, print_json, require_file
from orchestration.lifecycle_report.model import Language

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from orchestration.publish.postgres import PostgresCopy


def publish(
    accept: Annotated[
        bool,
        typer.Option("--accept-identity-changes", help="Publish although who many people are changes."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Publish the built marts, if every required check has a stored pass for exactly this data."""
    import uuid

    from ingestion.warehouse import require_warehouse
    from orchestration.publish.publisher import publish as publish_marts
    from orchestration.run_lock import hold_run_lock, release_run_lock

    settings = load_settings()
    require_warehouse(settings)
    run_id = str(uuid.uuid4())
    hold_run_lock(settings, run_id)
    try:
        result = publish_marts(settings, run_id, accepts_identity_changes=accept)
        copy = _renew(settings)
    finally:
        release_run_lock(settings, run_id)
    if as_json:
        print_json({**asdict(result), "postgres": asdict(copy) if copy else None})
        return
    what = "published" if result.is_new else "unchanged, already published as"
    typer.echo(f"{what} {result.generation} (as of {result.as_of}, {sum(result.row_counts.values()):,} rows)")
    _tell_postgres(copy)


def rollback(
    generation: Annotated[str | None, typer.Argument(help="Where to go; default: what readers saw before.")] = None,
    as_json: AsJson = False,
) -> None:
    """Let readers see an earlier generation again."""
    from orchestration.publish.publisher import RollbackNotRecordedError
    from orchestration.publish.publisher import rollback as roll_back

    settings = load_settings()
    unrecorded = None
    try:
        served = roll_back(settings, generation)
    except RollbackNotRecordedError as error:
        unrecorded = error
    copy = _renew(settings, unrecorded)
    if as_json:
        print_json({"generation": served, "postgres": asdict(copy) if copy else None})
        return
    typer.echo(f"readers see {served} from their next connection on")
    _tell_postgres(copy)


def _renew(settings: Settings, earlier: LifecycleError | None = None) -> PostgresCopy | None:
    """Bring Postgres and the reports to what readers see: both, whatever became of the other or of a step before.

    Raises:
        LifecycleError: what went wrong, all of it, once everything was tried.
    """
    from orchestration.lifecycle_report.writing import write_published_reports
    from orchestration.publish.postgres import copy_to_postgres

    copy, problems = None, [earlier] if earlier else []
    try:
        copy = copy_to_postgres(settings)
    except LifecycleError as error:
        problems.append(error)
    try:
        write_published_reports(settings)
    except LifecycleError as error:
        problems.append(error)
    if len(problems) > 1:
        raise type(problems[0])("\n".join(str(problem) for problem in problems)) from problems[0]
    if problems:
        raise problems[0]
    return copy


def _tell_postgres(copy: PostgresCopy | None) -> None:
    if copy:
        typer.echo(f"Postgres {'brought to' if copy.is_new else 'already holds'} {copy.generation}")


def report(
    out: Annotated[Path | None, typer.Option("--out", help="File to write; the published report by default.")] = None,
    language: Annotated[Language, typer.Option("--language", help="Of the labels.")] = Language.EN,
    as_json: AsJson = False,
) -> None:
    """Write what is published as one HTML file that needs no network: charts and tables, no personal data."""
    from orchestration.lifecycle_report.writing import report_path, write_report

    settings = load_settings()
    if out:
        require_file(out, makes_folder=True)
    path = write_report(settings, language, out or report_path(settings, language))
    if as_json:
        print_json({"report": path})
        return
    typer.echo(path)


def explain(
    identifier: Annotated[str, typer.Argument(help="E-mail address, phone, contact, login, card or customer id.")],
    other: Annotated[str | None, typer.Argument(help="A second one: how do the two hang together?")] = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show personal data unmasked.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say who an identifier belongs to and through which links; of two, whether and why they are one customer."""
    settings = load_settings()
    if other is not None:
        from orchestration.identity.connection import connection_between

        connection = connection_between(settings, identifier, other, reveal=reveal)
        if as_json:
            print_json(connection.as_record())
        else:
            typer.echo(connection.as_text())
        return
    from orchestration.identity.explanation import explain as explain_identifier

    explanation = explain_identifier(settings, identifier, reveal=reveal)
    if as_json:
        print_json(explanation)
    else:
        typer.echo(explanation.as_text())
