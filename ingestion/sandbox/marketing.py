"""E-mail marketing: the campaign calendar, who is in each campaign, and what happens to each mail.

Decides which purchases a campaign causes (never for the hold-out). How mails show in
files is `mail_rows.py`; the visits behind clicks are `journeys.py`; consents are `consents.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from ingestion.sandbox.behaviour import DAY, HOUR
from ingestion.sandbox.people import People
from ingestion.sandbox.shop import Purchases
from ingestion.sandbox.timeline import NEVER, Timeline
from ingestion.sandbox.world import World

NEWSLETTER, PROMOTION, WIN_BACK = range(3)
GOALS = ("newsletter", "promotion", "win_back")
SENT, DELIVERED, OPEN, CLICK, BOUNCE, UNSUBSCRIBE, COMPLAINT, MACHINE_OPEN = range(8)
EVENT_TYPES = ("sent", "delivered", "open", "click", "bounce", "unsubscribe", "complaint")


@dataclass(frozen=True)
class Campaigns:
    """All campaigns of the three years, in order of time, numbered from 1."""

    sent_at: np.ndarray
    goal: np.ndarray
    names: tuple[str, ...]


@dataclass(frozen=True)
class Mailing:
    """What came of the campaigns in one chunk.

    Args:
        member_person, member_campaign, member_is_treated: assignments, except to newsletters.
        event_person, event_campaign, event_type, event_at, event_is_machine: mail events in order of time.
        subscribed_at: instant the newsletter was ordered, NEVER if not.
        confirmed_at: instant the order was confirmed, NEVER if not.
        left_at: instant of the unsubscription, NEVER if none.
        caused_person, caused_at, caused_campaign: purchases that would not have happened without the mail.
    """

    member_person: np.ndarray
    member_campaign: np.ndarray
    member_is_treated: np.ndarray
    event_person: np.ndarray
    event_campaign: np.ndarray
    event_type: np.ndarray
    event_at: np.ndarray
    event_is_machine: np.ndarray
    subscribed_at: np.ndarray
    confirmed_at: np.ndarray
    left_at: np.ndarray
    caused_person: np.ndarray
    caused_at: np.ndarray
    caused_campaign: np.ndarray


def campaign_calendar(timeline: Timeline) -> Campaigns:
    """A newsletter every second Tuesday, promotions at fixed dates of the year, a win-back every quarter."""
    entries: list[tuple[int, int, str]] = []
    for number in range(timeline.days):
        day = timeline.date_of(number)
        morning = int(timeline.midnights[number]) + 9 * HOUR
        entries.extend((morning, goal, name) for goal, name in _campaigns_on(day))
    sent_at = np.array([entry[0] for entry in entries], dtype=np.int64)
    return Campaigns(sent_at, np.array([entry[1] for entry in entries]), tuple(entry[2] for entry in entries))


def _campaigns_on(day: date) -> list[tuple[int, str]]:
    found = []
    if day.weekday() == 1 and day.isocalendar().week % 2 == 0:
        found.append((NEWSLETTER, f"newsletter-{day:%Y-%m-%d}"))
    promotions = {
        (3, 15): "spring",
        (6, 10): "summer",
        (9, 12): "autumn",
        (11, 24): "black-friday",
        (12, 8): "christmas",
    }
    if (day.month, day.day) in promotions:
        found.append((PROMOTION, f"{promotions[day.month, day.day]}-{day.year}"))
    if day.month % 3 == 2 and day.day == 5:
        found.append((WIN_BACK, f"we-miss-you-{day:%Y-%m}"))
    return found


def draw_mailing(world: World, people: People, campaigns: Campaigns, purchases: Purchases) -> Mailing:
    """Send every campaign to its audience in one chunk, campaign after campaign."""
    rng, habits = world.rng("marketing", people.chunk), world.behaviour
    count = len(people)
    subscribes = people.is_identified & (rng.random(count) < habits.subscriber_share)
    subscribed = np.where(subscribes, people.identified_at, NEVER)
    confirms = subscribes & (rng.random(count) < habits.confirmed_share)
    confirmed = np.where(confirms, subscribed + 120 + rng.exponential(4 * HOUR, count).astype(np.int64), NEVER)
    confirmed = np.where(confirmed < world.timeline.stop, confirmed, NEVER)
    uses_proxy = rng.random(count) < habits.machine_opener_share
    left = np.full(count, NEVER)
    parts = [
        _send(rng, world, people, campaigns, number, (confirmed, left, uses_proxy), purchases)
        for number in range(len(campaigns.sent_at))
    ]
    merged = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    order = np.argsort(merged["event_at"], kind="stable")
    for name in ("event_person", "event_campaign", "event_type", "event_at", "event_is_machine"):
        merged[name] = merged[name][order]
    return Mailing(**merged, subscribed_at=subscribed, confirmed_at=confirmed, left_at=left)


def _send(
    rng: np.random.Generator,
    world: World,
    people: People,
    campaigns: Campaigns,
    number: int,
    readers: tuple[np.ndarray, np.ndarray, np.ndarray],
    purchases: Purchases,
) -> dict[str, np.ndarray]:
    """One campaign: audience, hold-out, mail events, caused purchases. Marks who leaves in `readers`."""
    confirmed, left, uses_proxy = readers
    habits, at, goal = world.behaviour, int(campaigns.sent_at[number]), int(campaigns.goal[number])
    audience = np.flatnonzero((confirmed < at) & (left > at))
    if goal == WIN_BACK:
        audience = audience[_is_silent(world, people, purchases, at)[audience]]
    holdout = (0.0, habits.promotion_holdout, habits.win_back_holdout)[goal]
    is_treated = rng.random(len(audience)) >= holdout
    treated = audience[is_treated]
    lift = (0.0, habits.promotion_lift, habits.win_back_lift)[goal]
    may_buy = (people.company[treated] < 0) & (people.first_order_at[treated] < at)
    buys = may_buy & (rng.random(len(treated)) < lift * people.engagement[treated] / habits.open_mean)
    events, clicked_at = _events(rng, world, people, treated, at, (uses_proxy, buys))
    leaving = events["type"] == UNSUBSCRIBE
    np.minimum.at(left, events["person"][leaving], events["at"][leaving])
    bought_at = clicked_at[buys] + 900 + (rng.exponential(0.5, int(buys.sum())) * DAY).astype(np.int64)
    in_time = bought_at < world.timeline.stop
    is_member = np.full(len(audience), goal != NEWSLETTER)
    return {
        "member_person": audience[is_member],
        "member_campaign": np.full(is_member.sum(), number + 1),
        "member_is_treated": is_treated[is_member],
        **{f"event_{name}": values for name, values in events.items()},
        "event_campaign": np.full(len(events["at"]), number + 1),
        "caused_person": treated[buys][in_time],
        "caused_at": bought_at[in_time],
        "caused_campaign": np.full(in_time.sum(), number + 1),
    }


def _is_silent(world: World, people: People, purchases: Purchases, at: int) -> np.ndarray:
    """Whether each person has bought before, but not for a long time."""
    last = np.zeros(len(people), dtype=np.int64)
    before = purchases.at < at
    np.maximum.at(last, purchases.person[before], purchases.at[before])
    return (last > 0) & (at - last > world.behaviour.win_back_silence_days * DAY)


def _events(
    rng: np.random.Generator,
    world: World,
    people: People,
    treated: np.ndarray,
    at: int,
    habits_of_readers: tuple[np.ndarray, np.ndarray],
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Mail events of one campaign, and the instant at which each reader clicks or would click; who buys clicks."""
    uses_proxy, buys = habits_of_readers
    habits, count = world.behaviour, len(treated)
    sent = at + rng.integers(0, 1800, count)
    bounces = rng.random(count) < habits.bounce_share
    arrived = ~bounces
    delivered = sent + rng.integers(1, 90, count)
    machine = arrived & uses_proxy[treated]
    arrived |= buys
    opens = arrived & ((rng.random(count) < people.engagement[treated]) | buys)
    opened = delivered + 60 + (rng.exponential(9, count) * HOUR).astype(np.int64)
    reopens = opens & (rng.random(count) < 0.2)
    clicks = opens & ((rng.random(count) < habits.click_given_open) | buys)
    clicked = opened + rng.integers(5, 120, count)
    leaves = opens & (rng.random(count) < habits.unsubscribe_share / habits.open_mean)
    complains = opens & (rng.random(count) < habits.complaint_share / habits.open_mean)
    kinds = (
        (SENT, np.ones(count, dtype=bool), sent),
        (DELIVERED, arrived, delivered),
        (BOUNCE, ~arrived, delivered),
        (MACHINE_OPEN, machine, delivered + rng.integers(1, 60, count)),
        (OPEN, opens, opened),
        (OPEN, reopens, opened + rng.integers(HOUR, 2 * DAY, count)),
        (CLICK, clicks, clicked),
        (UNSUBSCRIBE, leaves, opened + rng.integers(30, 300, count)),
        (COMPLAINT, complains, opened + rng.integers(30, 300, count)),
    )
    return _collected(kinds, treated, world.timeline.stop), clicked


def _collected(
    kinds: tuple[tuple[int, np.ndarray, np.ndarray], ...], treated: np.ndarray, stop: int
) -> dict[str, np.ndarray]:
    """All events before `stop`; each kind has a type, a mask over the treated people and an instant for each."""
    events = {
        "person": np.concatenate([treated[mask] for _, mask, _ in kinds]),
        "at": np.concatenate([at[mask] for _, mask, at in kinds]),
        "type": np.concatenate([np.full(mask.sum(), kind) for kind, mask, _ in kinds]),
    }
    is_machine = np.repeat([kind == MACHINE_OPEN for kind, _, _ in kinds], [mask.sum() for _, mask, _ in kinds])
    events["is_machine"] = is_machine
    events["type"] = np.where(is_machine, OPEN, events["type"])
    return {name: values[events["at"] < stop] for name, values in events.items()}
