"""How two identifiers hang together: the shortest chain of links between them, its weakest link, or why there is none.

Only reading, walking along stored links and wording happen here. Which links are believed is decided in
`dbt_project/models/identity`; why one is not is put into words by `disbelief.py`, what one customer consists of is told
by `explanation.py`.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ingestion.warehouse import connect
from orchestration.identity.disbelief import SharedMailbox, link_doubt, refused_decisions, shared_mailboxes
from orchestration.identity.lookup import day, find_identifier, require_identity, row_shown, shown
from orchestration.identity.overrides import ALWAYS, NEVER, pending_decisions

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a chain.

    Args:
        left, right: its ends, as keys.
        trust: 0 decided by a person, 1 strong, larger numbers weaker.
        reason: why it joins nobody; None when it does.
        rule, record_key, first_seen_at: the first row that shows it.
    """

    left: str
    right: str
    trust: int
    reason: str | None
    rule: str
    record_key: str | None
    first_seen_at: datetime | None

    @property
    def strength(self) -> tuple[int, str]:
        """Larger is weaker; the younger of two equally trusted links is the weaker one."""
        return self.trust, str(self.first_seen_at or "")

    def as_record(self, reveal: bool) -> dict[str, object]:
        """The link as names and values, with identifiers as `reveal` allows."""
        return {
            "left": shown(self.left, reveal),
            "right": shown(self.right, reveal),
            "rule": self.rule,
            "record_key": row_shown(self.record_key, reveal),
            "trust": self.trust,
            "not_believed_because": self.reason,
            "first_seen_at": self.first_seen_at,
        }


@dataclass(frozen=True, slots=True)
class Connection:
    """What there is between two identifiers.

    Args:
        left, right: the identifiers, as keys.
        left_customer, right_customer: whom they belong to.
        chain: the links of the shortest chain, of the customer's own links when both are one customer; of all links
            ever seen when they are not; empty when there is none.
        shared_mailboxes: mailboxes that join nobody and both customers were seen with.
        refused_decisions: decisions about just these two that are not followed, and why.
        waiting_decisions: decisions about just these two that no run has looked at yet.
        reveal: show addresses, numbers and handles in full.
    """

    left: str
    right: str
    left_customer: str
    right_customer: str
    chain: tuple[Link, ...]
    shared_mailboxes: tuple[SharedMailbox, ...]
    refused_decisions: tuple[str, ...]
    waiting_decisions: tuple[str, ...]
    reveal: bool

    def as_record(self) -> dict[str, object]:
        """The connection as names and values, with identifiers as `reveal` allows."""
        return {
            "is_one_customer": self._is_one,
            "left": {"identifier": shown(self.left, self.reveal), "customer_id": self.left_customer},
            "right": {"identifier": shown(self.right, self.reveal), "customer_id": self.right_customer},
            "links": [link.as_record(self.reveal) for link in self.chain],
            "weakest_link": self._weakest.as_record(self.reveal) if self._weakest else None,
            "shared_mailboxes": [
                {"identifier": shown(one.key, self.reveal), "joins_nobody_because": one.reason}
                for one in self.shared_mailboxes
            ],
            "refused_decisions": list(self.refused_decisions),
            "waiting_decisions": list(self.waiting_decisions),
        }

    @property
    def _is_one(self) -> bool:
        return self.left_customer == self.right_customer

    @property
    def _weakest(self) -> Link | None:
        """Of two customers nothing is held together, so there is none."""
        return max(self.chain, key=lambda link: link.strength) if self.chain and self._is_one else None

    def as_text(self) -> str:
        """The connection as lines for a terminal."""
        names = f"{shown(self.left, self.reveal)} and {shown(self.right, self.reveal)}"
        head = f"{names} are two customers: {self.left_customer} and {self.right_customer}"
        lines = [*self._joined(names)] if self._is_one else [head, *self._apart()]
        if self.refused_decisions:
            lines += ["", "Decided, but not followed", *(f"  {reason}" for reason in self.refused_decisions)]
        if self.waiting_decisions:
            lines += ["", "Decided, but not looked at yet", *(f"  {one}" for one in self.waiting_decisions)]
        return "\n".join(lines)

    def _joined(self, names: str) -> Iterator[str]:
        yield f"{names} are one customer: {self.left_customer}"
        if not self.chain:
            if self.left != self.right:
                yield ""
                yield "No links join them: the device has several users, and the last login on it was this customer's."
            return
        yield from ("", f"Shortest chain ({len(self.chain)} links)")
        yield from (self._line(link) for link in self.chain)
        yield from ("", "Weakest link", self._line(self._weakest))

    def _apart(self) -> Iterator[str]:
        yield ""
        if self.chain:
            yield "Nearest evidence, and why it is not believed"
            for link in self.chain:
                yield self._line(link) + (f"  NOT BELIEVED: {link.reason}" if link.reason else "")
        else:
            yield "No chain of rows leads from one to the other."
        for mailbox in self.shared_mailboxes:
            yield f"Both were seen with {shown(mailbox.key, self.reveal)}, which joins nobody: {mailbox.reason}."

    def _line(self, link: Link) -> str:
        row = row_shown(link.record_key, self.reveal)
        ends = f"{shown(link.left, self.reveal)} – {shown(link.right, self.reveal)}"
        return f"  {link.rule:<22} {ends}, {day(link.first_seen_at)}{f' in {row}' if row else ''}"


def connection_between(settings: Settings, left: str, right: str, *, reveal: bool = False) -> Connection:
    """Say whether and how two identifiers are one customer, and if not, why not.

    Args:
        settings: where the warehouse is and the country of phone numbers without one.
        left: one identifier, written as for `explain`.
        right: the other one.
        reveal: show addresses, numbers and handles in full.

    Raises:
        UnknownIdentifierError: when one of them names no identifier, or more than one.
    """
    with connect(settings, read_only=True) as connection:
        require_identity(connection)
        keys = [find_identifier(connection, asked.strip(), settings.default_country) for asked in (left, right)]
        people = dict(
            connection.execute(
                "select identifier_key, customer_id from identity.customer_identifiers_map"
                " where identifier_key in (select unnest(?::varchar[]))",
                [keys],
            ).fetchall()
        )
        (left_customer, right_customer), (left_key, right_key) = [people[key] for key in keys], keys
        is_one = left_customer == right_customer
        links = _links(connection, left_key, kept_only=is_one)
        chain = tuple(_with_evidence(connection, shortest_chain(links, left_key, right_key)))
        mailboxes = () if is_one else shared_mailboxes(connection, left_customer, right_customer)
        refused = refused_decisions(connection, left_key, right_key)
        waiting = tuple(
            f"override {one.override_id} ({ALWAYS if one.links else NEVER}) of {day(one.decided_at)}"
            for one in pending_decisions(settings, connection)
            if {one.left, one.right} == {left_key, right_key}
        )
    return Connection(left_key, right_key, left_customer, right_customer, chain, mailboxes, refused, waiting, reveal)


def shortest_chain(links: Iterable[Link], start: str, end: str) -> list[Link]:
    """The chain with the fewest links that are not believed, then the fewest links, then the most trusted ones."""
    beside: dict[str, list[tuple[str, Link]]] = defaultdict(list)
    for link in links:
        beside[link.left].append((link.right, link))
        beside[link.right].append((link.left, link))
    reached: dict[str, Link | None] = {}
    waiting: list[tuple[tuple[int, int, int], str, str, Link | None]] = [((0, 0, 0), start, "", None)]
    while waiting and end not in reached:
        (doubts, steps, distrust), key, _, by = heapq.heappop(waiting)
        if key in reached:
            continue
        reached[key] = by
        for other, link in beside[key]:
            cost = (doubts + (link.reason is not None), steps + 1, distrust + link.trust)
            if other not in reached:
                heapq.heappush(waiting, (cost, other, f"{link.left} {link.right} {link.rule}", link))
    chain: list[Link] = []
    while by := reached.get(end):
        chain.insert(0, by)
        end = by.left if by.right == end else by.right
    return chain


def _links(connection: DuckDBPyConnection, key: str, *, kept_only: bool) -> list[Link]:
    """The links of the identifier's evidence group, without their evidence."""
    rows = connection.execute(
        "with own as (select identifier_key from identity.customer_identifiers_map where evidence_group ="
        " (select evidence_group from identity.customer_identifiers_map where identifier_key = ?))"
        " select left_key, right_key, trust, reason, '', null, null from identity.link_decisions"
        " where left_key in (from own) and (is_kept or not ?) order by all",
        [key, kept_only],
    ).fetchall()
    return [Link(*row) for row in rows]


def _with_evidence(connection: DuckDBPyConnection, chain: list[Link]) -> Iterator[Link]:
    """The links of the chain, each with its first row and, where a limit or a decision stands against it, that one."""
    for link in chain:
        ends = [link.left, link.right] * 2
        rule, record_key, seen = connection.execute(
            "select rule, record_key, first_seen_at from identity.edges"
            " where (left_key = ? and right_key = ?) or (right_key = ? and left_key = ?)"
            " order by load_seq, first_seen_at nulls last, rule limit 1",
            ends,
        ).fetchone() or ("", None, None)
        yield Link(
            link.left,
            link.right,
            link.trust,
            link_doubt(connection, link.left, link.right, link.reason),
            rule,
            record_key,
            seen,
        )
