"""What the terminal shows of a run: one line per finished step, those that failed marked."""

from __future__ import annotations

import io

import dagster as dg
from rich.console import Console

from orchestration.progress import Progress


@dg.op
def staging() -> int:
    return 1


@dg.op
def conformed(rows: int) -> int:
    raise ValueError(f"{rows} rows are too few")


@dg.op
def identity(rows: int) -> int:
    return rows


@dg.job
def daily():
    identity(conformed(staging()))


def test_every_step_that_ended_is_shown_once_and_a_failed_one_is_marked():
    said = io.StringIO()
    progress = Progress(Console(file=said, width=100), interval=0.01)
    with dg.DagsterInstance.ephemeral() as instance:
        progress.follow(instance, "00000000-0000-0000-0000-000000000001")
        daily.execute_in_process(instance=instance, run_id="00000000-0000-0000-0000-000000000001", raise_on_error=False)
        progress.stop()
    lines = [line.rsplit(maxsplit=2)[0] for line in said.getvalue().splitlines() if line[:1] in "✓✗"]
    assert lines == ["✓ building staging", "✗ building conformed entities"]
