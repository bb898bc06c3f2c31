"""`make bench-kills`: runs killed at random instants must publish in the end what an undisturbed run does.

Each killed run goes on from what the one before left. After every few kills a run is let through and compared with the
undisturbed one, table by table. Size: `python -m benchmarks.kills --people 300 --kills 200 --every 10 --seed 1`.
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
from collections.abc import Mapping
from pathlib import Path

from ingestion.settings import Settings
from orchestration.publish.generation import read_manifest
from orchestration.publish.pointer import current_generation

END = "2026-06-30"
SEED = 7
LIFECYCLE = str(Path(sys.executable).with_name("lifecycle"))


def main() -> None:
    """Kill, let through, compare; print where the kills fell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--every", type=int, default=10, help="let a run through after so many kills")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="lifecycle-kills-"))
    try:
        _measure(root, asked)
    finally:
        shutil.rmtree(root)


def _measure(root: Path, asked: argparse.Namespace) -> None:
    undisturbed, disturbed = (Settings(data_dir=root / name, _env_file=None) for name in ("undisturbed", "disturbed"))
    company = [sys.executable, "-m", "ingestion.sandbox", "--people", str(asked.people), "--seed", str(SEED)]
    places = ["--end", END, "--inbox", str(undisturbed.inbox), "--truth", str(root / "truth")]
    subprocess.run([*company, *places], check=True, stdout=subprocess.DEVNULL)
    shutil.copytree(undisturbed.inbox, disturbed.inbox)
    started = time.monotonic()
    _finish(undisturbed)
    seconds = time.monotonic() - started
    expected = _published(undisturbed)
    print(f"undisturbed: {seconds:.0f} s, {len(expected)} tables")
    chance, fallen = random.Random(asked.seed), Counter[str]()  # noqa: S311 (not for secrets)
    for number in range(1, asked.kills + 1):
        fallen[_kill_after(disturbed, chance.uniform(0, seconds))] += 1
        if number % asked.every == 0 or number == asked.kills:
            _finish(disturbed)
            _compare(expected, _published(disturbed), number)
    print(f"{asked.kills} kills, nothing lost or doubled; the last step seen before each:")
    for step, count in fallen.most_common():
        print(f"  {count:5}  {step}")


def _kill_after(settings: Settings, seconds: float) -> str:
    """Start a run, kill it with all its children; returns the last step it said it had finished."""
    process = subprocess.Popen(
        [LIFECYCLE, "run", "--as-of", END], env=_environment(settings), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, start_new_session=True,
    )  # fmt: skip
    try:
        said, _ = process.communicate(timeout=seconds)
        return f"(ended before: {said.splitlines()[-1] if said else process.returncode})"
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        said, _ = process.communicate()
    steps = [line for line in said.splitlines() if line.startswith("✓")]
    return steps[-1].rsplit(" ", 2)[0] if steps else "(none yet)"


def _finish(settings: Settings) -> None:
    told = subprocess.run(
        [LIFECYCLE, "run", "--as-of", END, "--json"], env=_environment(settings), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if told.returncode:
        raise RuntimeError(f"the run after the kills failed:\n{told.stdout}{told.stderr}")


def _published(settings: Settings) -> Mapping[str, str]:
    manifest = read_manifest(settings.serving, str(current_generation(settings.serving)))
    return manifest.fingerprints


def _compare(expected: Mapping[str, str], found: Mapping[str, str], number: int) -> None:
    differing = sorted(table for table in expected.keys() | found.keys() if expected.get(table) != found.get(table))
    if differing:
        raise RuntimeError(f"after {number} kills these marts differ from an undisturbed run: {', '.join(differing)}")
    print(f"after {number} kills: equal")


def _environment(settings: Settings) -> dict[str, str]:
    return {**os.environ, "LIFECYCLE_DATA_DIR": str(settings.data_dir), "COLUMNS": "200"}


if __name__ == "__main__":
    main()
