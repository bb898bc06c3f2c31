"""Why something that points to one customer is not believed: links, mailboxes, decisions that cannot be followed.

Only reading and wording; the models of `dbt_project/models/identity` doubt. Where it lies between two identifiers is
told by `connection.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

REASONS = {
    "never_link": "a person decided that they are not the same customer",
    "unique_identifiers": "it would join two identifiers of which a person has only one",
    "shared_device": "a device alone does not join two known people",
    "component_cap": "the customer would have more identifiers than a person has",
    "quarantine": "one of them is shared by too many",
}
ROLE_MAILBOX = "it is a role mailbox"


@dataclass(frozen=True, slots=True)
class SharedMailbox:
    """A mailbox several customers were seen with, as key, and why it joins nobody."""

    key: str
    reason: str


def link_doubt(connection: DuckDBPyConnection, left: str, right: str, reason: str | None) -> str | None:
    """Why a link is not believed, in words; None when it is.

    Args:
        connection: to the warehouse.
        left: one end, as key.
        right: the other end.
        reason: why it was not kept, by `identity.link_decisions`.
    """
    if reason is None:
        return None
    return (_limits(connection, left, right) if reason == "quarantine" else "") or REASONS[reason]


def shared_mailboxes(connection: DuckDBPyConnection, left: str, right: str) -> tuple[SharedMailbox, ...]:
    """Mailboxes that join nobody and with which both customers were seen."""
    rows = connection.execute(
        "with seen as (select people.customer_id, mailboxes.identifier_key, mailboxes.identifier_value"
        "  from identity.edges"
        "  inner join identity.customer_identifiers_map as people on people.identifier_key = edges.left_key"
        "  inner join identity.customer_identifiers_map as mailboxes on mailboxes.identifier_key = edges.right_key"
        "  where people.customer_id in (?, ?) and not mailboxes.is_bridging and mailboxes.identifier_type = 'email')"
        " select identifier_key, split_part(split_part(identifier_value, '@', 1), '+', 1)"
        "  in (select local_part from identity.role_mailboxes)"
        " from seen group by all having count(distinct customer_id) = 2 order by all",
        [left, right],
    ).fetchall()
    return tuple(
        SharedMailbox(key, ROLE_MAILBOX if is_role else _limits(connection, key) or "it is shared by too many")
        for key, is_role in rows
    )


def refused_decisions(connection: DuckDBPyConnection, left: str, right: str) -> tuple[str, ...]:
    """Why decisions about just these two identifiers are not followed."""
    rows = connection.execute(
        "select distinct reason from identity.violations where violation = 'contradictory_override'"
        " and ((identifier_key = $1 and linked_key = $2) or (identifier_key = $2 and linked_key = $1)) order by all",
        [left, right],
    ).fetchall()
    return tuple(reason for (reason,) in rows)


def _limits(connection: DuckDBPyConnection, *keys: str) -> str:
    limits = connection.execute(
        "select distinct reason from identity.violations where violation = 'limit' and severity <> 'warn'"
        " and identifier_key in (select unnest(?::varchar[])) order by all",
        [list(keys)],
    ).fetchall()
    return "; ".join(reason for (reason,) in limits)
