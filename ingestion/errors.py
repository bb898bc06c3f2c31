"""The base of all errors meant for the person at the command line or in the UI.

Each error says what happened, where and what to do, and never contains a delivered value. Its subclasses stand in the
modules that raise them.
"""

from __future__ import annotations

from typing import ClassVar


class LifecycleError(RuntimeError):
    """An expected failure with a message for its reader.

    Attributes:
        exit_code: what the `lifecycle` command ends with: 1 failed, 3 locked, 4 nothing to work on yet.
    """

    exit_code: ClassVar[int] = 1
