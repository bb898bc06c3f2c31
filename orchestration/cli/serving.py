"""Commands about what is published and who is in it: status, publish, rollback, report, explain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ingestion.settings import load_settings
from orchestration.lifecycle_report.model import Language


def status(as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")] = False) -> None:
    """Show what is loaded, built and published."""
    import json

    from orchestration.status import read_status

    figures = read_status(load_settings())
    if as_json:
        typer.echo(json.dumps(figures, indent=2, default=str))
        return
    console = Console(soft_wrap=True, highlight=False)
    for name, value in figures.items():
        console.print(f"{name.replace('_', ' '):<22} {'–' if value is None else value}", markup=False)


def publish(
    accept: Annotated[
        bool,
        typer.Option("--accept-identity-changes", help="Publish although many people are merged or split."),
    ] = False,
) -> None:
    """Publish the built marts, if every required check has a stored pass for exactly this data."""
    import uuid

    from orchestration.lifecycle_report.writing import write_published_reports
    from orchestration.publish.publisher import publish as publish_marts
    from orchestration.run_lock import hold_run_lock, release_run_lock

    settings = load_settings()
    run_id = str(uuid.uuid4())
    hold_run_lock(settings, run_id)
    try:
        result = publish_marts(settings, run_id, accepts_identity_changes=accept)
    finally:
        release_run_lock(settings, run_id)
    reports = write_published_reports(settings)
    what = "published" if result.is_new else "unchanged, already published as"
    typer.echo(f"{what} {result.generation} (as of {result.as_of}, {sum(result.row_counts.values()):,} rows)")
    typer.echo(f"report: {', '.join(map(str, reports.values()))}")


def rollback(
    generation: Annotated[str | None, typer.Argument(help="Generation to go to; default: the one before.")] = None,
) -> None:
    """Let readers see an earlier generation again."""
    from orchestration.lifecycle_report.writing import write_published_reports
    from orchestration.publish.publisher import rollback as roll_back

    settings = load_settings()
    typer.echo(f"readers see {roll_back(settings, generation)} from their next connection on")
    write_published_reports(settings)


def report(
    out: Annotated[Path | None, typer.Option("--out", help="File to write; the published report by default.")] = None,
    language: Annotated[Language, typer.Option("--language", help="Of the labels.")] = Language.EN,
) -> None:
    """Write what is published as one HTML file that needs no network: charts and tables, no personal data."""
    from orchestration.lifecycle_report.writing import report_path, write_report

    settings = load_settings()
    typer.echo(write_report(settings, language, out or report_path(settings, language)))


def explain(
    identifier: Annotated[str, typer.Argument(help="E-mail address, phone, contact, login, card or customer id.")],
    other: Annotated[str | None, typer.Argument(help="A second one: how do the two hang together?")] = None,
    reveal: Annotated[bool, typer.Option("--reveal", help="Show personal data unmasked.")] = False,
) -> None:
    """Say who an identifier belongs to and through which links; of two, whether and why they are one customer."""
    settings = load_settings()
    if other:
        from orchestration.identity.connection import connection_between

        typer.echo(connection_between(settings, identifier, other, reveal=reveal).as_text())
        return
    from orchestration.identity.explanation import explain as explain_identifier

    typer.echo(explain_identifier(settings, identifier, reveal=reveal).as_text())
