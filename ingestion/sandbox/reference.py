"""Reference data of the company: exchange rates, targets, and a few decisions about identity."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa

from ingestion.contract import entity_named
from ingestion.sandbox.arrays import contract_table, instants, numbers, texts
from ingestion.sandbox.identifiers import TYPO, Identifiers
from ingestion.sandbox.people import People
from ingestion.sandbox.shop import ONLINE, Orders
from ingestion.sandbox.world import World
from ingestion.sandbox.writer import InboxWriter

_RATES = {"USD": 0.92, "CHF": 1.03}
_TARGETS = {
    "average_transaction_value": 70.0,
    "purchase_frequency": 1.2,
    "repeat_purchase_rate": 0.45,
    "retention_rate": 0.8,
    "churn_rate": 0.06,
    "subscription_churn_rate": 0.05,
    "win_back_rate": 0.05,
    "nps": 35.0,
    "csat": 0.8,
    "ces": 5.5,
    "email_open_rate": 0.3,
}


def write_reference(writer: InboxWriter, world: World) -> None:
    """Write exchange rates for every day and targets for every month."""
    rng, timeline = world.rng("reference"), world.timeline
    days = [timeline.date_of(day) for day in range(timeline.days)]
    walks = [rate * np.exp(np.cumsum(rng.normal(0, 0.0035, len(days)))) for rate in _RATES.values()]
    day = np.repeat(np.arange(len(days)), len(_RATES))
    rates = contract_table(
        entity_named("reference_fx_rates"),
        {
            "rate_date": pa.array([days[number] for number in day], pa.date32()),
            "currency": texts(tuple(_RATES), np.tile(np.arange(len(_RATES)), len(days))),
            "rate_to_reporting": numbers(np.round(np.stack(walks, axis=1).ravel(), 5)),
        },
    )
    writer.add("reference_fx_rates", rates, day)
    months = sorted({date(day.year, day.month, 1) for day in days})
    targets = contract_table(
        entity_named("reference_kpi_targets"),
        {
            "kpi": texts(tuple(_TARGETS), np.tile(np.arange(len(_TARGETS)), len(months))),
            "period_start": pa.array(np.repeat(np.array(months, dtype="datetime64[D]"), len(_TARGETS))),
            "target_value": numbers(np.tile(np.array(list(_TARGETS.values())), len(months))),
        },
    )
    writer.add("reference_kpi_targets", targets, np.zeros(targets.num_rows, dtype=np.int64))


def write_overrides(writer: InboxWriter, world: World, people: People, names: Identifiers, orders: Orders) -> None:
    """Write a few decisions: families that share a mailbox stay apart, a mistyped address belongs to its person.

    Addresses are decided about after an order with the mistyped one has shown it.
    """
    decided_at = world.timeline.midnights[-30]
    ordered = orders.person[(orders.channel == ONLINE) & (orders.rank == 0) & (orders.at < decided_at)]
    apart = np.flatnonzero(
        names.is_shared_mailbox & ~people.is_head & people.has_account & people.has_account[people.head]
    )
    typed = np.intersect1d(np.flatnonzero((names.variant_kind == TYPO) & people.is_identified), ordered)
    apart, typed = apart[:3], typed[:2]
    count = len(apart) + len(typed)
    links = np.repeat([0, 1], [len(apart), len(typed)])
    left = pa.concat_arrays([names.users.take(apart), names.emails.take(typed)])
    right = pa.concat_arrays([names.users.take(people.head[apart]), names.emails.take(names.variant_index(typed))])
    table = contract_table(
        entity_named("reference_identity_overrides"),
        {
            "override_id": texts([f"OV{number:03d}" for number in range(count)], np.arange(count)),
            "action": texts(("never_link", "always_link"), links),
            "left_type": texts(("user_id", "email"), links),
            "left_value": left,
            "right_type": texts(("user_id", "email"), links),
            "right_value": right,
            "reason": texts(("family shares a mailbox", "address was mistyped"), links),
            "created_at": instants(np.full(count, decided_at)),
        },
    )
    writer.add("reference_identity_overrides", table, np.zeros(count, dtype=np.int64))
