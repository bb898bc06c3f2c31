"""Commands about the state of things: status, doctor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ingestion.errors import LifecycleError
from ingestion.settings import load_settings
from orchestration.cli.output import AsJson, print_json, terminal

_SIGNS = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "problem": "[red]✗[/]"}


class UnfitError(LifecycleError):
    """The doctor found something that would make the next run fail; it has been printed."""


def status(as_json: AsJson = False) -> None:
    """Show the last run, what is loaded, built and published, how old it is, and when the next run starts."""
    from orchestration.status import read_status

    settings = load_settings()
    figures = read_status(settings)
    if as_json:
        print_json(figures)
        return
    for name, text in status_lines(figures, settings.timezone):
        terminal().print(f"{name:<26} {text}", markup=False)


def doctor(as_json: AsJson = False) -> None:
    """Check this machine, the installation and the data directory; say what to do about what is wrong."""
    from rich.markup import escape

    from orchestration.doctor.diagnosis import diagnose
    from orchestration.doctor.findings import State

    findings = diagnose(load_settings())
    if as_json:
        print_json(findings)
    else:
        for one in findings:
            remedy = f"\n  → {one.remedy}" if one.remedy else ""
            terminal().print(f"{_SIGNS[one.state.value]} {one.topic:<14} {escape(one.found + remedy)}")
    problems = [one.topic for one in findings if one.state is State.PROBLEM]
    if problems:
        raise UnfitError(f"The next run would fail: {', '.join(problems)}.")


def status_lines(figures: dict[str, Any], timezone: str) -> Iterator[tuple[str, str]]:
    """One fact per line, as name and text.

    Args:
        figures: what `read_status` found.
        timezone: business time zone, in which all times are told.
    """
    for name, value in figures.items():
        words = name.replace("_", " ")
        if name == "next_run_at" and value is None:
            is_ready = figures.get("scheduler") == "running"
            yield "next run", "none; switch the daily schedule on in the UI" if is_ready else "none; start `make ui`"
        elif isinstance(value, dict) and value:
            yield from _parts(words, value, timezone)
        else:
            yield words, _told(value, timezone)


def _parts(words: str, parts: dict[str, Any], timezone: str) -> Iterator[tuple[str, str]]:
    for part, value in parts.items():
        if part == "process_is_gone":
            if value:
                yield f"{words} process", "gone: it ended before the run did; `lifecycle run` goes on from there"
        else:
            yield f"{words} {part.replace('_', ' ')}", _told(value, timezone)


def _told(value: Any, timezone: str) -> str:  # noqa: ANN401 (whatever the status holds)
    if value is None or value == {}:
        return "–"
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return f"{aware.astimezone(ZoneInfo(timezone)):%Y-%m-%d %H:%M %Z}"
    return f"{value:,}" if isinstance(value, int) else str(value)
