"""Decisions a person takes at the command line: from two identifiers to overrides, and from overrides to a delivery.

An override is input data: what is decided here becomes a file of the entity `reference/identity_overrides` in the
inbox, and the next run applies it. What it would change is told by `preview.py`.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from ingestion.identifiers.decisions import Decision, refusals
from orchestration.identity.lookup import find_identifier, require_identity

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

ALWAYS, NEVER = "always_link", "never_link"


class DecisionError(LifecycleError):
    """The decision cannot be taken as asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Override:
    """One row of `reference/identity_overrides`; its fields are the columns of the contract."""

    override_id: str
    action: str
    left_type: str
    left_value: str
    right_type: str
    right_value: str
    reason: str
    created_at: str

    @property
    def keys(self) -> tuple[str, str]:
        """Both identifiers as `<type>:<value>`."""
        return f"{self.left_type}:{self.left_value}", f"{self.right_type}:{self.right_value}"


@dataclass(frozen=True, slots=True)
class Author:
    """Why and when something is decided.

    Args:
        reason: kept with the decision.
        decided_at: from when on it holds; a run that looks at an earlier day does not know it.
        country: country of phone numbers without one.
    """

    reason: str
    decided_at: datetime
    country: str


def linked(connection: DuckDBPyConnection, identifiers: Sequence[str], author: Author) -> list[Override]:
    """Overrides that make the identifiers one customer: each is linked with the first."""
    first, *others = _keys(connection, identifiers, author)
    return _decided(connection, [(ALWAYS, first, other) for other in others], author)


def unlinked(connection: DuckDBPyConnection, left: str, right: str, author: Author) -> list[Override]:
    """The override that keeps two identifiers apart."""
    left_key, right_key = _keys(connection, [left, right], author)
    return _decided(connection, [(NEVER, left_key, right_key)], author)


def split(connection: DuckDBPyConnection, identifiers: Sequence[str], author: Author) -> list[Override]:
    """Overrides that take identifiers out of their customer, together, with what is nearer to them than to the rest.

    Raises:
        DecisionError: when they belong to several customers, or nothing would remain.
    """
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
    return _decided(connection, [*together, (NEVER, keys[0], remaining[0])], author)


def deliver(settings: Settings, overrides: Sequence[Override]) -> Path:
    """Put the overrides into the inbox as one file; the next run applies them."""
    folder = settings.inbox / "reference" / "identity_overrides"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"decision-{overrides[0].created_at[:10]}-{uuid.uuid4().hex[:8]}.csv"
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Override)])
        writer.writeheader()
        writer.writerows(asdict(override) for override in overrides)
    unfinished.chmod(0o600)
    return unfinished.rename(path)


def now() -> datetime:
    """The instant a decision is taken: the command line is the only place that asks a clock."""
    return datetime.now(UTC).replace(microsecond=0)


def _keys(connection: DuckDBPyConnection, identifiers: Sequence[str], author: Author) -> list[str]:
    require_identity(connection)
    keys = [find_identifier(connection, asked.strip(), author.country) for asked in identifiers]
    if len(set(keys)) < len(keys):
        raise DecisionError("The same identifier is named twice.")
    return keys


def _decided(
    connection: DuckDBPyConnection, decisions: Sequence[tuple[str, str, str]], author: Author
) -> list[Override]:
    """The decisions as overrides; one that takes back an earlier decision on the same pair replaces it by its id."""
    earlier = [
        Decision(override_id, action == ALWAYS, left, right)
        for override_id, action, left, right in connection.execute(
            "select override_id, action, left_key, right_key from identity.overrides"
            " where left_key is not null and right_key is not null order by override_id"
        ).fetchall()
    ]
    made = []
    for action, left, right in decisions:
        same_pair = [one.override_id for one in earlier if {one.left, one.right} == {left, right}]
        for override_id in same_pair or [f"cli-{uuid.uuid4().hex[:12]}"]:
            made.append(_override(override_id, action, (left, right), author))
    replaced = {one.override_id for one in made}
    _refuse_contradictions([one for one in earlier if one.override_id not in replaced], made)
    return made


def _refuse_contradictions(earlier: Sequence[Decision], made: Sequence[Override]) -> None:
    new = [Decision(one.override_id, one.action == ALWAYS, *one.keys) for one in made]
    before = {refusal.override_id for refusal in refusals(earlier)}
    against = {one.override_id for one in refusals([*earlier, *new])} - before - {one.override_id for one in new}
    if against:
        raise DecisionError(
            f"That contradicts the override(s) {', '.join(sorted(against))}, so none of them would be applied. Take the"
            " earlier decision back first: decide the opposite on its own two identifiers, or deliver its override_id"
            " again."
        )


def _override(override_id: str, action: str, keys: tuple[str, str], author: Author) -> Override:
    (left_type, _, left_value), (right_type, _, right_value) = (key.partition(":") for key in keys)
    decided_at = author.decided_at.isoformat()
    return Override(override_id, action, left_type, left_value, right_type, right_value, author.reason, decided_at)
