"""What people do with the brand on social platforms: follows, likes, comments, mentions, messages.

The daily figures of the pages are in `advertising.py`.
"""

from __future__ import annotations

import numpy as np

from ingestion.contract import entity_named
from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.adversity import Adversity
from ingestion.sandbox.advertising import AdLedger
from ingestion.sandbox.arrays import codes, contract_table, instants, texts
from ingestion.sandbox.behaviour import DAY, HOUR
from ingestion.sandbox.identifiers import Identifiers
from ingestion.sandbox.people import People
from ingestion.sandbox.writer import InboxWriter

TYPES = ("follow", "unfollow", *words.INTERACTIONS)
_MEASURE_OF_TYPE = np.array([words.PAGE_MEASURES.index("followers"), -1, 0, 1, 2, -1, -1, 4, 3])
SENTIMENTS = ("positive", "neutral", "negative")


def write_interactions(
    writer: InboxWriter, adversity: Adversity, ledger: AdLedger, people: People, names: Identifiers
) -> None:
    """Write the interactions of one chunk and book them for the page figures."""
    world = adversity.world
    rng, habits, stop = world.rng("social", people.chunk), world.behaviour, world.timeline.stop
    fans = np.flatnonzero(names.platform >= 0)
    begins = people.first_touch[fans] + HOUR + (rng.exponential(60, len(fans)) * DAY).astype(np.int64)
    follows = rng.random(len(fans)) < 0.7
    leaves = follows & (rng.random(len(fans)) < 0.08)
    left = begins + DAY + (rng.exponential(200, len(fans)) * DAY).astype(np.int64)
    count = rng.poisson(rng.gamma(0.8, habits.interactions_mean / 0.8, len(fans)))
    index = np.repeat(np.arange(len(fans)), count)
    day = world.timeline.day_of(begins[index] + (rng.exponential(150, len(index)) * DAY).astype(np.int64))
    acted = np.maximum(world.timeline.on_day(rng, day), begins[index] + 60)
    kind = 2 + rng.choice(len(words.INTERACTIONS), size=len(index), p=words.INTERACTION_SHARES)
    fan = np.concatenate([np.flatnonzero(follows), np.flatnonzero(leaves), index])
    at = np.concatenate([begins[follows], left[leaves], acted])
    kind = np.concatenate([np.zeros(follows.sum(), dtype=int), np.ones(leaves.sum(), dtype=int), kind])
    order = np.argsort(at, kind="stable")
    order = order[at[order] < stop]
    person, at, kind = fans[fan[order]], at[order], kind[order]
    ledger.book_interactions(names.platform[person], _MEASURE_OF_TYPE[kind], at)
    gives_mail = (rng.random(len(people)) < 0.25)[person] & (people.identified_at[person] <= at) & (kind == 6)
    says = np.isin(kind, [3, 5, 6])
    table = contract_table(
        entity_named("social_interactions"),
        {
            "interaction_id": codes("si-", world.next_numbers("interactions", len(person)), 9),
            "platform": texts(words.PLATFORMS, names.platform[person]),
            "handle": names.handles.take(person),
            "email": texts(names.emails, np.where(gives_mail, person, -1)),
            "type": texts(TYPES, kind),
            "post_id": codes("post-", np.where(np.isin(kind, [0, 1, 6]), -1, world.timeline.day_of(at) // 2), 4),
            "occurred_at": instants(at),
            "sentiment": texts(SENTIMENTS, np.where(says, rng.choice(3, size=len(kind), p=(0.55, 0.33, 0.12)), -1)),
        },
    )
    adversity.deliver(writer, "social_interactions", table, at, people.chunk)
