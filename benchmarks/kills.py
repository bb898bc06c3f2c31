"""`make bench-kills`: runs killed at random instants must publish in the end what an undisturbed run does.

The company is that of the demo: part of it lies in the inbox, the rest is read from its vendors, served by the sandbox.
Each killed run goes on from what the one before left: either the dead run is started again from where it died, as the
daemon does it, or a new one begins, as somebody at the command line does it. After every few kills a new run is let
through and compared with the undisturbed one, table by table. A run that ended before its kill does not count. When the
minutes are over the last run is let through and compared, and the kills there were are told. Size: `python -m
benchmarks.kills --people 300 --kills 200 --every 10 --minutes 180 --seed 1`.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import dagster as dg

from ingestion.settings import Settings
from orchestration.instance import open_instance
from orchestration.progress import STEP_WORDS
from orchestration.publish.generation import read_manifest
from orchestration.publish.pointer import current_generation
from orchestration.sample_company import deliver_sample_company

END = "2026-06-30"
SEED = 7
_OF_STEPS = {dg.DagsterEventType.STEP_START, dg.DagsterEventType.STEP_SUCCESS, dg.DagsterEventType.STEP_FAILURE}
ANEW = (str(Path(sys.executable).with_name("lifecycle")), "run", "--as-of", END)
RESUMED = (sys.executable, "-m", "benchmarks.resumption")
SHARE_RESUMED = 0.75
PART_OF_RESUMED = 1 / 3
"""Up to which part of a whole run's time one that was started again is killed: it has less left to do."""


def main() -> None:
    """Kill, let through, compare; print where the kills fell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--every", type=int, default=10, help="let a run through after so many kills")
    parser.add_argument("--minutes", type=float, default=180, help="let the last run through after so much time")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="lifecycle-kills-"))
    try:
        _measure(root, asked)
    finally:
        shutil.rmtree(root)


def _measure(root: Path, asked: argparse.Namespace) -> None:
    undisturbed, disturbed = (Settings(data_dir=root / name, _env_file=None) for name in ("undisturbed", "disturbed"))
    deliver_sample_company(undisturbed, asked.people, SEED, date.fromisoformat(END))
    shutil.copytree(undisturbed.data_dir, disturbed.data_dir)
    seconds = _finish(undisturbed)
    expected = _published(undisturbed)
    print(f"undisturbed: {seconds:.0f} s, {len(expected)} tables", flush=True)
    fallen = _kill_and_compare(disturbed, expected, seconds, asked)
    print(f"{fallen.total()} kills, nothing lost or doubled; the step each fell into:")
    for step, count in fallen.most_common():
        print(f"  {count:5}  {step}")


def _kill_and_compare(
    settings: Settings, expected: Mapping[str, str], seconds: float, asked: argparse.Namespace
) -> Counter[str]:
    """Kill runs at instants of their usual time; returns how many fell into each step."""
    chance, fallen = random.Random(asked.seed), Counter[str]()  # noqa: S311 (not for secrets)
    ends_at = time.monotonic() + 60 * asked.minutes
    while fallen.total() < asked.kills and time.monotonic() < ends_at:
        step = _kill_one(settings, chance, seconds)
        if step is None:
            continue
        fallen[step] += 1
        print(f"kill {fallen.total()}: {step}", flush=True)
        if fallen.total() % asked.every == 0:
            seconds = _finish(settings)
            _compare(expected, _published(settings), fallen.total())
    if fallen.total() % asked.every:
        _finish(settings)
        _compare(expected, _published(settings), fallen.total())
    return fallen


def _kill_one(settings: Settings, chance: random.Random, seconds: float) -> str | None:
    """Begin a run or start a dead one again, and kill it at an instant of its usual time; returns as `_kill_after`."""
    if _has_died(settings) and chance.random() < SHARE_RESUMED:
        step = _kill_after(settings, RESUMED, chance.uniform(0, seconds * PART_OF_RESUMED))
        return step and f"{step}, started again"
    return _kill_after(settings, ANEW, chance.uniform(0, seconds))


def _has_died(settings: Settings) -> bool:
    with open_instance(settings) as instance:
        runs = instance.get_runs(limit=1)
    return bool(runs) and runs[0].status in (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE)


def _kill_after(settings: Settings, command: Sequence[str], seconds: float) -> str | None:
    """Start a run, kill it with all its children.

    Returns:
        The step it was in; None when it ended before.

    Raises:
        RuntimeError: when it failed by itself.
    """
    before = _latest_run(settings)
    process = subprocess.Popen(
        command, env=_environment(settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    try:
        said, complaints = process.communicate(timeout=seconds)
        if process.returncode:
            raise RuntimeError(f"a run after a kill failed:\n{said}{complaints}")
        return None
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    return "before the first step" if _latest_run(settings) == before else _step_of(settings)


def _latest_run(settings: Settings) -> str:
    with open_instance(settings) as instance:
        return next((run.run_id for run in instance.get_runs(limit=1)), "")


def _step_of(settings: Settings) -> str:
    """The step the latest run had begun and not ended, in the words people are told it with."""
    with open_instance(settings) as instance:
        [run] = instance.get_runs(limit=1)
        events = [entry.dagster_event for entry in instance.all_logs(run.run_id, of_type=_OF_STEPS)]
    ended = {event.step_key for event in events if event and not event.is_step_start}
    begun = [str(event.step_key) for event in events if event and event.is_step_start]
    open_steps = [STEP_WORDS.get(step, step) for step in begun if step not in ended]
    if open_steps:
        return open_steps[-1]
    return f"after {STEP_WORDS.get(begun[-1], begun[-1])}" if begun else "before the first step"


def _finish(settings: Settings) -> float:
    """Let a run through; returns how many seconds it took."""
    started = time.monotonic()
    told = subprocess.run(
        [*ANEW, "--json"], env=_environment(settings), capture_output=True, text=True, check=False
    )  # fmt: skip
    if told.returncode:
        raise RuntimeError(f"the run after the kills failed:\n{told.stdout}{told.stderr}")
    return time.monotonic() - started


def _published(settings: Settings) -> Mapping[str, str]:
    manifest = read_manifest(settings.serving, str(current_generation(settings.serving)))
    return manifest.fingerprints


def _compare(expected: Mapping[str, str], found: Mapping[str, str], number: int) -> None:
    differing = sorted(table for table in expected.keys() | found.keys() if expected.get(table) != found.get(table))
    if differing:
        raise RuntimeError(f"after {number} kills these marts differ from an undisturbed run: {', '.join(differing)}")
    print(f"after {number} kills: equal", flush=True)


def _environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, "LIFECYCLE_DATA_DIR": str(settings.data_dir), "COLUMNS": "200"}


if __name__ == "__main__":
    main()
