"""The suites: which statements must hold at which gate, as data.

`raw.py`, `sources.py` and `deliveries.py` derive the first gate from the data contract and the connectors,
`conformed.py` and `staged.py` the gate after it; `profile.py`, `population.py` and `marts_*.py` state the others; the
words they use are in `vocabulary.py` and `loads.py`. Importing this package is cheap (no Great Expectations), so that
the orchestration can show every check before anything runs.
"""

from __future__ import annotations

from functools import cache

from quality.checks import Check, Gate
from quality.suites import conformed, deliveries, marts, population, profile, raw, sources, staged

GATES: tuple[Gate, ...] = tuple(Gate)


def _raw_checks() -> tuple[Check, ...]:
    return (*raw.checks(), *sources.checks(), *deliveries.checks())


def _conformed_checks() -> tuple[Check, ...]:
    return (*staged.checks(), *conformed.checks())


_SUITES = {
    Gate.RAW: _raw_checks,
    Gate.CONFORMED: _conformed_checks,
    Gate.PROFILE: profile.checks,
    Gate.POPULATION: population.checks,
    Gate.MARTS: marts.checks,
}


@cache
def checks_of(gate: str) -> tuple[Check, ...]:
    """All checks of one gate, in the order of its tables.

    Args:
        gate: name of the gate, for example `g1_raw`.

    Raises:
        ValueError: when there is no such gate.
    """
    try:
        return _SUITES[Gate(gate)]()
    except ValueError:
        raise ValueError(f"there is no gate {gate!r}; choose from {[str(known) for known in GATES]}") from None
