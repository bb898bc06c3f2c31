"""The suites: which statements must hold at which gate, as data.

`raw.py` and `sources.py` derive the first gate from the data contract and the connectors; `profile.py` and
`marts_*.py` state the other two; the words they use are in `vocabulary.py`. Importing this package is cheap (no Great
Expectations), so that the orchestration can show every check before anything runs.
"""

from __future__ import annotations

from functools import cache

from quality.checks import Check, Gate
from quality.suites import marts, profile, raw, sources

GATES: tuple[Gate, ...] = (Gate.RAW, Gate.PROFILE, Gate.MARTS)


def _raw_checks() -> tuple[Check, ...]:
    return (*raw.checks(), *sources.checks())


_SUITES = {Gate.RAW: _raw_checks, Gate.PROFILE: profile.checks, Gate.MARTS: marts.checks}


@cache
def checks_of(gate: str) -> tuple[Check, ...]:
    """All checks of one gate, in the order of its tables.

    Args:
        gate: `g1_raw`, `g2_profile` or `g3_marts`.

    Raises:
        ValueError: when there is no such gate.
    """
    try:
        return _SUITES[Gate(gate)]()
    except ValueError:
        raise ValueError(f"there is no gate {gate!r}; choose from {[str(known) for known in GATES]}") from None
