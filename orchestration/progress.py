"""What the terminal shows while a run works: the step at hand and how long the finished ones took.

Only presentation lives here; it reads what is new in the run's event log, never the whole of it again.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dagster as dg
    from rich.console import Console
    from rich.status import Status

STEP_WORDS = {
    "inbox": "loading the inbox",
    "sources": "loading the sources",
    "ops__loads_every_source_was_loaded": "checking that every source was loaded",
    "g1_raw": "checking what was delivered (G1)",
    "staging": "building staging",
    "conformed": "building conformed entities",
    "g1b_conformed": "checking that no record was lost (G1b)",
    "identity": "resolving identities",
    "lifecycle": "building touchpoints and lifecycle stages",
    "profile": "building the customer profile",
    "g2_profile": "checking the profile (G2)",
    "g2b_population": "comparing the population with earlier runs (G2b)",
    "marts": "building KPI marts",
    "g3_marts": "checking the marts (G3)",
    "serving__postgres": "copying to Postgres",
    "ops__run_report": "reconciling the run",
}


class Progress:
    """Follows one run from a thread of its own and prints a line per finished step."""

    def __init__(self, console: Console, *, interval: float = 1.0) -> None:
        self._console = console
        self._interval = interval
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def prepare(self) -> None:
        """Say that the start takes a while; no step has begun yet."""
        self._console.print("preparing the project (the first run reads all models) …")

    def follow(self, instance: dg.DagsterInstance, run_id: str) -> None:
        """Start to follow the run."""
        self._thread = threading.Thread(target=self._watch, args=(instance, run_id), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop following; what has finished since is still printed."""
        self._ended.set()
        if self._thread:
            self._thread.join()

    def _watch(self, instance: dg.DagsterInstance, run_id: str) -> None:
        from dagster import DagsterEventType

        steps = {DagsterEventType.STEP_START, DagsterEventType.STEP_SUCCESS, DagsterEventType.STEP_FAILURE}
        started: dict[str, float] = {}
        cursor: str | None = None
        with self._console.status("starting") as status:
            while True:
                last = self._ended.wait(self._interval)
                news = instance.get_records_for_run(run_id, cursor=cursor, of_type=steps)
                cursor = news.cursor
                for record in news.records:
                    self._show(record.event_log_entry, started, status)
                if last and not news.has_more:
                    return

    def _show(self, entry: dg.EventLogEntry, started: dict[str, float], status: Status) -> None:
        event = entry.get_dagster_event()
        step = str(event.step_key)
        words = STEP_WORDS.get(step, "publishing" if "publication" in step else step)
        if event.is_step_start:
            started[step] = entry.timestamp
            status.update(words)
        else:
            mark = "[green]✓[/]" if event.is_step_success else "[red]✗[/]"
            self._console.print(f"{mark} {words} [dim]{entry.timestamp - started.get(step, entry.timestamp):.1f} s[/]")
