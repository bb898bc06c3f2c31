"""The report as files: `docs/runs/<start>_<run>.json` and `.md`, the newest last by name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingestion.settings import Settings

_NAME = re.compile(r"(\d{8}T\d{6}Z)_[0-9a-f-]+\.json")


def write_report(settings: Settings, report: Mapping[str, Any]) -> Path:
    """Write both files; a report of the same run is replaced.

    Returns:
        Path of the Markdown file.
    """
    settings.run_reports.mkdir(parents=True, exist_ok=True)
    started = datetime.fromisoformat(report["started_at"]).astimezone(UTC)
    path = settings.run_reports / f"{started:%Y%m%dT%H%M%SZ}_{report['run_id']}.json"
    for target, text in ((path.with_suffix(".md"), as_markdown(report)), (path, json.dumps(report, indent=2))):
        new = target.with_name(f".{target.name}.new")
        new.write_text(text, encoding="utf-8")
        new.replace(target)
    return path.with_suffix(".md")


def latest_report(settings: Settings) -> dict[str, Any] | None:
    """The report of the latest run that left one, or None."""
    paths = _paths(settings)
    return json.loads(paths[-1].read_text(encoding="utf-8")) if paths else None


def report_of(settings: Settings, run_id: str) -> dict[str, Any] | None:
    """The report of a run, or None when it left none."""
    found = [path for path in _paths(settings) if path.stem.endswith(run_id)]
    return json.loads(found[-1].read_text(encoding="utf-8")) if found else None


def drop_old_reports(settings: Settings, oldest: datetime) -> int:
    """Drop reports of runs that started before `oldest`, never the latest; returns how many."""
    stamp = f"{oldest.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    old = [path for path in _paths(settings)[:-1] if path.name < stamp]
    for path in old:
        path.with_suffix(".md").unlink(missing_ok=True)
        path.unlink()
    return len(old)


def _paths(settings: Settings) -> list[Path]:
    return sorted(path for path in settings.run_reports.glob("*.json") if _NAME.fullmatch(path.name))


def as_markdown(report: Mapping[str, Any]) -> str:
    """The report for people."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    done = report["reconciliation"]
    yield f"# Run {report['run_id'][:8]}, as of {report['as_of']}: {'good' if report['succeeded'] else 'failed'}\n"
    yield (
        f"{report['job']}, {report['started_at'][:16]} UTC, {report['seconds']:.0f} s, at most "
        f"{report['peak_memory_bytes']['run'] / 1e9:.2f} GB in the run and "
        f"{report['peak_memory_bytes']['largest_child'] / 1e9:.2f} GB in its largest child. "
        f"Readers see {report['generation'] or 'nothing yet'}.\n"
    )
    yield (
        f"Tables: {done['expected_assets']} expected, {done['materialised_assets']} built. "
        f"Checks: {done['expected_checks']} expected, {done['evaluated_checks']} evaluated.\n"
    )
    yield from _list("What went wrong", [f"{cause['place']}: {cause['message']}" for cause in report["causes"]])
    yield from _list("Missing", list(done["missing"])[:50])
    yield from _table("Rows at every border", ("border", "rows"), report["borders"].items())
    yield from _table("Steps", ("step", "status", "s"), [tuple(step.values()) for step in report["steps"]])
    held = [tuple(row.values()) for row in report["quarantine"]]
    yield from _table("In quarantine", ("source", "entity", "reason", "rows"), held)
    yield from _changes(report["changes"])


def _changes(changes: Mapping[str, Any] | None) -> Iterator[str]:
    if changes is None:
        return
    yield f"## Changed since {changes['compared_with']}\n"
    people = [(name, found["before"], found["after"]) for name, found in changes["people"].items()]
    yield from _table("People", ("people", "before", "after"), people)
    stages = [tuple(stage.values()) for stage in changes["stages"]]
    yield from _table("Stages", ("model", "stage", "before", "after"), stages)
    yield from _table("KPIs", ("KPI", "before", "after"), [tuple(kpi.values()) for kpi in changes["kpis"]])


def _list(title: str, items: list[str]) -> Iterator[str]:
    if items:
        yield f"## {title}\n"
        yield from (f"- {_cell(item)}" for item in items)
        yield ""


def _table(title: str, head: tuple[str, ...], rows: Any) -> Iterator[str]:  # noqa: ANN401 (rows of any cells)
    found = list(rows)
    if found:
        yield f"### {title}\n"
        yield f"| {' | '.join(head)} |"
        yield f"|{' --- |' * len(head)}"
        yield from (f"| {' | '.join(_cell(cell) for cell in row)} |" for row in found)
        yield ""


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, float):
        return f"{value:,.4g}"
    return "–" if value is None else " ".join(str(value).split()).replace("|", "\\|")
