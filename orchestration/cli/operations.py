"""Commands about the state of things: status, doctor."""

from __future__ import annotations

from typing import Any

from ingestion.errors import LifecycleError
from ingestion.settings import load_settings
from orchestration.cli.output import AsJson, print_json, terminal

_SIGNS = {"ok": "[green]✓[/]", "warning": "[yellow]![/]", "problem": "[red]✗[/]"}


class UnfitError(LifecycleError):
    """The doctor found something that would make the next run fail; it has been printed."""


def status(as_json: AsJson = False) -> None:
    """Show the last run, what is loaded, built and published, how old it is, and when the next run starts."""
    from orchestration.status import read_status

    figures = read_status(load_settings())
    if as_json:
        print_json(figures)
        return
    for name, value in figures.items():
        terminal().print(f"{name.replace('_', ' '):<22} {_told(value)}", markup=False)


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


def _told(value: Any) -> str:  # noqa: ANN401 (whatever the status holds)
    if value is None or value == {}:
        return "–"
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_told(part)}" for name, part in value.items())
    return f"{value:,}" if isinstance(value, int) else str(value)
