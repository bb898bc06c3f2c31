"""Business customers of one chunk: companies, deals and the personal contacts around them, and with some consumers.

Contracts that come out of won deals are in `subscriptions.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.contract import entity_named
from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.adversity import Adversity
from ingestion.sandbox.arrays import codes, contract_table, instants, joined, money, numbers, texts
from ingestion.sandbox.behaviour import DAY
from ingestion.sandbox.deliveries import known_at, versions
from ingestion.sandbox.identifiers import Identifiers
from ingestion.sandbox.people import LEAD, People
from ingestion.sandbox.timeline import NEVER
from ingestion.sandbox.world import World
from ingestion.sandbox.writer import InboxWriter

QUALIFIED, PROPOSAL, NEGOTIATION, WON, LOST = range(5)
ACTIVITIES = ("call", "meeting", "chat", "demo", "quote", "mailing", "visit")
OUTCOMES = ("reached", "not_reached", "follow_up", "done")


@dataclass(frozen=True)
class Deals:
    """Deals with their way through the pipeline; instants are NEVER where a stage is not reached."""

    person: np.ndarray
    created_at: np.ndarray
    proposal_at: np.ndarray
    negotiation_at: np.ndarray
    closed_at: np.ndarray
    is_won: np.ndarray
    cents: np.ndarray


def draw_deals(world: World, people: People) -> Deals:
    """One or two deals for about half of the companies, made with one of their identified people."""
    rng, stop = world.rng("deals", people.chunk), world.timeline.stop
    candidates = np.flatnonzero((people.company >= 0) & people.is_identified)
    person = np.repeat(candidates, rng.poisson(0.45, len(candidates)))
    count = len(person)
    created = people.identified_at[person] + (DAY * rng.exponential(40, count)).astype(np.int64)
    steps = [created]
    for mean in (9, 12, 20):
        steps.append(steps[-1] + (DAY * (0.5 + rng.exponential(mean, count))).astype(np.int64))
    happens = created < stop
    hidden = [np.where(step < stop, step, NEVER)[happens] for step in steps]
    return Deals(
        person=person[happens],
        created_at=hidden[0],
        proposal_at=hidden[1],
        negotiation_at=hidden[2],
        closed_at=hidden[3],
        is_won=(rng.random(count) < 0.38)[happens],
        cents=np.round(rng.lognormal(13.4, 0.7, count)).astype(np.int64)[happens],
    )


def write_companies(writer: InboxWriter, world: World, people: People) -> None:
    """Write one row per company, created with its first identified employee."""
    rng = world.rng("companies", people.chunk)
    employees = np.flatnonzero((people.company >= 0) & people.is_identified)
    company, first = np.unique(people.company[employees], return_index=True)
    count = len(company)
    created = np.full(count, NEVER)
    np.minimum.at(created, np.searchsorted(company, people.company[employees]), people.identified_at[employees])
    country = people.country[employees[first]]
    city = np.concatenate([np.asarray(cities) for cities in words.CITIES])
    number = people.first + company
    name = joined(
        texts(words.COMPANY_WORDS, rng.integers(0, len(words.COMPANY_WORDS), count)),
        codes(" ", number, 1),
        " ",
        texts(words.COMPANY_FORMS, rng.integers(0, len(words.COMPANY_FORMS), count)),
    )
    table = contract_table(
        entity_named("crm_companies"),
        {
            "company_id": codes("A", number, 7),
            "name": name,
            "domain": joined("client-", codes("", number, 1), ".example.com"),
            "industry": texts(words.INDUSTRIES, rng.integers(0, len(words.INDUSTRIES), count)),
            "employee_count": numbers(np.round(rng.lognormal(3.6, 1.4, count)).astype(np.int64) + 1),
            "city": texts(city.tolist(), country * 8 + rng.integers(0, 8, count)),
            "country": texts(words.COUNTRIES, country),
            "created_at": instants(created),
            "updated_at": instants(created),
        },
    )
    writer.add("crm_companies", table, world.timeline.day_of(created))


def write_deals(writer: InboxWriter, world: World, people: People, names: Identifiers, deals: Deals) -> None:
    """Write the versions of all deals."""
    changes = np.stack([deals.created_at, deals.proposal_at, deals.negotiation_at, deals.closed_at], axis=1)
    record, at = versions(changes, writer.periods_of_versions("crm_deals"), world.timeline)
    number = world.next_numbers("deals", len(deals.person))[record]
    person, is_closed = deals.person[record], deals.closed_at[record] <= at
    is_won = is_closed & deals.is_won[record]
    stage = np.where(deals.proposal_at[record] <= at, PROPOSAL, QUALIFIED)
    stage = np.where(deals.negotiation_at[record] <= at, NEGOTIATION, stage)
    stage = np.where(is_closed, np.where(is_won, WON, LOST), stage)
    table = contract_table(
        entity_named("crm_deals"),
        {
            "deal_id": codes("D", number, 7),
            "contact_id": names.contacts.take(person),
            "company_id": codes("A", people.first + people.company[person], 7),
            "name": codes("Office coffee ", number, 1),
            "stage": texts(words.DEAL_STAGES, stage),
            "is_closed": numbers(is_closed),
            "is_won": numbers(is_won),
            "amount": money(deals.cents[record]),
            "currency": texts(words.CURRENCIES, people.country[person]),
            "created_at": instants(deals.created_at[record]),
            "updated_at": instants(at),
            "closed_at": instants(known_at(deals.closed_at[record], at)),
        },
    )
    writer.add("crm_deals", table, world.timeline.day_of(at))


def write_activities(
    writer: InboxWriter, adversity: Adversity, people: People, names: Identifiers, deals: Deals
) -> None:
    """Write personal contacts: several around each deal, now and then one with a consumer lead."""
    world = adversity.world
    rng = world.rng("activities", people.chunk)
    around = np.repeat(np.arange(len(deals.person)), rng.poisson(4.0, len(deals.person)))
    until = np.minimum(deals.closed_at, world.timeline.stop - 1)[around]
    since = deals.created_at[around]
    deal_at = since + ((until - since) * rng.random(len(around))).astype(np.int64)
    is_lead = (
        people.has_contact & (people.company < 0) & (rng.random(len(people)) < np.where(people.kind == LEAD, 0.2, 0.07))
    )
    leads = np.flatnonzero(is_lead)
    lead_at = people.identified_at[leads] + (DAY * rng.exponential(30, len(leads))).astype(np.int64)
    person, at = np.concatenate([deals.person[around], leads]), np.concatenate([deal_at, lead_at])
    deal_kind = rng.choice(7, size=len(around), p=(0.4, 0.2, 0.04, 0.14, 0.18, 0.02, 0.02))
    lead_kind = rng.choice(7, size=len(leads), p=(0.2, 0.01, 0.35, 0.02, 0.02, 0.2, 0.2))
    kind = np.concatenate([deal_kind, lead_kind])
    order = np.argsort(at, kind="stable")
    order = order[at[order] < world.timeline.stop]
    person, at, kind = person[order], at[order], kind[order]
    table = contract_table(
        entity_named("crm_activities"),
        {
            "activity_id": codes("AC", world.next_numbers("activities", len(at))),
            "contact_id": names.contacts.take(person),
            "type": texts(ACTIVITIES, kind),
            "occurred_at": instants(at),
            "direction": texts(
                ("outbound", "inbound"), np.where(np.isin(kind, [2, 6]), 1, rng.integers(0, 2, len(at)))
            ),
            "outcome": texts(OUTCOMES, rng.integers(0, len(OUTCOMES), len(at))),
            "campaign": texts(("flyer-season",), np.where(kind == 5, 0, -1)),
        },
    )
    adversity.deliver(writer, "crm_activities", table, at, people.chunk)
