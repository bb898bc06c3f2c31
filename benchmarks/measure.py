"""How a benchmark measures: wall time, processor time and peak memory of a program with its children, from outside."""

from __future__ import annotations

import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PAGE = 4096


@dataclass(frozen=True, slots=True)
class Sample:
    """What was used at one moment.

    Args:
        moment: seconds since the epoch.
        resident_bytes: memory of the program and its children.
        spilled_bytes: what lay in the watched folders.
    """

    moment: float
    resident_bytes: int
    spilled_bytes: int


@dataclass(frozen=True, slots=True)
class Measurement:
    """One program run.

    Args:
        seconds: wall time.
        cpu_seconds: time on processors, of all of them together; it tells more than wall time on a busy machine.
        peak_bytes: largest sum of resident memory of the program and its children, sampled every 0.1 s.
        output: what it printed.
        samples: what was used meanwhile.
    """

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    output: str
    samples: tuple[Sample, ...] = ()

    @property
    def peak_gigabytes(self) -> float:
        """Peak memory in 10^9 bytes."""
        return self.peak_bytes / 1e9


def run(command: Sequence[str], environment: Mapping[str, str], spill: Path | None = None) -> Measurement:
    """Run a program to its end and measure it.

    Args:
        command: the program with its arguments.
        environment: its variables.
        spill: a folder; what lies in it and in folders beside it whose names begin with its name is sampled, too.

    Raises:
        RuntimeError: when it fails, with its output.
    """
    started, used = time.perf_counter(), _cpu_seconds()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    samples: list[Sample] = []
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(0.1):
            samples.append(Sample(time.time(), _resident_bytes(process.pid), _bytes_in(spill)))

    sampler = threading.Thread(target=sample, daemon=True)
    sampler.start()
    output, _ = process.communicate()
    ended.set()
    sampler.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}:\n{output}")
    peak = max((sample.resident_bytes for sample in samples), default=0)
    return Measurement(time.perf_counter() - started, _cpu_seconds() - used, peak, output, tuple(samples))


def _cpu_seconds() -> float:
    """Of all children that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _bytes_in(spill: Path | None) -> int:
    if spill is None:
        return 0
    found = 0
    for path in spill.parent.glob(f"{spill.name}*/**/*"):
        with suppress(FileNotFoundError):  # it is removed as soon as it is not needed
            found += path.stat().st_size if path.is_file() else 0
    return found


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
