"""Who the people are: kind, household, employer, origin, plans and habits of one chunk of people.

Only what is decided before anybody acts. Names of people in data (addresses, cookies, card numbers) are in
`identifiers.py`; what they buy, read and ask follows in the modules of each domain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.behaviour import DAY, HOUR
from ingestion.sandbox.timeline import NEVER
from ingestion.sandbox.world import World

VISITOR, LEAD, BUYER, BUSINESS = range(4)
KINDS = ("visitor", "lead", "buyer", "business")


@dataclass(frozen=True)
class People:
    """One chunk of people, one element each.

    Args:
        chunk: number of the chunk.
        first: number of the first person over all chunks.
        kind: VISITOR, LEAD, BUYER or BUSINESS.
        household: number within the chunk of the household, -1 for people living alone.
        is_head: whether the person is the first of household or company, or alone.
        head: index of the first person of household or company (own index for people alone).
        company: number within the chunk of the employer, -1 for consumers.
        country: index into COUNTRIES.
        channel: index into CHANNELS of the first touch.
        first_touch: instant of the first touch.
        signup_at: instant the person leaves an address without buying, NEVER if not.
        trial_at: instant a trial starts, NEVER if none.
        first_order_at: instant of the planned first order, NEVER if none.
        identified_at: the earliest of the three, NEVER for anonymous people.
        has_account, has_contact: whether the person has a login, a record in the CRM.
        engagement: probability to open a mail.
    """

    chunk: int
    first: int
    kind: np.ndarray
    household: np.ndarray
    is_head: np.ndarray
    head: np.ndarray
    company: np.ndarray
    country: np.ndarray
    channel: np.ndarray
    first_touch: np.ndarray
    signup_at: np.ndarray
    trial_at: np.ndarray
    first_order_at: np.ndarray
    identified_at: np.ndarray
    has_account: np.ndarray
    has_contact: np.ndarray
    engagement: np.ndarray

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def numbers(self) -> np.ndarray:
        """Numbers of the people over all chunks, from 1."""
        return np.arange(self.first + 1, self.first + 1 + len(self))

    @property
    def is_identified(self) -> np.ndarray:
        """Whether each person ever says who they are."""
        return self.identified_at < NEVER


def draw_people(world: World, chunk: int, first: int, count: int) -> People:
    """Draw one chunk of people."""
    rng, habits, timeline = world.rng("people", chunk), world.behaviour, world.timeline
    groups = _groups(world, count)
    kind = _kinds(rng, world, groups["company"])
    weights = timeline.weights / timeline.weights.sum()
    first_touch = timeline.on_day(rng, rng.choice(timeline.days, size=count, p=weights))
    shares = np.array([channel.first_share for channel in words.CHANNELS])
    country = rng.choice(len(words.COUNTRIES), size=count, p=words.COUNTRY_SHARES)[groups["head"]]
    wants_order = kind == BUYER
    early = wants_order & (rng.random(count) < habits.early_signup_share)
    order_at = _later(rng, world, first_touch, habits.first_order_delay_median, wants_order)
    signup_at = _later(rng, world, first_touch, habits.signup_delay_median, (kind == LEAD) | (kind == BUSINESS))
    before_order = first_touch + ((order_at - first_touch) * rng.uniform(0.2, 0.8, count)).astype(np.int64)
    signup_at = np.where(early & (order_at < NEVER), before_order, signup_at)
    trying = ((kind == LEAD) | wants_order) & (rng.random(count) < habits.trial_share)
    trial_at = _later(rng, world, first_touch, habits.first_order_delay_median, trying)
    identified_at = np.minimum(np.minimum(signup_at, trial_at), order_at)
    return People(
        chunk=chunk,
        first=first,
        kind=kind,
        **groups,
        country=country,
        channel=rng.choice(len(words.CHANNELS), size=count, p=shares / shares.sum()),
        first_touch=first_touch,
        signup_at=signup_at,
        trial_at=trial_at,
        first_order_at=order_at,
        identified_at=identified_at,
        has_account=(identified_at < NEVER) & ((rng.random(count) < habits.account_share) | (trial_at < NEVER)),
        has_contact=(identified_at < NEVER) & ((rng.random(count) < habits.contact_share) | (kind == BUSINESS)),
        engagement=rng.beta(2.2, 2.2 / habits.open_mean - 2.2, count),
    )


def _groups(world: World, count: int) -> dict[str, np.ndarray]:
    """Companies first, then households, then people living alone."""
    habits, index = world.behaviour, np.arange(count)
    employed = int(count * habits.business_share) // habits.people_per_company * habits.people_per_company
    housed = int(count * habits.household_share) // habits.people_per_household * habits.people_per_household
    is_housed = (index >= employed) & (index < employed + housed)
    company = np.where(index < employed, index // habits.people_per_company, -1)
    household = np.where(is_housed, (index - employed) // habits.people_per_household, -1)
    head = np.where(company >= 0, company * habits.people_per_company, index)
    head = np.where(household >= 0, employed + household * habits.people_per_household, head)
    return {"household": household, "company": company, "head": head, "is_head": head == index}


def _kinds(rng: np.random.Generator, world: World, company: np.ndarray) -> np.ndarray:
    habits = world.behaviour
    drawn = rng.random(len(company))
    consumer = np.where(
        drawn < habits.visitor_share, VISITOR, np.where(drawn < habits.visitor_share + habits.lead_share, LEAD, BUYER)
    )
    return np.where(company >= 0, BUSINESS, consumer).astype(np.int8)


def _later(
    rng: np.random.Generator, world: World, since: np.ndarray, median_days: float, wanted: np.ndarray
) -> np.ndarray:
    """An instant at least two hours later, after a lognormal delay; NEVER where not wanted or after the end."""
    delay = 2 * HOUR + DAY * median_days * rng.lognormal(0.0, world.behaviour.delay_sigma, len(since))
    at = world.timeline.awake(rng, since + delay.astype(np.int64), since + 2 * HOUR)
    return np.where(wanted & (at < world.timeline.stop), at, NEVER)
