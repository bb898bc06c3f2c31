"""Which visits people make: one row per session with its reason, start, device and way to the site.

Sessions follow from what people want (first look, research, order, trial, help, a click in a mail). What is clicked
inside a session is `web.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np

from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.behaviour import DAY, HOUR
from ingestion.sandbox.identifiers import Identifiers
from ingestion.sandbox.marketing import CLICK, Mailing
from ingestion.sandbox.people import BUSINESS, BUYER, LEAD, VISITOR, People
from ingestion.sandbox.shop import CHECKOUT_SECONDS, ONLINE, Orders
from ingestion.sandbox.timeline import NEVER
from ingestion.sandbox.world import World


class Reason(IntEnum):
    """Why a session happens; it decides how the session ends."""

    LOOK = 0
    PRICING = 1
    CART = 2
    CHECKOUT = 3
    ORDER = 4
    NEWSLETTER = 5
    FORM = 6
    TRIAL = 7
    HELP = 8
    REVIEWS = 9


RESEARCH = (Reason.LOOK, Reason.PRICING, Reason.CART, Reason.CHECKOUT, Reason.HELP, Reason.REVIEWS)
RESEARCH_SHARES = (0.62, 0.07, 0.14, 0.06, 0.05, 0.06)


@dataclass(frozen=True)
class Sessions:
    """Sessions of one chunk.

    Args:
        person: whose session it is.
        at: instant it starts; for orders, sign-ups and trials the instant it ends.
        reason: a Reason.
        channel: index into CHANNELS.
        mail: number of the e-mail campaign clicked, -1 if none.
        order: index of the order placed, -1 if none.
        identifies: whether the person gives a name for the first time (identify event).
    """

    person: np.ndarray
    at: np.ndarray
    reason: np.ndarray
    channel: np.ndarray
    mail: np.ndarray
    order: np.ndarray
    identifies: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


def draw_sessions(world: World, people: People, orders: Orders, mailing: Mailing) -> Sessions:
    """All sessions of one chunk, in order of person and time."""
    rng = world.rng("journeys", people.chunk)
    parts = [
        _first_looks(people),
        _research(rng, world, people),
        _orders(rng, people, orders),
        _sign_ups(rng, people, mailing),
        _trials(rng, people),
        _after_orders(rng, world, orders),
        _visits(rng, world, people),
        _mail_clicks(mailing),
    ]
    merged = {field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Sessions)}
    keep = merged["at"] < world.timeline.stop
    order = np.lexsort((merged["at"], merged["person"]))
    order = order[keep[order]]
    return Sessions(**{name: values[order] for name, values in merged.items()})


def _sessions(
    person: np.ndarray,
    at: np.ndarray,
    reason: np.ndarray | int,
    channel: np.ndarray | int,
    **others: np.ndarray,
) -> Sessions:
    count = len(person)
    none = np.full(count, -1)
    return Sessions(
        person=person,
        at=at,
        reason=np.broadcast_to(np.asarray(reason), count),
        channel=np.broadcast_to(np.asarray(channel), count),
        mail=others.get("mail", none),
        order=others.get("order", none),
        identifies=others.get("identifies", np.zeros(count, dtype=bool)),
    )


def _later_channels(rng: np.random.Generator, count: int) -> np.ndarray:
    shares = np.array([channel.later_share for channel in words.CHANNELS])
    return rng.choice(len(words.CHANNELS), size=count, p=shares / shares.sum())


def _first_looks(people: People) -> Sessions:
    return _sessions(np.arange(len(people)), people.first_touch, Reason.LOOK, people.channel)


def _research(rng: np.random.Generator, world: World, people: People) -> Sessions:
    """Visits between the first touch and the decision; visitors look around for some weeks and leave."""
    habits = world.behaviour
    means = np.zeros(4)
    means[[VISITOR, LEAD, BUYER, BUSINESS]] = (
        habits.visitor_sessions,
        habits.lead_sessions,
        habits.buyer_sessions,
        habits.lead_sessions,
    )
    count = rng.poisson(rng.gamma(1.2, means[people.kind] / 1.2))
    person = np.repeat(np.arange(len(people)), count)
    decided = np.minimum(people.first_order_at, people.trial_at)
    until = np.where(decided < NEVER, decided, people.first_touch + 45 * DAY)[person]
    since = people.first_touch[person] + HOUR
    at = since + (rng.beta(1.0, 1.6, len(person)) * np.maximum(until - since, HOUR)).astype(np.int64)
    at = np.minimum(world.timeline.awake(rng, at, since), np.maximum(until, since))
    reason = rng.choice(RESEARCH, size=len(person), p=RESEARCH_SHARES)
    return _sessions(person, at, reason, _later_channels(rng, len(person)))


def _orders(rng: np.random.Generator, people: People, orders: Orders) -> Sessions:
    index = np.flatnonzero(orders.channel == ONLINE)
    person = orders.person[index]
    channel = np.where(orders.campaign[index] >= 0, words.EMAIL_CHANNEL, _later_channels(rng, len(index)))
    identifies = (orders.rank[index] == 0) & (people.identified_at[person] >= orders.at[index])
    return _sessions(
        person,
        orders.at[index] - CHECKOUT_SECONDS,
        Reason.ORDER,
        channel,
        mail=orders.campaign[index],
        order=index,
        identifies=identifies,
    )


def _sign_ups(rng: np.random.Generator, people: People, mailing: Mailing) -> Sessions:
    person = np.flatnonzero(people.signup_at < NEVER)
    subscribes = mailing.subscribed_at[person] == people.signup_at[person]
    reason = np.where(subscribes, Reason.NEWSLETTER, Reason.FORM)
    identifies = people.has_account[person]
    return _sessions(person, people.signup_at[person], reason, _later_channels(rng, len(person)), identifies=identifies)


def _trials(rng: np.random.Generator, people: People) -> Sessions:
    person = np.flatnonzero(people.trial_at < NEVER)
    identifies = np.ones(len(person), dtype=bool)
    return _sessions(
        person, people.trial_at[person], Reason.TRIAL, _later_channels(rng, len(person)), identifies=identifies
    )


def _after_orders(rng: np.random.Generator, world: World, orders: Orders) -> Sessions:
    """Tracking, help and browsing in the weeks after an order."""
    count = rng.poisson(world.behaviour.sessions_per_order, len(orders))
    index = np.repeat(np.arange(len(orders)), count)
    since = orders.at[index] + HOUR
    at = world.timeline.awake(rng, since + (rng.exponential(20, len(index)) * DAY).astype(np.int64), since)
    reason = rng.choice(
        (Reason.LOOK, Reason.HELP, Reason.CART, Reason.REVIEWS), size=len(index), p=(0.7, 0.1, 0.12, 0.08)
    )
    return _sessions(orders.person[index], at, reason, _later_channels(rng, len(index)))


def _visits(rng: np.random.Generator, world: World, people: People) -> Sessions:
    """Now and then a visit without a plan, for some months after identification."""
    habits, timeline = world.behaviour, world.timeline
    known = np.flatnonzero(people.is_identified)
    stays = np.minimum(
        DAY * rng.exponential(habits.visiting_days, len(known)), timeline.stop - people.identified_at[known]
    )
    count = rng.poisson(habits.visits_per_month * stays / (30 * DAY))
    index = np.repeat(np.arange(len(known)), count)
    day = timeline.day_of(people.identified_at[known][index] + (stays[index] * rng.random(len(index))).astype(np.int64))
    at = np.maximum(timeline.on_day(rng, day), people.identified_at[known][index] + HOUR)
    reason = rng.choice(RESEARCH, size=len(index), p=RESEARCH_SHARES)
    return _sessions(known[index], at, reason, _later_channels(rng, len(index)))


def _mail_clicks(mailing: Mailing) -> Sessions:
    index = np.flatnonzero(mailing.event_type == CLICK)
    return _sessions(
        mailing.event_person[index],
        mailing.event_at[index] + 2,
        Reason.LOOK,
        words.EMAIL_CHANNEL,
        mail=mailing.event_campaign[index],
    )


def cookies_of(world: World, people: People, names: Identifiers, sessions: Sessions) -> np.ndarray:
    """The cookie of each session; first looks and identifications happen on the person's own first device."""
    rng = world.rng("cookies", people.chunk)
    own = sessions.identifies | (sessions.at == people.first_touch[sessions.person]) | (sessions.order >= 0)
    cookie = names.cookie_index(rng, sessions.person, sessions.at, world.behaviour.second_device_use)
    first = names.cookie_index(rng, sessions.person, sessions.at, 0.0)
    return np.where(own, first, cookie)
