"""How often a process looks for cycles of garbage: seldom, for what it makes mostly lives until it ends.

Definitions, the project and the events of a run are some millions of objects. Python looks through all of them again
and again while more are made, which was a twelfth of a small run's time; what it finds there is next to nothing.
Memory is still given back: objects without cycles at once, cycles of the young among them after this many more.
"""

from __future__ import annotations

import gc

YOUNG, MIDDLE, OLD = 100_000, 20, 20
"""New objects until the youngest are looked through, and how often that is done until the older ones are, too."""


def collect_seldom() -> None:
    """Set it for this process."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)
