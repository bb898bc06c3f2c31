"""Who is who, on numbered identifiers: the graph algorithms that SQL is slow or clumsy at, as pure functions.

Which identifiers there are, how old and how trusted they are, and which links are admitted is decided in the models of
`dbt_project/models/identity`; they hand over integer arrays and keep what comes back. No names, no database here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from scipy.sparse import coo_matrix, csgraph, csr_matrix

STRONG = 1
"""Links up to this trust were made by a source (or, with 0, by a person) that keeps people apart; larger is weaker."""
WEAK = 4
"""Trust of the strongest links that are not strong: those an e-mail address makes."""
DEVICE = 7
"""Trust of links that only a device (anonymous_id) makes: the weakest there are."""


class Cut(IntEnum):
    """Why a link does not join: the numbers are stored, the names are what people read."""

    KEPT = 0
    NEVER_LINK = 1
    UNIQUE_IDENTIFIERS = 2
    SHARED_DEVICE = 3
    COMPONENT_CAP = 4


@dataclass(frozen=True)
class Links:
    """Links between the identifiers 0 … count - 1, one element each, oldest first.

    Args:
        count: number of identifiers.
        left, right: ends.
        trust: 0 decided by a person, 1 strong, larger numbers weaker.
    """

    count: int
    left: np.ndarray
    right: np.ndarray
    trust: np.ndarray

    def where(self, mask: np.ndarray) -> Links:
        """Only the links the mask marks."""
        return Links(self.count, self.left[mask], self.right[mask], self.trust[mask])


def connected_components(count: int, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """For each of the nodes 0 … count - 1 the smallest node of its component.

    Args:
        count: number of nodes.
        left: one end of each link.
        right: the other end of each link.
    """
    if count == 0:
        return np.empty(0, dtype=np.int64)
    graph = coo_matrix((np.ones(len(left), dtype=np.int8), (left, right)), shape=(count, count))
    component_count, labels = csgraph.connected_components(graph, directed=False)
    smallest = np.empty(component_count, dtype=np.int64)
    smallest[labels[::-1]] = np.arange(count - 1, -1, -1)
    return smallest[labels]


def cycles(count: int, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """For each of the nodes 0 … count - 1 whether following arrows from it leads back to it.

    Args:
        count: number of nodes.
        start: where each arrow begins.
        end: where it points to.
    """
    if count == 0:
        return np.empty(0, dtype=bool)
    graph = coo_matrix((np.ones(len(start), dtype=np.int8), (start, end)), shape=(count, count))
    _, labels = csgraph.connected_components(graph, directed=True, connection="strong")
    in_cycle = np.bincount(labels)[labels] > 1
    in_cycle[start[start == end]] = True
    return in_cycle


def cut_links(
    links: Links,
    unique_groups: Sequence[np.ndarray],
    apart: Sequence[tuple[int, int]],
    node_trust: np.ndarray,
    component_cap: int,
) -> np.ndarray:
    """Decide which links must not join, weakest and youngest first.

    Args:
        links: all admitted links.
        unique_groups: for each kind of identifier a person has one of, the identifiers of that kind. Two of them stay
            apart unless strong links join them; and a device alone joins no two people known by any of them.
        apart: pairs of identifiers a person has decided are never the same customer; strong links are cut, too.
        node_trust: rank of each identifier's type, 1 the most trusted.
        component_cap: identifiers a component may have; weak identifiers beyond it are left alone.

    Returns:
        For each link a value of `Cut`.
    """
    cut = np.full(len(links.left), Cut.KEPT, dtype=np.int8)
    _keep_apart(links, apart, cut)
    strong = (links.trust <= STRONG) & (cut == Cut.KEPT)
    groups = connected_components(links.count, *_ends(links, strong))
    for anchors in unique_groups:
        cut[_separating(links, cut == Cut.KEPT, groups, anchors)] = Cut.UNIQUE_IDENTIFIERS
    if unique_groups:
        groups = connected_components(links.count, *_ends(links, (links.trust < DEVICE) & (cut == Cut.KEPT)))
        anchors = np.concatenate(unique_groups)
        cut[_separating(links, cut == Cut.KEPT, groups, anchors)] = Cut.SHARED_DEVICE
    cut[_beyond_cap(links, cut == Cut.KEPT, node_trust, component_cap)] = Cut.COMPONENT_CAP
    return cut


def _keep_apart(links: Links, apart: Sequence[tuple[int, int]], cut: np.ndarray) -> None:
    """Mark the links to cut so that the decided pairs stay apart, looking only at the components they stand in."""
    if not apart:
        return
    components = connected_components(links.count, links.left, links.right)
    together = [(left, right) for left, right in apart if components[left] == components[right]]
    concerned = np.unique(components[np.array([left for left, _ in together], dtype=np.int64)])
    positions = np.flatnonzero(np.isin(components[links.left], concerned))
    nodes, numbers = np.unique(np.concatenate([links.left[positions], links.right[positions]]), return_inverse=True)
    part = Links(len(nodes), *np.split(numbers, 2), links.trust[positions])
    decided = connected_components(part.count, *_ends(part, part.trust == 0))
    alive = np.ones(len(positions), dtype=bool)
    for pair in together:
        alive[_separating(part, alive, decided, np.searchsorted(nodes, np.array(pair)))] = False
    cut[positions[~alive]] = Cut.NEVER_LINK


def _ends(links: Links, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return links.left[mask], links.right[mask]


def _separating(links: Links, alive: np.ndarray, groups: np.ndarray, anchors: np.ndarray) -> np.ndarray:
    """Positions of the links to cut so that no two groups with an anchor stay in one component.

    Every group goes to the nearest anchor, where a weaker link is longer than any chain of stronger ones and, among
    equally trusted, a younger link is a little longer than an older one; links between two anchors' regions are cut.
    """
    components = connected_components(links.count, *_ends(links, alive))
    anchor_groups = np.unique(groups[anchors])
    anchor_components, anchor_counts = np.unique(components[anchor_groups], return_counts=True)
    conflicting = anchor_components[anchor_counts > 1]
    if len(conflicting) == 0:
        return np.empty(0, dtype=np.int64)
    positions = np.flatnonzero(alive & np.isin(components[links.left], conflicting))
    left, right = groups[links.left[positions]], groups[links.right[positions]]
    nodes, numbers = np.unique(np.concatenate([left, right]), return_inverse=True)
    left, right = numbers[: len(left)], numbers[len(left) :]
    crossing = left != right
    length = _lengths(links.trust[positions], components[links.left[positions]])
    graph = _shortest(left[crossing], right[crossing], length[crossing], len(nodes))
    anchored = np.searchsorted(nodes, anchor_groups[np.isin(components[anchor_groups], conflicting)])
    _, _, nearest = csgraph.dijkstra(graph, directed=False, indices=anchored, return_predecessors=True, min_only=True)
    return positions[nearest[left] != nearest[right]]


def _lengths(trust: np.ndarray, component: np.ndarray) -> np.ndarray:
    """Length of each link, oldest first: a factor of a hundred per level of trust, plus less than one for its age.

    The age counts within the component, so that a component is cut alike whatever else is resolved with it; its odd
    power keeps sums of ages from being equal.
    """
    order = np.lexsort((np.arange(len(component)), component))
    _, start, size = np.unique(component[order], return_index=True, return_counts=True)
    age = np.empty(len(component), dtype=np.float64)
    age[order] = (np.arange(1, len(component) + 1) - np.repeat(start, size)) / (np.repeat(size, size) + 1.0)
    level = np.where(trust > STRONG, trust - (WEAK - STRONG - 1), trust)
    return 100.0 ** level.astype(np.float64) + age**0.7 / 2.0


def _shortest(left: np.ndarray, right: np.ndarray, length: np.ndarray, count: int) -> csr_matrix:
    """The graph with the shortest link of each pair (a sparse matrix would add parallel links up)."""
    order = np.argsort(length, kind="stable")
    low, high = np.minimum(left, right)[order], np.maximum(left, right)[order]
    _, first = np.unique(low * count + high, return_index=True)
    return csr_matrix((length[order][first], (low[first], high[first])), shape=(count, count))


def _beyond_cap(links: Links, alive: np.ndarray, node_trust: np.ndarray, component_cap: int) -> np.ndarray:
    """Positions of the weak links of identifiers that are too many in their component: the least trusted, youngest."""
    components = connected_components(links.count, *_ends(links, alive))
    sizes = np.bincount(components, minlength=links.count)
    members = np.flatnonzero(sizes[components] > component_cap)
    if len(members) == 0:
        return np.empty(0, dtype=np.int64)
    members = members[np.lexsort((members, node_trust[members], components[members]))]
    _, start, size = np.unique(components[members], return_index=True, return_counts=True)
    rank = np.arange(len(members)) - np.repeat(start, size)
    is_beyond = np.zeros(links.count, dtype=bool)
    is_beyond[members[rank >= component_cap]] = True
    return np.flatnonzero(alive & (links.trust > STRONG) & (is_beyond[links.left] | is_beyond[links.right]))
