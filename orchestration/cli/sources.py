"""Commands about sources: list, check, load, new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from ingestion.errors import LifecycleError
from ingestion.settings import Settings, load_settings
from orchestration.cli.output import AsJson, error_terminal, print_json, terminal
from orchestration.cli.pipeline import day_option

if TYPE_CHECKING:
    from ingestion.sources.loading import SourceOutcome

app = typer.Typer(help="The vendors' APIs data is pulled from.", no_args_is_help=True)


def source_names() -> list[str]:
    """What the shell offers as the name of a source."""
    from ingestion.sources.registry import CONNECTORS

    return [connector.name for connector in CONNECTORS]


Source = Annotated[
    str,
    typer.Argument(help="Name of the source, as `lifecycle sources list` shows it.", autocompletion=source_names),
]


class SourcesFailedError(LifecycleError):
    """At least one source could not be loaded; which and why has been printed."""


@app.command("list")
def list_sources(as_json: AsJson = False) -> None:
    """Show every source: configured or not, last load, rows, cursor, lag."""
    from ingestion.sources.status import read_source_status

    settings = load_settings()
    found = read_source_status(settings)
    if as_json:
        print_json([asdict(one) | {"lag": one.lag} for one in found])
        return
    table = Table("source", "table", "configured", "last load (UTC)", "rows", "cursor (UTC)", "lag", "problem")
    listed = [one for one in found if one.is_configured or one.row_count]
    for one in listed:
        table.add_row(
            one.source,
            one.table,
            "yes" if one.is_configured else "no",
            f"{one.loaded_at:%Y-%m-%d %H:%M}" if one.loaded_at else "-",
            f"{one.row_count:,}",
            f"{one.cursor:%Y-%m-%d %H:%M}" if one.cursor else "-",
            str(one.lag).split(".", maxsplit=1)[0] if one.lag else "-",
            one.problem or "",
        )
    if listed:
        Console(width=None if terminal().is_terminal else 200, emoji=False).print(table)
    for line in _not_configured(settings):
        terminal().print(line, markup=False)


def _not_configured(settings: Settings) -> Iterator[str]:
    """One line per source that is not configured, with what to set in the environment or `.env`."""
    from ingestion.sources.registry import CONNECTORS

    missing = {connector.name: connector.missing(settings) for connector in CONNECTORS}
    if any(missing.values()):
        yield "Not configured (set in the environment or `.env`):"
    for name, credentials in missing.items():
        if credentials:
            yield f"  {name:<16} {', '.join(one.variable for one in credentials)}"


@app.command("check")
def check_one(source: Source, as_json: AsJson = False) -> None:
    """Try the credentials with one page of every resource; nothing is loaded."""
    from ingestion.sources.loading import check_source
    from ingestion.sources.registry import connector_named
    from orchestration.sample_vendors import vendors_of

    connector = connector_named(source)
    with vendors_of(load_settings()) as settings:
        found = check_source(settings, connector)
    if as_json:
        print_json({"source": connector.name, "api_version": connector.api_version, "records_on_first_page": found})
        return
    terminal().print(f"{connector.title} answers at {connector.base_url(settings)} (API {connector.api_version}):")
    for name, count in found.items():
        terminal().print(f"  {name:<24} {count:,} records on the first page")


@app.command("load")
def load(
    source: Annotated[
        str | None, typer.Argument(help="Name of the source; all configured ones without.", autocompletion=source_names)
    ] = None,
    since: Annotated[date | None, day_option("First day of the changes to read again.")] = None,
    until: Annotated[date | None, day_option("Last day of the changes to read again; today without.")] = None,
    as_json: AsJson = False,
) -> None:
    """Load what is new, or again what changed from --since up to the end of --until (the cursor then stays)."""
    from ingestion.sources.loading import load_source, load_sources
    from ingestion.sources.registry import connector_named
    from orchestration.run_lock import hold_run_lock, release_run_lock
    from orchestration.sample_vendors import vendors_of
    from orchestration.source_window import require_begun, window_of

    if source is None and (since or until):
        raise typer.BadParameter("--since and --until need the name of a source")
    own = load_settings()
    window = window_of(own, since, until)
    require_begun(own, since)
    with vendors_of(own) as settings:
        hold_run_lock(settings, "sources")
        try:
            if source is None:
                outcomes = load_sources(settings)
            else:
                outcomes = [load_source(settings, connector_named(source), window=window)]
        finally:
            release_run_lock(settings, "sources")
    if as_json:
        print_json(outcomes)
    else:
        _tell(outcomes)
    for outcome in outcomes:
        if outcome.problem:
            error_terminal().print(f"✗ {outcome.problem}", style="red", markup=False)
    if any(outcome.problem for outcome in outcomes):
        raise SourcesFailedError("Not every source could be loaded; the others were.")


def _tell(outcomes: Sequence[SourceOutcome]) -> None:
    """One line per resource that was loaded."""
    if not outcomes:
        terminal().print("No source is configured; `lifecycle sources list` shows what there is.")
    for outcome in outcomes:
        for one in outcome.resources:
            done = one.promotion
            terminal().print(
                f"{outcome.source}.{one.table}: {done.accepted:,} new, {done.unchanged:,} unchanged, "
                f"{done.quarantined:,} quarantined" + (f" ({done.message})" if done.message else "")
            )


@app.command("new")
def new(vendor: Annotated[str, typer.Argument(help="Name of the vendor in snake_case.")]) -> None:
    """Write the files of a new connector and say which facts are still missing."""
    from ingestion.sources.scaffold import write_connector

    begun = write_connector(vendor)
    for path in begun.written:
        terminal().print(f"written: {path}")
    terminal().print("Still to be made by hand, in files all connectors share (they take it into every run):")
    for place, line in begun.missing.items():
        terminal().print(f"  {place}: {line}")
    terminal().print(
        "Facts still to be filled in: the version and hosts of the API, its limits, paths, members and fields, how it "
        "tells of deletions and merges. `pytest tests/connectors` then tries it; docs/add-a-source.md has the steps."
    )
