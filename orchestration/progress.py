"""What the terminal shows while a run works: the step at hand and how long the finished ones took.

Only presentation lives here; it reads step statistics of the run from the Dagster instance.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dagster as dg
    from rich.console import Console

STEP_WORDS = {
    "inbox": "loading the inbox",
    "sources": "loading the sources",
    "ops__loads_every_source_was_loaded": "checking that every source was loaded",
    "g1_raw": "checking what was delivered (G1)",
    "staging": "building staging",
    "conformed": "building conformed entities",
    "identity": "resolving identities",
    "lifecycle": "building touchpoints and lifecycle stages",
    "profile": "building the customer profile",
    "g2_profile": "checking the profile (G2)",
    "marts": "building KPI marts",
    "g3_marts": "checking the marts (G3)",
    "ops__run_report": "reconciling the run",
}


class Progress:
    """Follows one run from a thread of its own and prints a line per finished step."""

    def __init__(self, console: Console, *, interval: float = 1.0) -> None:
        self._console = console
        self._interval = interval
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

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
        shown: set[str] = set()
        with self._console.status("starting") as status:
            while True:
                last = self._ended.wait(self._interval)
                self._show(instance, run_id, shown, status.update)
                if last:
                    return

    def _show(self, instance: dg.DagsterInstance, run_id: str, shown: set[str], update: object) -> None:
        for step in instance.get_run_step_stats(run_id):
            words = STEP_WORDS.get(step.step_key, "publishing" if "publication" in step.step_key else step.step_key)
            if step.end_time is None:
                if callable(update):
                    update(words)
            elif step.step_key not in shown:
                shown.add(step.step_key)
                ok = step.status is not None and step.status.value == "SUCCESS"
                seconds = step.end_time - (step.start_time or step.end_time)
                self._console.print(f"{'[green]✓[/]' if ok else '[red]✗[/]'} {words} [dim]{seconds:.1f} s[/]")
