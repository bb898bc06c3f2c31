"""Pure helpers: which files belong together. No reading, no state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def files_one_by_one(names: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """Every file by itself: a receiver writes down a request, or some time, once."""
    return {name: (name,) for name in names}
