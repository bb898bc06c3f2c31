"""Where anything could stand against a link: the groups of joined identifiers that limits and cuts have to look at.

Most people have one contact, one login, a few addresses: nothing in their group can break a limit or join two of what a
person has one of. Such a group is one person as it is. This module only says which groups may be more; what is cut in
them is decided by the models and by `resolution.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ingestion.identifiers.resolution import STRONG

ALWAYS_JOINED = 3
"""Up to so many identifiers are joined by one link less than there are of them, whichever these links are."""


@dataclass(frozen=True)
class Bounds:
    """What a group may hold before it has to be looked at.

    Args:
        strong: codes of the types of which a person has one.
        of_type: how many identifiers of a type, by its code; types that nothing limits are left out.
        people: how many identifiers of which a person has one.
        identifiers: how many identifiers.
    """

    strong: frozenset[int]
    of_type: Mapping[int, int]
    people: int
    identifiers: int


def contested_groups(
    groups: np.ndarray,
    types: np.ndarray,
    link_groups: np.ndarray,
    link_trust: np.ndarray,
    apart: Sequence[tuple[int, int]],
    bounds: Bounds,
) -> np.ndarray:
    """For each of the nodes 0 … n - 1, taken as the name of a group, whether limits or cuts could change it.

    Args:
        groups: group of each identifier, named by one of its identifiers.
        types: code of each identifier's type.
        link_groups: group of each link.
        link_trust: trust of each link; 0 decided by a person, 1 between two strong identifiers.
        apart: pairs of identifiers a person has decided are never the same customer.
        bounds: what a group may hold.
    """
    count = len(groups)
    contested = _counts(groups, count) > bounds.identifiers
    contested |= _counts(link_groups[link_trust < STRONG], count) > 0
    contested[[groups[left] for left, right in apart if groups[left] == groups[right]]] = True
    strong = np.zeros(count, dtype=np.int64)
    for code in sorted(bounds.strong | bounds.of_type.keys()):
        found = _counts(groups[types == code], count)
        contested |= found > bounds.of_type.get(code, 1)
        if code in bounds.strong:
            contested |= found > 1
            strong += found
    joined = _counts(link_groups[link_trust == STRONG], count)
    return contested | (strong > joined + 1) | (strong > min(bounds.people, ALWAYS_JOINED))


def _counts(groups: np.ndarray, count: int) -> np.ndarray:
    return np.bincount(groups, minlength=count)
