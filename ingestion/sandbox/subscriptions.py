"""Contracts of one chunk: trials of consumers, their terms, cancellation, end and return; contracts out of won deals.

A cancellation is announced first and takes effect at the end of the running term.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.contract import entity_named
from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.arrays import codes, contract_table, instants, money, only_where, texts
from ingestion.sandbox.behaviour import DAY
from ingestion.sandbox.deliveries import known_at, versions
from ingestion.sandbox.identifiers import Identifiers
from ingestion.sandbox.people import People
from ingestion.sandbox.timeline import NEVER
from ingestion.sandbox.world import World
from ingestion.sandbox.writer import InboxWriter

OFFICE_PLAN = len(words.PLANS) - 1


@dataclass(frozen=True)
class Subscriptions:
    """Contracts; instants are NEVER where something does not happen (or not before the end of time).

    `term_days` is the length of one term, `monthly_cents` the recurring revenue in the person's currency.
    """

    person: np.ndarray
    plan: np.ndarray
    monthly_cents: np.ndarray
    term_days: np.ndarray
    trial_started_at: np.ndarray
    trial_ends_at: np.ndarray
    started_at: np.ndarray
    cancelled_at: np.ndarray
    ended_at: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


def draw_subscriptions(world: World, people: People, won_person: np.ndarray, won_at: np.ndarray) -> Subscriptions:
    """Trials of consumers, second contracts of those who come back, and one contract per won deal."""
    rng, habits = world.rng("subscriptions", people.chunk), world.behaviour
    trying = np.flatnonzero(people.trial_at < NEVER)
    trial_ends = people.trial_at[trying] + habits.trial_days * DAY
    converts = (rng.random(len(trying)) < habits.trial_conversion) & (trial_ends < world.timeline.stop)
    started = np.where(converts, trial_ends, NEVER)
    plan = rng.integers(0, OFFICE_PLAN, len(trying))
    first = _contracts(rng, world, trying, plan, started, (people.trial_at[trying], trial_ends))
    returns = (first.ended_at < NEVER) & (rng.random(len(first)) < habits.resubscribe_share)
    again_at = np.where(returns, first.ended_at, 0) + (DAY * rng.uniform(30, 240, len(first))).astype(np.int64)
    returns &= again_at < world.timeline.stop
    none = np.full(int(returns.sum()), NEVER)
    second = _contracts(rng, world, trying[returns], plan[returns], again_at[returns], (none, none))
    office = np.full(len(won_person), OFFICE_PLAN)
    none = np.full(len(won_person), NEVER)
    business = _contracts(rng, world, won_person, office, won_at + DAY, (none, none))
    parts = (first, second, business)
    return Subscriptions(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in Subscriptions.__dataclass_fields__}
    )


def _contracts(
    rng: np.random.Generator,
    world: World,
    person: np.ndarray,
    plan: np.ndarray,
    started: np.ndarray,
    trial: tuple[np.ndarray, np.ndarray],
) -> Subscriptions:
    habits, stop, count = world.behaviour, world.timeline.stop, len(person)
    is_annual = (plan == OFFICE_PLAN) | (rng.random(count) < habits.annual_share)
    term = np.where(is_annual, 365, 30)
    has_started = started < stop
    begin = np.where(has_started, started, 0)
    months = rng.geometric(np.where(is_annual, habits.monthly_churn * 0.5, habits.monthly_churn), count)
    cancelled = begin + (months * 30 * DAY * rng.uniform(0.7, 1.0, count)).astype(np.int64)
    terms = (cancelled - begin) // (term * DAY) + 1
    ended = begin + terms * term * DAY
    cancels = has_started & (cancelled < stop)
    return Subscriptions(
        person=person,
        plan=plan,
        monthly_cents=np.array(words.PLAN_MONTHLY_CENTS)[plan]
        * np.where(plan == OFFICE_PLAN, rng.integers(1, 9, count), 1),
        term_days=term,
        trial_started_at=trial[0],
        trial_ends_at=trial[1],
        started_at=np.where(has_started, started, NEVER),
        cancelled_at=np.where(cancels, cancelled, NEVER),
        ended_at=np.where(cancels & (ended < stop), ended, NEVER),
    )


def write_subscriptions(
    writer: InboxWriter, world: World, people: People, names: Identifiers, contracts: Subscriptions
) -> None:
    """Write the versions of all contracts: a row when something changes, and a new term end at each renewal."""
    rng = world.rng("subscription rows", people.chunk)
    changes = np.concatenate([_milestones(contracts), _renewals(world, contracts)], axis=1)
    changes.sort(axis=1)
    record, at = versions(changes, writer.periods_of_versions("crm_subscriptions"), world.timeline)
    person = contracts.person[record]
    number = world.next_numbers("subscriptions", len(contracts))
    in_crm = people.has_contact[person]
    shows_mail = ~in_crm | (rng.random(len(contracts)) < 0.6)[record]
    table = contract_table(
        entity_named("crm_subscriptions"),
        {
            "subscription_id": codes("S", number[record], 7),
            "contact_id": only_where(in_crm, names.contacts.take(person)),
            "email": texts(names.emails, np.where(shows_mail, person, -1)),
            "plan": texts(words.PLANS, contracts.plan[record]),
            **{
                name: instants(known_at(getattr(contracts, name)[record], at))
                for name in ("trial_started_at", "started_at", "cancelled_at", "ended_at")
            },
            "trial_ends_at": instants(contracts.trial_ends_at[record]),
            "term_ends_at": instants(_term_ends(contracts, record, at)),
            "mrr_amount": money(contracts.monthly_cents[record], mask=contracts.started_at[record] > at),
            "currency": texts(words.CURRENCIES, people.country[person]),
            "updated_at": instants(at),
        },
    )
    writer.add("crm_subscriptions", table, world.timeline.day_of(at))


def _milestones(contracts: Subscriptions) -> np.ndarray:
    return np.stack(
        [contracts.trial_started_at, contracts.started_at, contracts.cancelled_at, contracts.ended_at], axis=1
    )


def _renewals(world: World, contracts: Subscriptions) -> np.ndarray:
    """Instants at which a new term begins, int64[contracts, most terms]; no more of them after a cancellation."""
    longest = world.timeline.days // 30 + 1
    has_started = contracts.started_at < NEVER
    begin = np.where(has_started, contracts.started_at, 0)[:, None]
    at = begin + np.arange(1, longest)[None, :] * contracts.term_days[:, None] * DAY
    runs = has_started[:, None] & (at < contracts.cancelled_at[:, None]) & (at < world.timeline.stop)
    return np.where(runs, at, NEVER)


def _term_ends(contracts: Subscriptions, record: np.ndarray, at: np.ndarray) -> np.ndarray:
    """End of the term running at `at`; the last one's for contracts that ended."""
    started, term = contracts.started_at[record], contracts.term_days[record] * DAY
    last = np.minimum(at, contracts.cancelled_at[record])
    running = started <= at
    begin = np.where(running, started, 0)
    return np.where(running, begin + ((last - begin) // term + 1) * term, NEVER)
