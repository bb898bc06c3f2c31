"""What some tests need of the machine: a browser, a database server, the right to mount.

Who lacks it may leave those tests out; the gate of a change may not, or they would never fail there.
"""

from __future__ import annotations

import os

import pytest


def require(condition: object, reason: str) -> None:
    """Skip with the reason where a tool is missing; under CI=true that is a failure."""
    if condition:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
