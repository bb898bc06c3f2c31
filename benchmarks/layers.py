"""What each step of a measured run took: seconds from the run's report, memory and spilled bytes from the samples."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from benchmarks.measure import Sample


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run.

    Args:
        name: of the step.
        seconds: it took.
        peak_bytes: most memory of the run's processes meanwhile.
        spilled_bytes: most that lay in the spill folders meanwhile.
    """

    name: str
    seconds: float
    peak_bytes: int
    spilled_bytes: int


def steps_of(report: Path, samples: Iterable[Sample]) -> list[Step]:
    """The steps of a run in the order they ran: one after the other, from the run's start on.

    Args:
        report: the run's report.
        samples: what was used while it ran.
    """
    told = json.loads(report.read_text(encoding="utf-8"))
    begin = datetime.fromisoformat(told["started_at"]).timestamp()
    known = sorted(samples, key=lambda sample: sample.moment)
    steps = []
    for step in told["steps"]:
        end = begin + step["seconds"]
        meanwhile = [sample for sample in known if begin <= sample.moment <= end]
        steps.append(
            Step(
                step["step"],
                step["seconds"],
                max((sample.resident_bytes for sample in meanwhile), default=0),
                max((sample.spilled_bytes for sample in meanwhile), default=0),
            )
        )
        begin = end
    return steps
