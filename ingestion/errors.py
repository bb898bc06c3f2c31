"""The base of all errors meant for the person at the command line or in the UI, and the exit codes of the command.

Each error says what happened, where and what to do, and never contains a delivered value. Its subclasses stand in the
modules that raise them.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What the `lifecycle` command ends with. This is the one home of the codes; help and documents show them."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    LOCKED = 3
    NO_DATA = 4

    @property
    def meaning(self) -> str:
        """The code in words."""
        return _MEANINGS[self]


_MEANINGS = {
    ExitCode.DONE: "done",
    ExitCode.FAILED: "a run, check or publication failed",
    ExitCode.USAGE: "wrong usage or a setting that cannot be read",
    ExitCode.LOCKED: "another process holds the warehouse",
    ExitCode.NO_DATA: "there is nothing to work on yet",
}


class LifecycleError(RuntimeError):
    """An expected failure with a message for its reader.

    Attributes:
        exit_code: what the `lifecycle` command ends with.
    """

    exit_code: ClassVar[int] = ExitCode.FAILED
