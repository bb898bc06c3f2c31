"""Orders and order lines as delivered: the versions of each order over time and the identifiers it shows.

Decides nothing about buying; that is `shop.py`.
"""

from __future__ import annotations

import numpy as np

from ingestion.contract import entity_named
from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.arrays import codes, contract_table, instants, labels, money, numbers, only_where, texts
from ingestion.sandbox.deliveries import known_at, versions
from ingestion.sandbox.identifiers import TYPO, Identifiers
from ingestion.sandbox.people import People
from ingestion.sandbox.shop import CHANNEL_NAMES, CHECKOUT_SECONDS, MARKETPLACE, ONLINE, PHONE, STORE, Orders
from ingestion.sandbox.timeline import NEVER
from ingestion.sandbox.world import World
from ingestion.sandbox.writer import InboxWriter

PENDING, PAID, FULFILLED, CANCELLED, REFUNDED = range(5)
AMOUNTS = ("net", "tax", "shipping", "discount", "cost")
STATUSES = ("pending", "paid", "fulfilled", "cancelled", "refunded")


def write_orders(
    writer: InboxWriter, world: World, people: People, names: Identifiers, orders: Orders, cards_since: np.ndarray
) -> None:
    """Write all versions of all orders and, with the first version, their lines.

    Args:
        writer: the inbox.
        world: the frame.
        people: who buys.
        names: their identifiers.
        orders: what they buy.
        cards_since: instant at which each person has a loyalty card.
    """
    record, at = versions(_changes(orders), writer.periods_of_versions("crm_orders"), world.timeline)
    rng = world.rng("order rows", people.chunk)
    shown = _identifiers(rng, world, people, names, orders, cards_since)
    refunded_at = known_at(orders.refunded_at[record], at)
    refunded = np.where(refunded_at < NEVER, orders.refunded[record], 0)
    table = contract_table(
        entity_named("crm_orders"),
        {
            "order_id": codes("O", orders.number[record]),
            **{name: column.take(record) for name, column in shown.items()},
            "ordered_at": instants(orders.at[record]),
            "status": labels(STATUSES, _status(orders, record, at)),
            **{f"{name}_amount": money(getattr(orders, name)[record]) for name in AMOUNTS},
            "refunded_amount": money(refunded),
            "currency": labels(words.CURRENCIES, orders.currency[record]),
            "channel": labels(CHANNEL_NAMES, orders.channel[record]),
            "is_test": numbers(orders.is_test[record]),
            "cancelled_at": instants(known_at(orders.cancelled_at[record], at)),
            "updated_at": instants(at),
        },
    )
    writer.add("crm_orders", table, world.timeline.day_of(at))
    _write_lines(writer, world, orders)


def _changes(orders: Orders) -> np.ndarray:
    steps = (orders.at, orders.paid_at, orders.cancelled_at, orders.fulfilled_at, orders.refunded_at)
    return np.sort(np.stack(steps, axis=1), axis=1)


def _status(orders: Orders, record: np.ndarray, at: np.ndarray) -> np.ndarray:
    status = np.where(orders.paid_at[record] <= at, PAID, PENDING)
    status = np.where(orders.fulfilled_at[record] <= at, FULFILLED, status)
    is_full = orders.refunded[record] == orders.net[record]
    status = np.where((orders.refunded_at[record] <= at) & is_full, REFUNDED, status)
    return np.where(orders.cancelled_at[record] <= at, CANCELLED, status)


def _identifiers(
    rng: np.random.Generator,
    world: World,
    people: People,
    names: Identifiers,
    orders: Orders,
    cards_since: np.ndarray,
) -> dict[str, object]:
    person, count = orders.person, len(orders)
    online, store = orders.channel == ONLINE, orders.channel == STORE
    known = people.has_contact[person]
    has_card = cards_since[person] <= orders.at
    has_login = online & ~orders.is_guest
    in_crm = known & (~online | (rng.random(count) < 0.6)) & ~(store & has_card)
    by_mail = (online | (orders.channel == PHONE) | (orders.channel == MARKETPLACE) | ~known) & ~(store & has_card)
    mistyped = online & (orders.rank == 0) & (names.variant_kind[person] == TYPO)
    email = names.email_index(rng, person, world.behaviour.upper_case_share)
    email = np.where(mistyped, names.variant_index(person), email)
    cookie = names.cookie_index(rng, person, orders.at - CHECKOUT_SECONDS, 0.0)
    coupons = np.where(orders.coupon > 0, orders.coupon, -1)
    return {
        "contact_id": only_where(in_crm, names.contacts.take(person)),
        "email": texts(names.emails, np.where(by_mail, email, -1)),
        "user_id": only_where(has_login, names.users.take(person)),
        "anonymous_id": texts(names.cookies, np.where(online, cookie, -1)),
        "loyalty_id": only_where(has_card & (store | (rng.random(count) < 0.5)), names.cards.take(person)),
        "coupon_code": codes("SAVE", coupons, 2),
        "campaign": codes("M", orders.campaign, 4),
    }


def _write_lines(writer: InboxWriter, world: World, orders: Orders) -> None:
    parent, catalogue = orders.line_order, world.catalogue
    table = contract_table(
        entity_named("crm_order_lines"),
        {
            "order_id": codes("O", orders.number[parent]),
            "line_number": numbers(orders.line_number),
            "product_id": labels(catalogue.ids, orders.line_product),
            "product_name": labels(catalogue.names, orders.line_product),
            "category": labels(catalogue.categories, orders.line_product),
            "quantity": numbers(orders.line_quantity),
            "unit_price": money(orders.line_price),
            "net_amount": money(orders.line_net),
        },
    )
    writer.add("crm_order_lines", table, world.timeline.day_of(orders.at[parent]))
