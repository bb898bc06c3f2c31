"""Rows that break the contract, rows from the future and an unknown column: planted on purpose, few, and counted.

The rows belong to nobody. Late and double rows of real people are planted in `adversity.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.contract import entity_named
from ingestion.sandbox.adversity import Adversity
from ingestion.sandbox.arrays import codes, contract_table, instants, money
from ingestion.sandbox.behaviour import DAY
from ingestion.sandbox.deliveries import DAILY_DAYS, DELIVERIES, Dress
from ingestion.sandbox.writer import InboxWriter

UNKNOWN_COLUMN = ("crm_consents", "consent_tool", "formtool-2")
FUTURE_DAYS = 20


@dataclass(frozen=True, slots=True)
class Flaw:
    """One kind of bad row.

    Args:
        entity: table name of the entity.
        kind: what is wrong.
        column: the column that is wrong.
        count: how many rows.
        values: the row's values; `{at}` stands for an instant of the file's period, `{number}` for a running number.
    """

    entity: str
    kind: str
    column: str
    count: int
    values: dict[str, str | float | bool]


FLAWS = (
    Flaw("crm_contacts", "missing_required", "created_at", 2, {"contact_id": "CX{number}", "first_name": "Nobody"}),
    Flaw("crm_contacts", "missing_required", "contact_id", 1, {"first_name": "Nobody", "created_at": "{at}"}),
    Flaw(
        "crm_loyalty_events",
        "text_in_number",
        "points",
        2,
        {"event_id": "LX{number}", "type": "earn", "points": "many", "occurred_at": "{at}"},
    ),
    Flaw(
        "crm_deals",
        "text_in_number",
        "amount",
        1,
        {"deal_id": "DX{number}", "amount": "a lot", "currency": "EUR", "created_at": "{at}"},
    ),
    Flaw("crm_tickets", "text_in_timestamp", "opened_at", 1, {"ticket_id": "TX{number}", "opened_at": "yesterday"}),
    Flaw(
        "crm_subscriptions",
        "unknown_currency",
        "currency",
        2,
        {"subscription_id": "SX{number}", "mrr_amount": "19.90", "currency": "ZZZ", "updated_at": "{at}"},
    ),
    Flaw(
        "crm_reviews", "out_of_range", "rating", 1, {"review_id": "VX{number}", "rating": 11.0, "occurred_at": "{at}"}
    ),
    Flaw(
        "crm_consents",
        "unknown_choice",
        "status",
        1,
        {"consent_id": "CNX{number}", "channel": "email", "status": "perhaps", "occurred_at": "{at}"},
    ),
)
BAD_ORDERS = (
    ("unknown_choice", "status", 2),
    ("missing_required", "net_amount", 1),
    ("unknown_currency", "currency", 1),
)


def write_flaws(writer: InboxWriter, adversity: Adversity) -> None:
    """Append all bad rows to the last history file of their entities, and rows from the future to the last day's."""
    number = 0
    for flaw in FLAWS:
        period = _last_history_period(writer, flaw.entity)
        at = f"{writer.periods(flaw.entity).last_days[period].isoformat()}T10:00:00Z"
        rows = [_filled(flaw, number + index, at) for index in range(flaw.count)]
        number += flaw.count
        writer.append(flaw.entity, period, _table(flaw.entity, rows))
        _book(writer, adversity, flaw.entity, period, (flaw.kind, flaw.column, flaw.count))
    _write_bad_orders(writer, adversity)
    _write_future_events(writer, adversity)


def plant_unknown_column(writer: InboxWriter, adversity: Adversity) -> None:
    """Let one file have a column the contract does not know."""
    entity, column, value = UNKNOWN_COLUMN
    path = writer.path_of(entity, _last_history_period(writer, entity))
    writer.extra_columns[path] = (column, value)
    adversity.extra_columns.append({"entity": entity, "file": path, "column": column})


def _last_history_period(writer: InboxWriter, entity: str) -> int:
    return writer.present_period(entity) - DAILY_DAYS


def _filled(flaw: Flaw, number: int, at: str) -> dict[str, str | float | bool]:
    return {
        name: value.format(number=number, at=at) if isinstance(value, str) else value
        for name, value in flaw.values.items()
    }


def _table(entity: str, rows: list[dict[str, str | float | bool]]) -> pa.Table:
    """The rows as they are; a CSV file shows all columns of the contract, a JSON line only those it has."""
    table = pa.Table.from_pylist(rows)
    if DELIVERIES[entity].dress in {Dress.JSONL, Dress.JSONL_GZ}:
        return table
    absent = pa.nulls(table.num_rows, pa.string())
    names = [column.name for column in entity_named(entity).columns]
    return pa.table({name: table[name] if name in table.column_names else absent for name in names})


def _book(writer: InboxWriter, adversity: Adversity, entity: str, period: int, flaw: tuple[str, str, int]) -> None:
    kind, column, count = flaw
    path = writer.path_of(entity, period)
    adversity.bad_rows.append({"entity": entity, "file": path, "kind": kind, "column": column, "count": count})


def _write_bad_orders(writer: InboxWriter, adversity: Adversity) -> None:
    """Orders come as Parquet: what is wrong must still fit the column types."""
    period = _last_history_period(writer, "crm_orders")
    columns = np.repeat([column for _, column, _ in BAD_ORDERS], [count for _, _, count in BAD_ORDERS])
    at = np.full(len(columns), adversity.world.timeline.midnights[-writer.ahead - DAILY_DAYS - 2])
    rows = contract_table(
        entity_named("crm_orders"),
        {
            "order_id": codes("OX", np.arange(len(columns))),
            "ordered_at": instants(at),
            "status": pa.array(np.where(columns == "status", "teleported", "paid")),
            "net_amount": money(np.full(len(columns), 1990), mask=columns == "net_amount"),
            "currency": pa.array(np.where(columns == "currency", "ZZZ", "EUR")),
            "updated_at": instants(at),
        },
    )
    writer.append("crm_orders", period, rows)
    for flaw in BAD_ORDERS:
        _book(writer, adversity, "crm_orders", period, flaw)


def _write_future_events(writer: InboxWriter, adversity: Adversity) -> None:
    """Two visits and an order with a wrong clock: good rows, but not to be seen before their time."""
    timeline = adversity.world.timeline
    at = timeline.stop + FUTURE_DAYS * DAY + np.array([0, 60])
    visits = contract_table(
        entity_named("web_events"),
        {
            "event_id": codes("we-future-", np.arange(2), 1),
            "anonymous_id": pa.array(["ck-future", "ck-future"]),
            "event": pa.array(["page_view", "product_view"]),
            "occurred_at": instants(at),
        },
    )
    order = contract_table(
        entity_named("crm_orders"),
        {
            "order_id": pa.array(["O-future-0"]),
            "anonymous_id": pa.array(["ck-future"]),
            "ordered_at": instants(at[:1] + 600),
            "status": pa.array(["paid"]),
            "net_amount": money(np.array([4200])),
            "currency": pa.array(["EUR"]),
            "updated_at": instants(at[:1] + 600),
        },
    )
    for entity, rows in (("web_events", visits), ("crm_orders", order)):
        writer.append(entity, writer.present_period(entity), rows)
        adversity.future_rows[entity] += rows.num_rows
