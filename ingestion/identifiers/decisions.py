"""Decisions of people about identity that contradict each other: which of them cannot be followed, and why.

Two identifiers that are never to be linked and yet are linked by a chain of decisions leave open which decision is
wrong. No one is guessed right: the decision to keep apart and the chain are refused together and the evidence decides.
What the decisions that remain do to the graph is in `resolution.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a person.

    Args:
        override_id: name of the decision.
        links: True for always_link, False for never_link.
        left, right: the two identifiers, as keys.
    """

    override_id: str
    links: bool
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A decision that is not followed because another one says the opposite."""

    override_id: str
    contradicts: str


def refusals(decisions: Iterable[Decision]) -> list[Refusal]:
    """Every decision that takes part in a contradiction, with the decisions it contradicts.

    A decision to keep an identifier apart from itself contradicts itself. The order of the decisions does not matter.
    """
    decisions = sorted(decisions, key=lambda decision: decision.override_id)
    links = [decision for decision in decisions if decision.links and decision.left != decision.right]
    groups = _groups(links)
    opposed: dict[str, set[str]] = defaultdict(set)
    for apart in decisions:
        if apart.links:
            continue
        if apart.left == apart.right:
            opposed[apart.override_id].add(apart.override_id)
        elif apart.left in groups and groups[apart.left] == groups.get(apart.right):
            for link in _chain([one for one in links if groups[one.left] == groups[apart.left]], apart):
                opposed[apart.override_id].add(link.override_id)
                opposed[link.override_id].add(apart.override_id)
    return [Refusal(one, ", ".join(sorted(others))) for one, others in sorted(opposed.items())]


def _groups(links: Iterable[Decision]) -> dict[str, str]:
    """For each identifier of a link one that stands for all it is linked with."""
    parents: dict[str, str] = {}

    def root(key: str) -> str:
        parents.setdefault(key, key)
        while parents[key] != key:
            parents[key] = parents[parents[key]]
            key = parents[key]
        return key

    for link in links:
        parents[root(link.left)] = root(link.right)
    return {key: root(key) for key in parents}


def _chain(links: list[Decision], apart: Decision) -> Iterator[Decision]:
    """The links between the two ends of `apart`: what is left when loose ends are taken away again and again."""
    beside: dict[str, set[str]] = defaultdict(set)
    for link in links:
        beside[link.left].add(link.right)
        beside[link.right].add(link.left)
    loose = [key for key, others in beside.items() if len(others) == 1]
    while loose:
        key = loose.pop()
        if key in (apart.left, apart.right) or len(beside[key]) != 1:
            continue
        (other,) = beside.pop(key)
        beside[other].discard(key)
        if len(beside[other]) == 1:
            loose.append(other)
    return (link for link in links if link.right in beside.get(link.left, ()))
