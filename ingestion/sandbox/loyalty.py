"""The loyalty programme and recommendations of one chunk: cards, points, referrals that worked and that did not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ingestion.contract import entity_named
from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.adversity import Adversity
from ingestion.sandbox.arrays import codes, contract_table, instants, joined, numbers, only_where, texts
from ingestion.sandbox.behaviour import DAY, HOUR
from ingestion.sandbox.identifiers import Identifiers
from ingestion.sandbox.people import BUSINESS, People
from ingestion.sandbox.shop import STORE, Orders
from ingestion.sandbox.timeline import NEVER
from ingestion.sandbox.world import World
from ingestion.sandbox.writer import InboxWriter

ENROLLED, SCAN, EARN, REDEEM, LEFT = range(5)
TYPES = ("enrolled", "scan", "earn", "redeem", "left")


def draw_cards(world: World, people: People, orders: Orders) -> np.ndarray:
    """Instant since which each person has a loyalty card: some time after the first order; NEVER without one."""
    rng, count = world.rng("cards", people.chunk), len(people)
    first = np.full(count, NEVER)
    np.minimum.at(first, orders.person, orders.at)
    takes = (first < NEVER) & people.has_contact & (rng.random(count) < world.behaviour.loyalty_share)
    since = np.where(takes, first, 0) + 300 + (DAY * rng.exponential(20, count)).astype(np.int64)
    return np.where(takes & (since < world.timeline.stop), since, NEVER)


def write_loyalty_events(
    writer: InboxWriter, adversity: Adversity, people: People, names: Identifiers, orders: Orders, cards: np.ndarray
) -> None:
    """Write enrolments, scans in the shop, points earned and redeemed, and people leaving the programme."""
    world = adversity.world
    rng = world.rng("loyalty", people.chunk)
    person, at, kind, points = _events(rng, world, len(people), orders, cards)
    table = contract_table(
        entity_named("crm_loyalty_events"),
        {
            "event_id": codes("LE", world.next_numbers("loyalty", len(at))),
            "loyalty_id": names.cards.take(person),
            "contact_id": only_where(kind == ENROLLED, names.contacts.take(person)),
            "email": texts(names.emails, np.where((kind == ENROLLED) & (rng.random(len(at)) < 0.5), person, -1)),
            "type": texts(TYPES, kind),
            "points": numbers(points, mask=np.isin(kind, [SCAN, LEFT])),
            "occurred_at": instants(at),
        },
    )
    adversity.deliver(writer, "crm_loyalty_events", table, at, people.chunk)


def _events(
    rng: np.random.Generator, world: World, people: int, orders: Orders, cards: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Person, instant, kind and points of all events in order of time."""
    habits = world.behaviour
    members = np.flatnonzero(cards < NEVER)
    leaves = rng.random(len(members)) < habits.leave_share
    left = np.full(people, NEVER)
    left[members[leaves]] = cards[members[leaves]] + (DAY * rng.uniform(60, 500, leaves.sum())).astype(np.int64)
    buys = np.flatnonzero((cards[orders.person] <= orders.at) & (left[orders.person] > orders.at))
    scans = buys[orders.channel[buys] == STORE]
    redeems = buys[rng.random(len(buys)) < habits.redeem_share]
    leavers = np.flatnonzero(left < world.timeline.stop)
    person = np.concatenate([members, orders.person[scans], orders.person[buys], orders.person[redeems], leavers])
    at = np.concatenate(
        [cards[members], orders.at[scans], orders.at[buys] + 120, orders.at[redeems] + 60, left[leavers]]
    )
    sizes = (len(members), len(scans), len(buys), len(redeems), len(leavers))
    kind = np.repeat((ENROLLED, SCAN, EARN, REDEEM, LEFT), sizes)
    points = np.concatenate(
        [
            np.full(len(members), 50.0),
            np.zeros(len(scans)),
            np.floor(orders.net[buys] / 100),
            -100.0 * rng.integers(1, 5, len(redeems)),
            np.zeros(len(leavers)),
        ]
    )
    order = np.argsort(at, kind="stable")
    order = order[at[order] < world.timeline.stop]
    return person[order], at[order], kind[order], points[order]


def write_referrals(
    writer: InboxWriter, adversity: Adversity, people: People, names: Identifiers, orders: Orders
) -> None:
    """Write recommendations: one for each person who came by word of mouth, and some that led nowhere."""
    world = adversity.world
    rng = world.rng("referrals", people.chunk)
    first = np.full(len(people), NEVER)
    np.minimum.at(first, orders.person, orders.at)
    fans = np.flatnonzero(people.has_contact & (first < NEVER))
    fans = fans[np.argsort(first[fans], kind="stable")]
    came = np.flatnonzero((people.channel == words.WORD_OF_MOUTH) & (people.kind != BUSINESS) & people.is_identified)
    earlier = np.searchsorted(first[fans], people.first_touch[came] - HOUR)
    came, earlier = came[earlier > 0], earlier[earlier > 0]
    referrer = fans[(rng.random(len(came)) * earlier).astype(np.int64)]
    invited_at = people.first_touch[came] - rng.integers(60, HOUR, len(came))
    misses = np.flatnonzero(rng.random(len(fans)) < 0.03)
    missed_at = first[fans[misses]] + (DAY * (5 + rng.exponential(90, len(misses)))).astype(np.int64)
    nobody = joined("friend.", codes("", people.numbers[fans[misses]], 1), "@example.net")
    person = np.concatenate([referrer, fans[misses]])
    at = np.concatenate([invited_at, missed_at])
    target = np.concatenate([came, len(names.emails) + np.arange(len(misses))])
    order = np.argsort(at, kind="stable")
    order = order[at[order] < world.timeline.stop]
    person, at, target = person[order], at[order], target[order]
    table = contract_table(
        entity_named("crm_referrals"),
        {
            "referral_id": codes("RF", world.next_numbers("referrals", len(at))),
            "referrer_contact_id": names.contacts.take(person),
            "referrer_email": texts(names.emails, np.where(rng.random(len(at)) < 0.5, person, -1)),
            "referred_email": _concatenated(names, nobody, target),
            "occurred_at": instants(at),
        },
    )
    adversity.deliver(writer, "crm_referrals", table, at, people.chunk)


def _concatenated(names: Identifiers, nobody: pa.Array, target: np.ndarray) -> pa.Array:
    """Addresses of people of the company, and after them addresses of people who never came."""
    return pa.concat_arrays([names.emails, nobody]).take(pa.array(target, pa.int64()))
