"""Commands that look after the warehouse and its alerts: maintenance, alerts, backfill."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from ingestion.settings import Settings, load_settings
from orchestration.cli.output import AsJson, print_json, terminal
from orchestration.cli.pipeline import AsOf, day_option, execute

if TYPE_CHECKING:
    from orchestration.maintenance.backup import Backup

maintenance = typer.Typer(no_args_is_help=True, help="Back up, restore, rebuild the file, drop old history, verify.")
alerts = typer.Typer(no_args_is_help=True, help="Alerts raised, sent or waiting.")


def backfill(
    since: Annotated[date, day_option("First day of the changes to read again.")],
    until: Annotated[date, day_option("Last day of the changes to read again, included.")],
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Besides what is new, read again what changed at the sources between two dates; build, check and publish."""
    from orchestration.jobs import BACKFILL
    from orchestration.source_window import require_begun, window_of

    settings = load_settings()
    window_of(settings, since, until)
    require_begun(settings, since)
    execute(settings, terminal(), as_of=as_of, as_json=as_json, job=BACKFILL, since=since, until=until)


@maintenance.command("run")
def run_all(as_json: AsJson = False) -> None:
    """Do all of it as the job does on Sundays: backup, rebuild of a bloated file, retention."""
    from orchestration.instance import open_instance
    from orchestration.maintenance.backup import back_up as make_backup
    from orchestration.maintenance.compaction import compact as rebuild
    from orchestration.maintenance.retention import drop_history

    settings = load_settings()
    with _held(settings, "maintenance"), open_instance(settings) as instance:
        made, rebuilt, dropped = make_backup(settings), rebuild(settings), drop_history(settings, instance)
    text = (
        f"backup    {made.path}\n"
        f"file      {rebuilt.free_share:.0%} empty, {'rebuilt' if rebuilt.is_rebuilt else 'left as it is'}\n"
        f"dropped   {dropped.runs} runs, {dropped.reports} reports, {dropped.alerts} alerts, "
        f"{dropped.verdicts} verdicts"
    )
    _tell({"backup": asdict(made), "compaction": asdict(rebuilt), "retention": asdict(dropped)}, text, as_json)


@maintenance.command("backup")
def back_up(as_json: AsJson = False) -> None:
    """Copy the warehouse, read the copy back and compare every table."""
    from orchestration.maintenance.backup import back_up as make_backup

    settings = load_settings()
    with _held(settings, "backup"):
        made = make_backup(settings)
    _tell(made, f"{made.path}: {made.bytes / 1e6:,.1f} MB, {made.tables} tables compared", as_json)


@maintenance.command("backups")
def list_backups(as_json: AsJson = False) -> None:
    """Show the backups there are."""
    from orchestration.maintenance.backup import read_backups

    found: list[Backup] = read_backups(load_settings())
    lines = [f"{one.name}  {one.bytes / 1e6:,.1f} MB  {one.tables} tables" for one in found]
    _tell(found, "\n".join(lines) or "There is no backup yet: `lifecycle maintenance backup`.", as_json)


@maintenance.command("restore")
def restore(
    name: Annotated[str | None, typer.Argument(help="Which backup; the latest without.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the warehouse's place; the present file is kept beside it. Readers see no difference."""
    from orchestration.maintenance.backup import chosen_backup
    from orchestration.maintenance.backup import restore as put_back

    settings = load_settings()
    chosen = chosen_backup(settings, name)
    if not yes:
        typer.confirm(f"Replace {settings.warehouse} by the backup {chosen}?", abort=True, err=as_json)
    with _held(settings, "restore"):
        done = put_back(settings, chosen)
    _tell(done, f"Restored {done.name}. `lifecycle run` brings it up to date.", as_json)


@maintenance.command("compact")
def compact(as_json: AsJson = False) -> None:
    """Rebuild the warehouse file, whatever its size: deleted rows are then gone from it.

    Backups, `warehouse.before_restore` and kept generations made before still hold them.
    """
    from orchestration.maintenance.compaction import compact as rebuild

    settings = load_settings()
    with _held(settings, "compact"):
        done = rebuild(settings, force=True)
    _tell(done, f"{done.bytes_before / 1e6:,.1f} MB → {done.bytes_after / 1e6:,.1f} MB", as_json)


@maintenance.command("verify")
def verify(
    whole: Annotated[bool, typer.Option("--all", help="No sample: all of it; takes as long as building.")] = False,
    as_json: AsJson = False,
) -> None:
    """Compare a sample of what the runs have built with what a full refresh would build; another sample every day."""
    from orchestration.verification.sample import verify as compare

    settings = load_settings()
    with _held(settings, "verify"):
        found = compare(settings, whole=whole)
    lines = [f"{one.table:<40} {one.row_count:>12,} rows, no difference" for one in found]
    _tell(found, "\n".join(lines), as_json)


@alerts.command("list")
def list_alerts(as_json: AsJson = False) -> None:
    """Show alerts, oldest first: where each was sent, or why not."""
    from orchestration.alerts.outbox import read_alerts

    found = read_alerts(load_settings())
    lines = [
        f"{one.raised_at[:16]}  {one.subject}  "
        + (f"sent: {', '.join(one.sent_at)}" if one.sent_at else f"not sent: {one.problem or 'not tried yet'}")
        + "".join(f"; {refused}" for refused in one.refused.values())
        for one in found
    ]
    _tell(found, "\n".join(lines) or "No alert was raised.", as_json)


@alerts.command("test")
def try_channels(as_json: AsJson = False) -> None:
    """Send a test message through every configured channel."""
    from orchestration.alerts.channels import require_channels

    channels = require_channels(load_settings())
    sent = []
    for channel in channels:
        refused = channel.send("Test of the alerts", "Sent by `lifecycle alerts test`. Nothing is wrong.")
        sent.append({"channel": channel.name, "refused": refused})
        if not as_json:
            terminal().print(f"{channel.name}: sent" + (f", but {refused}" if refused else ""), markup=False)
    if as_json:
        print_json(sent)


def _tell(value: object, text: str, as_json: bool) -> None:
    if as_json:
        print_json(value)
    else:
        terminal().print(text, markup=False)


@contextmanager
def _held(settings: Settings, name: str) -> Iterator[None]:
    """The run lock, so that no run begins meanwhile; of what needs a warehouse, only where there is one."""
    from ingestion.warehouse import require_warehouse
    from orchestration.run_lock import hold_run_lock, release_run_lock

    if name != "restore":
        require_warehouse(settings)
    hold_run_lock(settings, name)
    try:
        yield
    finally:
        release_run_lock(settings, name)
