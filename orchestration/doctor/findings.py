"""What a check of the doctor says: one line with what was found, and what to do unless all is well."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor.

    Args:
        topic: what was looked at.
        state: `ok`; `warning`: runs work, but somebody should look; `problem`: the next run would fail or do harm.
        found: what is there.
        remedy: what to do; empty when all is well.
    """

    topic: str
    state: State
    found: str
    remedy: str = ""


def well(topic: str, found: str) -> Finding:
    """All is well."""
    return Finding(topic, State.OK, found)


def warning(topic: str, found: str, remedy: str) -> Finding:
    """Runs work, but somebody should look."""
    return Finding(topic, State.WARNING, found, remedy)


def problem(topic: str, found: str, remedy: str) -> Finding:
    """The next run would fail or do harm."""
    return Finding(topic, State.PROBLEM, found, remedy)
