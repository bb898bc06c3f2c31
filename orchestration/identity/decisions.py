"""Decisions a person takes at the command line: from identifiers to overrides, in view of what was decided before.

An override is input data: what is decided here becomes a file of the inbox (`overrides.py`), and the next run applies
it. What it would change is told by `preview.py`.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ingestion.identifiers.decisions import refusals
from orchestration.identity.lookup import find_identifier, is_customer, masked, require_identity
from orchestration.identity.overrides import (
    ALWAYS,
    NEVER,
    DatedDecision,
    DecisionError,
    Override,
    known_decisions,
    pending_decisions,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings


@dataclass(frozen=True, slots=True)
class Author:
    """Why, when and where something is decided.

    Args:
        reason: kept with the decision.
        decided_at: from when on it holds; a run that looks at an earlier day does not know it.
        settings: of the company: the country of phone numbers without one, the inbox with decisions that wait.
    """

    reason: str
    decided_at: datetime
    settings: Settings


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person asked for, beside what was decided before.

    Args:
        overrides: the rows to deliver; one that takes back an earlier decision has its id.
        already: ids of earlier decisions that say the same.
        replaced: ids of earlier decisions in whose place an override comes.
        waiting: ids of earlier decisions that no run has applied yet.
    """

    overrides: tuple[Override, ...]
    already: tuple[str, ...]
    replaced: frozenset[str]
    waiting: frozenset[str]

    def as_text(self, *, reveal: bool = False) -> str:
        """What is decided as lines for a terminal."""
        lines = [f"Decided already: {one}{self._state(one)}" for one in self.already]
        if not self.overrides:
            return "\n".join([*lines, "There is nothing left to decide."])
        for one in self.overrides:
            instead = f", in place of an earlier decision{self._state(one.override_id)}"
            lines.append(one.line(reveal) + (instead if one.override_id in self.replaced else ""))
        return "\n".join(["Decisions", *lines])

    def _state(self, override_id: str) -> str:
        return " that no run has applied yet" if override_id in self.waiting else ""


def linked(connection: DuckDBPyConnection, identifiers: Sequence[str], author: Author) -> Decided:
    """Make the identifiers one customer: each is linked with the first."""
    first, *others = _keys(connection, identifiers, author)
    return decided(connection, [(ALWAYS, first, other) for other in others], author)


def unlinked(connection: DuckDBPyConnection, left: str, right: str, author: Author) -> Decided:
    """Keep two identifiers apart."""
    left_key, right_key = _keys(connection, [left, right], author)
    return decided(connection, [(NEVER, left_key, right_key)], author)


def split(connection: DuckDBPyConnection, identifiers: Sequence[str], author: Author) -> Decided:
    """Take identifiers out of their customer, together, with what is nearer to them than to the rest.

    Raises:
        DecisionError: when they belong to several customers, or nothing would remain.
    """
    if whole := [one for one in identifiers if is_customer(connection, one)]:
        raise DecisionError(f"{whole[0]} is a whole customer; name the identifiers in it that are somebody else's.")
    keys = _keys(connection, identifiers, author)
    customers = connection.execute(
        "select distinct customer_id from identity.customer_identifiers_map"
        " where identifier_key in (select unnest(?::varchar[]))",
        [keys],
    ).fetchall()
    if len(customers) > 1:
        raise DecisionError(f"These belong to {len(customers)} customers already; split works on one at a time.")
    remaining = connection.execute(
        "select identifier_key from identity.customer_identifiers_map"
        " where customer_id = ? and identifier_key not in (select unnest(?::varchar[]))"
        " order by trust, load_seq, first_seen_at nulls last, identifier_key limit 1",
        [customers[0][0], keys],
    ).fetchone()
    if remaining is None:
        raise DecisionError("That is the whole customer; name the identifiers that are somebody else's.")
    together = [(ALWAYS, keys[0], key) for key in keys[1:]]
    return decided(connection, [*together, (NEVER, keys[0], remaining[0])], author)


def decided(connection: DuckDBPyConnection, wanted: Sequence[tuple[str, str, str]], author: Author) -> Decided:
    """Decide about pairs of identifiers; the opposite of an earlier decision on the same pair replaces it by its id.

    Args:
        connection: to the warehouse.
        wanted: action and both identifiers, as keys.
        author: why and when.

    Raises:
        DecisionError: when one of them would contradict decisions about other pairs.
    """
    earlier = list(known_decisions(author.settings, connection).values())
    waiting = frozenset(one.override_id for one in pending_decisions(author.settings, connection))
    made: list[Override] = []
    already: list[str] = []
    for action, left, right in wanted:
        same_pair = [one for one in earlier if {one.left, one.right} == {left, right}]
        other = [one.override_id for one in same_pair if not _says(one, action, author)]
        if same_pair and not other:
            already += [one.override_id for one in same_pair]
        else:
            for override_id in other or [f"cli-{uuid.uuid4().hex[:12]}"]:
                made.append(_override(override_id, action, (left, right), author))
    new = {one.override_id for one in made}
    _refuse_contradictions([one for one in earlier if one.override_id not in new], made, new.union(already))
    replaced = new.intersection(one.override_id for one in earlier)
    return Decided(tuple(made), tuple(already), frozenset(replaced), waiting)


def now() -> datetime:
    """The instant a decision is taken: the command line is the only place that asks a clock."""
    return datetime.now(UTC).replace(microsecond=0)


def _keys(connection: DuckDBPyConnection, identifiers: Sequence[str], author: Author) -> list[str]:
    require_identity(connection)
    keys = [find_identifier(connection, asked.strip(), author.settings.default_country) for asked in identifiers]
    if len(set(keys)) < len(keys):
        raise DecisionError("The same identifier is named twice.")
    return keys


def _says(earlier: DatedDecision, action: str, author: Author) -> bool:
    """Whether an earlier decision on the same pair says the same, for the same days at least."""
    decided_at = author.decided_at.astimezone(UTC).replace(tzinfo=None)
    return earlier.links == (action == ALWAYS) and earlier.decided_at <= decided_at


def _refuse_contradictions(earlier: Sequence[DatedDecision], made: Sequence[Override], wanted: set[str]) -> None:
    """Raise DecisionError when a wanted decision would not be followed, or an earlier one no more because of it."""
    before = {refusal.override_id for refusal in refusals(earlier)}
    after = {one.override_id: one.contradicts for one in refusals([*earlier, *(one.decision for one in made)])}
    opposed = {name for override_id in wanted & after.keys() for name in after[override_id].split(", ")}
    against = (after.keys() - before | opposed) - wanted
    if against:
        named = [
            f"{one.override_id} ({masked(one.left)} – {masked(one.right)})"
            for one in earlier
            if one.override_id in against
        ]
        raise DecisionError(
            f"That contradicts the override(s) {', '.join(sorted(named))}, so none of them would be applied. Take the"
            " earlier decision back first: decide the opposite on its own two identifiers, or deliver its override_id"
            " again."
        )
    if wanted & after.keys():
        raise DecisionError("These decisions contradict each other, so none of them would be applied.")


def _override(override_id: str, action: str, keys: tuple[str, str], author: Author) -> Override:
    (left_type, _, left_value), (right_type, _, right_value) = (key.partition(":") for key in keys)
    decided_at = author.decided_at.isoformat()
    return Override(override_id, action, left_type, left_value, right_type, right_value, author.reason, decided_at)
