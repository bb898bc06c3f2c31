"""What overrides would change, found by resolving the people concerned in a copy, with the very models of the run.

Whom they concern is said by `concerned_keys.py`. In the copy (`copied_people.py`) identity and then the stages of every
lifecycle model are computed. Nothing is applied here: that is done by the run that reads the delivered overrides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ingestion.warehouse import connect
from orchestration.identity.concerned_keys import concerned_keys
from orchestration.identity.copied_people import copied_people, has_table
from orchestration.identity.lookup import shown
from orchestration.identity.overrides import waiting_overrides

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings
    from orchestration.identity.overrides import Override

Stages = Mapping[str, str]
"""Present stage by lifecycle model."""


@dataclass(frozen=True, slots=True)
class Person:
    """One customer before or after.

    Args:
        customer_id: its id.
        identifiers: its identifiers, as keys.
        order_count: paid orders.
        revenue_amount: their revenue.
        stages: its present stages; empty before stages were ever computed.
    """

    customer_id: str
    identifiers: tuple[str, ...]
    order_count: int
    revenue_amount: Decimal
    stages: Stages

    def line(self, reveal: bool) -> str:
        """The customer as a line for a terminal."""
        names = ", ".join(shown(key, reveal) for key in self.identifiers)
        stages = ", ".join(f"{model} {stage}" for model, stage in sorted(self.stages.items())) or "no stage"
        return f"  {self.customer_id}: {self.order_count} orders, revenue {self.revenue_amount:,.2f}, {stages}: {names}"


@dataclass(frozen=True, slots=True)
class Preview:
    """What overrides would change.

    Args:
        before: the customers concerned as they are.
        after: the customers they would be.
        moved_identifier_count, moved_order_count, moved_revenue_amount, moved_touchpoint_count: what would change
            its customer.
        waiting_count: other decisions about these customers that wait for the next run, which are taken into account.
    """

    before: tuple[Person, ...]
    after: tuple[Person, ...]
    moved_identifier_count: int
    moved_order_count: int
    moved_revenue_amount: Decimal
    moved_touchpoint_count: int
    waiting_count: int

    def as_text(self, *, reveal: bool = False) -> str:
        """The preview as lines for a terminal."""
        return "\n".join([*self._changes(reveal), *self._waiting()])

    def _waiting(self) -> list[str]:
        if not self.waiting_count:
            return []
        return [f"Together with {self.waiting_count} other decision(s) about them that wait for the next run."]

    def _changes(self, reveal: bool) -> list[str]:
        if not self.moved_identifier_count:
            return ["Changes nobody at present; it holds for what is delivered later."]
        return [
            "Now",
            *(person.line(reveal) for person in self.before),
            "Then",
            *(person.line(reveal) for person in self.after),
            f"Would move: {self.moved_identifier_count} identifiers, {self.moved_order_count} orders, revenue"
            f" {self.moved_revenue_amount:,.2f}, {self.moved_touchpoint_count} touchpoints; customers"
            f" {len(self.before)} → {len(self.after)}",
            *self._stage_moves(),
        ]

    def _stage_moves(self) -> list[str]:
        """How many of the customers would be in each stage whose number changes."""
        now, then = (
            Counter(place for person in people for place in person.stages.items())
            for people in (self.before, self.after)
        )
        moves = [
            f"{model} {stage} {now[model, stage]} → {then[model, stage]}"
            for model, stage in sorted(now.keys() | then.keys())
            if now[model, stage] != then[model, stage]
        ]
        return [f"Stages: {', '.join(moves)}"] if moves else []


def preview(settings: Settings, overrides: Sequence[Override]) -> Preview:
    """Resolve the people the overrides concern, in a copy.

    Raises:
        CopyError: when dbt fails on the copy.
        WarehouseLockedError: while a run writes.
    """
    ids = {override.override_id for override in overrides}
    with connect(settings, read_only=True) as connection:
        waiting = [one for one in waiting_overrides(settings, connection) if one.override_id not in ids]
        keys = concerned_keys(connection, overrides, waiting)
    with (
        copied_people(settings, keys, [*waiting, *overrides]) as copy,
        connect(copy.settings, read_only=True) as connection,
    ):
        then = dict(
            connection.execute("select identifier_key, customer_id from identity.customer_identifiers_map").fetchall()
        )
        stages = _stages(connection)
    with connect(settings, read_only=True) as connection:
        return _compared(connection, copy.customers, then, stages, sum(set(one.keys) <= set(keys) for one in waiting))


def _compared(
    connection: DuckDBPyConnection,
    now: dict[str, str],
    then: dict[str, str],
    stages: Mapping[str, Stages],
    waiting_count: int,
) -> Preview:
    moved = sorted(key for key, customer in now.items() if then[key] != customer)
    customers = {now[key] for key in moved} | {then[key] for key in moved}
    orders = {key: (count, revenue) for key, count, revenue in _orders(connection, list(now))}
    return Preview(
        before=_people(now, customers, orders, _stages(connection, sorted(customers)) if stages else {}),
        after=_people(then, customers, orders, stages),
        moved_identifier_count=len(moved),
        moved_order_count=sum(orders[key][0] for key in moved if key in orders),
        moved_revenue_amount=sum((orders[key][1] for key in moved if key in orders), Decimal(0)),
        moved_touchpoint_count=_touchpoint_count(connection, moved),
        waiting_count=waiting_count,
    )


def _people(
    people: dict[str, str], customers: set[str], orders: dict[str, tuple[int, Decimal]], stages: Mapping[str, Stages]
) -> tuple[Person, ...]:
    members: dict[str, list[str]] = {}
    for key, customer in sorted(people.items()):
        if customer in customers:
            members.setdefault(customer, []).append(key)
    return tuple(
        Person(
            customer_id=customer,
            identifiers=tuple(keys),
            order_count=sum(orders[key][0] for key in keys if key in orders),
            revenue_amount=sum((orders[key][1] for key in keys if key in orders), Decimal(0)),
            stages=stages.get(customer, {}),
        )
        for customer, keys in sorted(members.items())
    )


def _orders(connection: DuckDBPyConnection, keys: list[str]) -> list[tuple[str, int, Decimal]]:
    return connection.execute(
        "select identifier_key, count(*), sum(revenue_amount)::decimal(18, 2) from conformed.crm_orders"
        " where is_purchase and identifier_key in (select unnest(?::varchar[])) group by all",
        [keys],
    ).fetchall()


def _stages(connection: DuckDBPyConnection, customers: list[str] | None = None) -> dict[str, Stages]:
    """Present stages of the customers, or of all; nothing before stages were ever computed."""
    if not has_table(connection, "lifecycle", "stage_stays"):
        return {}
    stages: dict[str, dict[str, str]] = {}
    for customer_id, model, stage in connection.execute(
        "select customer_id, model, stage from lifecycle.stage_stays"
        " where is_current and ($1 is null or customer_id in (select unnest($1::varchar[])))",
        [customers],
    ).fetchall():
        stages.setdefault(customer_id, {})[model] = stage
    return stages


def _touchpoint_count(connection: DuckDBPyConnection, keys: list[str]) -> int:
    (count,) = connection.execute(
        "select count(*) from lifecycle.touchpoints where identifier_key in (select unnest(?::varchar[]))", [keys]
    ).fetchone()
    return count
