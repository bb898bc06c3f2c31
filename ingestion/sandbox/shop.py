"""What consumers buy: when, what and for how much, and what becomes of each order.

Purchase times follow BG/NBD (own gamma rate, beta drop-out after each order) in seasonal time, values are Gamma-Gamma.
Orders caused by campaigns are decided in `marketing.py` and come in here as extra instants. How an order shows in files
is `order_rows.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.behaviour import DAY, HOUR
from ingestion.sandbox.people import People
from ingestion.sandbox.timeline import NEVER
from ingestion.sandbox.world import World

ONLINE, STORE, PHONE, MARKETPLACE = range(4)
CHECKOUT_SECONDS = 45
CHANNEL_NAMES = ("online", "store", "phone", "marketplace")


@dataclass(frozen=True)
class Purchases:
    """Purchase instants in order of person and time; `campaign` is the causing campaign or -1.

    `dropped_out_at` says per person when they silently stopped buying, NEVER if still alive at the end.
    """

    person: np.ndarray
    at: np.ndarray
    campaign: np.ndarray
    dropped_out_at: np.ndarray

    def with_extra(self, person: np.ndarray, at: np.ndarray, campaign: np.ndarray) -> Purchases:
        """These purchases and more of them, in order."""
        people = np.concatenate([self.person, person])
        instants = np.concatenate([self.at, at])
        order = np.lexsort((instants, people))
        campaigns = np.concatenate([self.campaign, campaign])[order]
        return Purchases(people[order], instants[order], campaigns, self.dropped_out_at)


@dataclass(frozen=True)
class Orders:
    """Orders of one chunk, in order of time; amounts in cents of the order's currency.

    Lines are `line_*` arrays with `line_order` pointing at their order.
    """

    person: np.ndarray
    at: np.ndarray
    number: np.ndarray
    rank: np.ndarray
    channel: np.ndarray
    currency: np.ndarray
    campaign: np.ndarray
    coupon: np.ndarray
    is_test: np.ndarray
    is_guest: np.ndarray
    net: np.ndarray
    tax: np.ndarray
    shipping: np.ndarray
    discount: np.ndarray
    cost: np.ndarray
    refunded: np.ndarray
    paid_at: np.ndarray
    fulfilled_at: np.ndarray
    cancelled_at: np.ndarray
    refunded_at: np.ndarray
    line_order: np.ndarray
    line_number: np.ndarray
    line_product: np.ndarray
    line_quantity: np.ndarray
    line_price: np.ndarray
    line_net: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


def draw_purchases(world: World, people: People) -> Purchases:
    """Purchase instants of everybody who plans a first order; people drop out silently, some return much later."""
    rng, habits, timeline = world.rng("purchases", people.chunk), world.behaviour, world.timeline
    buyers = np.flatnonzero(people.first_order_at < NEVER)
    rate = rng.gamma(habits.rate_shape, habits.rate_scale, len(buyers))
    dropout = rng.beta(habits.dropout_alpha, habits.dropout_beta, len(buyers))
    dropped = np.full(len(people), NEVER)
    at = people.first_order_at[buyers]
    busy = timeline.busy_time(at)
    persons, instants = [buyers], [at]
    for _ in range(habits.orders_per_person_max):
        leaves = rng.random(len(buyers)) < dropout
        dropped[buyers[leaves]] = at[leaves]
        returns = leaves & (rng.random(len(buyers)) < habits.return_share)
        gap = np.where(returns, 60 + rng.exponential(habits.return_gap_mean, len(buyers)), rng.exponential(1 / rate))
        busy = busy + np.maximum(gap, 0.05)
        at = np.maximum(timeline.at_busy_time(rng, busy), at + HOUR)
        keeps = (~leaves | returns) & (at < timeline.stop)
        dropped[buyers[returns & keeps]] = NEVER
        buyers, rate, dropout, busy, at = buyers[keeps], rate[keeps], dropout[keeps], busy[keeps], at[keeps]
        persons.append(buyers)
        instants.append(at)
    none = np.empty(0, dtype=np.int64)
    count = sum(len(part) for part in persons)
    return Purchases(none, none, none, dropped).with_extra(
        np.concatenate(persons), np.concatenate(instants), np.full(count, -1)
    )


def draw_orders(world: World, people: People, purchases: Purchases) -> Orders:
    """Fill the baskets of all purchases and decide the fate of each order."""
    rng, habits = world.rng("orders", people.chunk), world.behaviour
    order = np.argsort(purchases.at, kind="stable")
    first_of_person = np.flatnonzero(np.diff(purchases.person, prepend=-1))
    starts = np.repeat(first_of_person, np.diff(np.append(first_of_person, len(purchases.person))))
    rank = (np.arange(len(purchases.person)) - starts)[order]
    person, at, campaign = purchases.person[order], purchases.at[order], purchases.campaign[order]
    count = len(person)
    likes_store = rng.random(len(people)) < 0.15
    drawn = rng.random(count)
    offline = np.where(drawn < 0.8, STORE, PHONE)
    channel = np.where(
        likes_store[person], offline, np.where(drawn < 0.9, ONLINE, np.where(drawn < 0.93, PHONE, MARKETPLACE))
    )
    channel = np.where(campaign >= 0, ONLINE, channel)
    currency = people.country[person]
    coupon = np.where(rng.random(count) < habits.coupon_share, rng.choice([5, 10, 15, 20], count), 0)
    basket = _baskets(rng, world, len(people), person, currency, coupon)
    return Orders(
        person=person,
        at=at,
        number=world.next_numbers("orders", count),
        rank=rank,
        channel=channel,
        currency=currency,
        campaign=campaign,
        coupon=coupon,
        is_test=rng.random(count) < habits.test_order_share,
        is_guest=~people.has_account[person],
        **basket,
        **_fates(rng, world, at, channel, basket["net"]),
    )


def _baskets(
    rng: np.random.Generator, world: World, people: int, person: np.ndarray, currency: np.ndarray, coupon: np.ndarray
) -> dict[str, np.ndarray]:
    habits, catalogue, count = world.behaviour, world.catalogue, len(person)
    scale = rng.gamma(habits.value_q, 1 / habits.value_gamma, people)
    value = 100 * rng.gamma(habits.value_p, 1 / scale[person])
    lines = 1 + rng.poisson(0.8, count)
    line_order = np.repeat(np.arange(count), lines)
    starts = np.cumsum(lines) - lines
    favourite = rng.choice(len(words.CATEGORIES), size=people, p=words.CATEGORY_SHARES)
    other = rng.choice(len(words.CATEGORIES), size=len(line_order), p=words.CATEGORY_SHARES)
    category = np.where(rng.random(len(line_order)) < 0.55, favourite[person[line_order]], other)
    wanted = np.maximum(value / lines, 200)[line_order]
    quantity = np.where(wanted > 1500, 1 + rng.poisson(0.5, len(line_order)), 1)
    product = catalogue.nearest(category, wanted / quantity)
    factor = np.array([1.0, 1.0, 1.1, 1.15])[currency[line_order]]
    price = np.round(catalogue.prices[product] * factor).astype(np.int64)
    cost = np.round(catalogue.costs[product] * factor).astype(np.int64) * quantity
    gross = price * quantity
    discount = np.round(gross * coupon[line_order] / 100).astype(np.int64)
    per_order = {
        "net": _sums(line_order, gross - discount, count),
        "discount": _sums(line_order, discount, count),
        "cost": _sums(line_order, cost, count),
    }
    tax_rate = np.array([0.19, 0.2, 0.081, 0.0])[currency]
    return {
        **per_order,
        "tax": np.round(per_order["net"] * tax_rate).astype(np.int64),
        "shipping": np.where(per_order["net"] < 5000, 490, 0),
        "line_order": line_order,
        "line_number": np.arange(len(line_order)) - np.repeat(starts, lines) + 1,
        "line_product": product,
        "line_quantity": quantity,
        "line_price": price,
        "line_net": gross - discount,
    }


def _sums(group: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    return np.bincount(group, weights=values, minlength=count).astype(np.int64)


def _fates(
    rng: np.random.Generator, world: World, at: np.ndarray, channel: np.ndarray, net: np.ndarray
) -> dict[str, np.ndarray]:
    habits, count = world.behaviour, len(at)
    is_store = channel == STORE
    paid = at + np.where(is_store, 60, 120 + rng.exponential(0.4 * DAY, count).astype(np.int64))
    fulfilled = paid + np.where(is_store, 60, (DAY * rng.uniform(0.6, 4.0, count)).astype(np.int64))
    cancels = ~is_store & (rng.random(count) < habits.cancelled_share)
    cancelled = np.where(cancels, at + HOUR + (rng.random(count) * 0.5 * DAY).astype(np.int64), NEVER)
    refunds = ~cancels & (rng.random(count) < habits.refund_share)
    refunded_at = np.where(refunds, fulfilled + (DAY * rng.uniform(2, 25, count)).astype(np.int64), NEVER)
    is_full = rng.random(count) < habits.full_refund_share
    amount = np.where(is_full, net, np.round(net * rng.uniform(0.2, 0.7, count))).astype(np.int64)
    fates = {
        "paid_at": np.where(cancels & (paid > cancelled), NEVER, paid),
        "fulfilled_at": np.where(cancels, NEVER, fulfilled),
        "cancelled_at": cancelled,
        "refunded_at": refunded_at,
    }
    until_end = {name: np.where(at < world.timeline.stop, at, NEVER) for name, at in fates.items()}
    return {**until_end, "refunded": np.where(until_end["refunded_at"] < NEVER, amount, 0)}
