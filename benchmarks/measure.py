"""How a benchmark measures: wall time, processor time and peak memory of a program with its children, from outside."""

from __future__ import annotations

import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PAGE = 4096


@dataclass(frozen=True, slots=True)
class Measurement:
    """One program run.

    Args:
        seconds: wall time.
        cpu_seconds: time on processors, of all of them together; it tells more than wall time on a busy machine.
        peak_bytes: largest sum of resident memory of the program and its children, sampled every 0.1 s.
        output: what it printed.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str

    @property
    def peak_gigabytes(self) -> float:
        """Peak memory in 10^9 bytes."""
        return self.peak_bytes / 1e9


def run(command: Sequence[str], environment: Mapping[str, str]) -> Measurement:
    """Run a program to its end and measure it. Raises RuntimeError with its output when it fails."""
    started, used = time.perf_counter(), _cpu_seconds()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    peak = [0]
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(0.1):
            peak[0] = max(peak[0], _resident_bytes(process.pid))

    sampler = threading.Thread(target=sample, daemon=True)
    sampler.start()
    output, _ = process.communicate()
    ended.set()
    sampler.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{output}")
    return Measurement(time.perf_counter() - started, _cpu_seconds() - used, peak[0], output)


def _cpu_seconds() -> float:
    """Of all children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _resident_bytes(root: int) -> int:
    parents = {}
    resident = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            fields = (path / "stat").read_text().rsplit(") ", 1)[1].split()
            resident[int(path.name)] = int((path / "statm").read_text().split()[1]) * PAGE
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(path.name)] = int(fields[1])
    family = {root}
    grown = True
    while grown:
        children = {pid for pid, parent in parents.items() if parent in family} - family
        family |= children
        grown = bool(children)
    return sum(resident.get(pid, 0) for pid in family)
