"""Service and satisfaction: tickets, surveys on scales of different kinds, product reviews of one chunk of people."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.contract import entity_named
from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.adversity import Adversity
from ingestion.sandbox.arrays import codes, contract_table, instants, labels, numbers, only_where, texts
from ingestion.sandbox.behaviour import DAY, HOUR
from ingestion.sandbox.deliveries import known_at, versions
from ingestion.sandbox.identifiers import Identifiers
from ingestion.sandbox.people import People
from ingestion.sandbox.shop import Orders
from ingestion.sandbox.timeline import NEVER
from ingestion.sandbox.world import World
from ingestion.sandbox.writer import InboxWriter

NPS, CSAT, CES, OLD_CES = range(4)
_SURVEYS = ("nps", "csat", "ces", "ces")
_SCALE_MIN = np.array([0.0, 1.0, 1.0, 1.0])
_SCALE_MAX = np.array([10.0, 5.0, 7.0, 5.0])
_COMMENTS = (
    "Very good.",
    "Delivery took too long; otherwise fine.",
    "Nice people",
    'Would buy again, "gladly"',
    "Naja",
)


@dataclass(frozen=True)
class Tickets:
    """Service requests; unanswered ones have neither response nor solution."""

    person: np.ndarray
    opened_at: np.ndarray
    responded_at: np.ndarray
    resolved_at: np.ndarray
    is_self_service: np.ndarray


def draw_tickets(world: World, people: People, orders: Orders) -> Tickets:
    """Questions after orders, and before them from people who are still thinking."""
    rng, habits, stop = world.rng("tickets", people.chunk), world.behaviour, world.timeline.stop
    index = np.flatnonzero(rng.random(len(orders)) < habits.tickets_per_order)
    after = orders.at[index] + HOUR + (DAY * rng.exponential(6, len(index))).astype(np.int64)
    asking = np.flatnonzero(people.is_identified & (rng.random(len(people)) < 0.06))
    before = people.identified_at[asking] + (DAY * rng.exponential(5, len(asking))).astype(np.int64)
    person, opened = np.concatenate([orders.person[index], asking]), np.concatenate([after, before])
    order = np.argsort(opened, kind="stable")
    order = order[opened[order] < stop]
    person, opened, count = person[order], opened[order], len(order)
    alone = rng.random(count) < habits.self_service_share
    unanswered = ~alone & (rng.random(count) < habits.unanswered_share)
    responded = np.where(alone | unanswered, NEVER, opened + 300 + (HOUR * rng.exponential(9, count)).astype(np.int64))
    solved = np.where(alone, opened + 900, responded)
    solved = np.where(solved < NEVER, solved + (HOUR * rng.exponential(20, count)).astype(np.int64) * ~alone, NEVER)
    return Tickets(
        person, opened, np.where(responded < stop, responded, NEVER), np.where(solved < stop, solved, NEVER), alone
    )


def write_tickets(writer: InboxWriter, world: World, people: People, names: Identifiers, tickets: Tickets) -> None:
    """Write the versions of all tickets."""
    rng, count = world.rng("ticket rows", people.chunk), len(tickets.person)
    number = world.next_numbers("tickets", count)
    channel, topic = rng.integers(0, len(words.TICKET_CHANNELS), count), rng.integers(0, len(words.TOPICS), count)
    shows_mail = rng.random(count) < 0.7
    changes = np.stack([tickets.opened_at, tickets.responded_at, tickets.resolved_at], axis=1)
    changes.sort(axis=1)
    record, at = versions(changes, writer.periods_of_versions("crm_tickets"), world.timeline)
    person = tickets.person[record]
    in_crm = people.has_contact[person]
    table = contract_table(
        entity_named("crm_tickets"),
        {
            "ticket_id": codes("T", number[record]),
            "contact_id": only_where(in_crm, names.contacts.take(person)),
            "email": texts(names.emails, np.where(~in_crm | shows_mail[record], person, -1)),
            "channel": texts(words.TICKET_CHANNELS, channel[record]),
            "topic": texts(words.TOPICS, topic[record]),
            "opened_at": instants(tickets.opened_at[record]),
            "first_response_at": instants(known_at(tickets.responded_at[record], at)),
            "resolved_at": instants(known_at(tickets.resolved_at[record], at)),
            "is_self_service": numbers(tickets.is_self_service[record]),
            "updated_at": instants(at),
        },
    )
    writer.add("crm_tickets", table, world.timeline.day_of(at))


def write_surveys(
    writer: InboxWriter, adversity: Adversity, people: People, names: Identifiers, orders: Orders, tickets: Tickets
) -> None:
    """Write answers: NPS and CES after orders, CSAT after solved tickets; the oldest CES question counts downwards."""
    world = adversity.world
    rng = world.rng("surveys", people.chunk)
    person, at, kind = _questions(rng, world, orders, tickets)
    mood = np.clip(rng.beta(5, 2, len(people))[person] + rng.normal(0, 0.12, len(person)), 0, 0.999)
    width = _SCALE_MAX[kind] - _SCALE_MIN[kind] + 1
    good = _SCALE_MIN[kind] + np.floor(mood * width)
    score = np.where(kind == OLD_CES, _SCALE_MAX[kind] + _SCALE_MIN[kind] - good, good)
    comment = np.where(rng.random(len(at)) < 0.2, rng.integers(0, len(_COMMENTS), len(at)), -1)
    in_crm = people.has_contact[person]
    table = contract_table(
        entity_named("crm_survey_responses"),
        {
            "response_id": codes("R", world.next_numbers("surveys", len(person))),
            "contact_id": only_where(in_crm, names.contacts.take(person)),
            "email": texts(names.emails, np.where(in_crm, -1, person)),
            "survey_type": texts(_SURVEYS, kind),
            "score": numbers(score),
            "scale_min": numbers(_SCALE_MIN[kind]),
            "scale_max": numbers(_SCALE_MAX[kind]),
            "higher_is_better": numbers(kind != OLD_CES),
            "responded_at": instants(at),
            "touchpoint": texts(("order", "ticket", "order", "order"), kind),
            "comment": texts(_COMMENTS, comment),
        },
    )
    adversity.deliver(writer, "crm_survey_responses", table, at, people.chunk)


def _questions(
    rng: np.random.Generator, world: World, orders: Orders, tickets: Tickets
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Person, instant and question of all answers, in order of time."""
    habits = world.behaviour
    bought = np.flatnonzero((rng.random(len(orders)) < habits.survey_per_order) & (orders.cancelled_at == NEVER))
    solved = np.flatnonzero(
        (rng.random(len(tickets.person)) < habits.survey_per_ticket) & (tickets.resolved_at < NEVER)
    )
    person = np.concatenate([orders.person[bought], tickets.person[solved]])
    since = np.concatenate([orders.at[bought] + 10 * DAY, tickets.resolved_at[solved]])
    kind = np.concatenate([rng.choice([NPS, CES], size=len(bought), p=(0.75, 0.25)), np.full(len(solved), CSAT)])
    at = since + (DAY * rng.exponential(2.0, len(since))).astype(np.int64)
    order = np.argsort(at, kind="stable")
    order = order[at[order] < world.timeline.stop]
    person, at, kind = person[order], at[order], kind[order]
    return person, at, np.where((kind == CES) & (world.timeline.day_of(at) < 365), OLD_CES, kind)


def write_reviews(
    writer: InboxWriter, adversity: Adversity, people: People, names: Identifiers, orders: Orders
) -> None:
    """Write product reviews some weeks after orders."""
    world = adversity.world
    rng, habits = world.rng("reviews", people.chunk), world.behaviour
    index = np.flatnonzero((rng.random(len(orders)) < habits.review_per_order) & (orders.cancelled_at == NEVER))
    at = orders.at[index] + 4 * DAY + (DAY * rng.exponential(12, len(index))).astype(np.int64)
    order = np.argsort(at, kind="stable")
    order = order[at[order] < world.timeline.stop]
    index, at = index[order], at[order]
    person = orders.person[index]
    first_line = np.searchsorted(orders.line_order, index)
    in_crm = people.has_contact[person]
    table = contract_table(
        entity_named("crm_reviews"),
        {
            "review_id": codes("V", world.next_numbers("reviews", len(at))),
            "contact_id": only_where(in_crm, names.contacts.take(person)),
            "email": texts(names.emails, np.where(in_crm & (rng.random(len(at)) < 0.6), -1, person)),
            "product_id": labels(world.catalogue.ids, orders.line_product[first_line]).dictionary_decode(),
            "rating": numbers(rng.choice(np.arange(1.0, 6.0), size=len(at), p=(0.05, 0.05, 0.12, 0.3, 0.48))),
            "is_public": numbers(rng.random(len(at)) < 0.9),
            "occurred_at": instants(at),
        },
    )
    adversity.deliver(writer, "crm_reviews", table, at, people.chunk)
