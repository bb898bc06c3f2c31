"""What happens inside sessions: the web events of one chunk of people.

A session is a landing page, perhaps a login, some looking around, and the end its reason asks for. Which sessions
exist is `journeys.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from ingestion.contract import entity_named
from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.adversity import Adversity
from ingestion.sandbox.advertising import AdLedger
from ingestion.sandbox.arrays import codes, contract_table, instants, joined, labels, money
from ingestion.sandbox.identifiers import PLUS_TAG, Identifiers
from ingestion.sandbox.journeys import Reason, Sessions, cookies_of
from ingestion.sandbox.people import People
from ingestion.sandbox.timeline import NEVER
from ingestion.sandbox.world import World
from ingestion.sandbox.writer import InboxWriter

EVENTS = (
    "page_view",
    "product_view",
    "compare",
    "search",
    "help_view",
    "review_view",
    "pricing_view",
    "add_to_cart",
    "checkout_started",
    "form_submit",
    "newsletter_signup",
    "trial_started",
    "login",
    "identify",
    "custom",
)
CODE = {name: number for number, name in enumerate(EVENTS)}
BODY = ("page_view", "product_view", "search", "compare", "review_view", "custom", "help_view")
BODY_SHARES = (0.4, 0.4, 0.08, 0.04, 0.04, 0.03, 0.01)
PRODUCT_EVENTS = ("product_view", "compare", "review_view", "add_to_cart")
INTENTS = (
    "product_view",
    "compare",
    "review_view",
    "pricing_view",
    "add_to_cart",
    "checkout_started",
    "form_submit",
    "trial_started",
)
ENDS: dict[Reason, tuple[str, ...]] = {
    Reason.LOOK: (),
    Reason.PRICING: ("pricing_view",),
    Reason.CART: ("product_view", "add_to_cart"),
    Reason.CHECKOUT: ("product_view", "add_to_cart", "checkout_started"),
    Reason.ORDER: ("product_view", "add_to_cart", "checkout_started"),
    Reason.NEWSLETTER: ("newsletter_signup",),
    Reason.FORM: ("form_submit",),
    Reason.TRIAL: ("pricing_view", "form_submit", "trial_started"),
    Reason.HELP: ("help_view", "help_view"),
    Reason.REVIEWS: ("product_view", "review_view"),
}
ENDS_AT_INSTANT = (Reason.ORDER, Reason.NEWSLETTER, Reason.FORM, Reason.TRIAL)


@dataclass(frozen=True)
class Visits:
    """Sessions spread into events, in order of time: session of each event, place in it, what and when."""

    session: np.ndarray
    place: np.ndarray
    event: np.ndarray
    at: np.ndarray
    has_login: np.ndarray


def write_web_events(
    writer: InboxWriter,
    adversity: Adversity,
    ledger: AdLedger,
    people: People,
    names: Identifiers,
    sessions: Sessions,
) -> Visits:
    """Write the web events of all sessions of one chunk and book the paid clicks."""
    world = adversity.world
    rng = world.rng("web", people.chunk)
    visits = _spread(rng, world, people, sessions)
    theme = rng.integers(0, len(words.AD_THEMES), len(sessions))
    ledger.book_clicks(sessions.channel, theme, sessions.at)
    session = visits.session
    landing = np.where(visits.place == 0, session, -1)
    table = contract_table(
        entity_named("web_events"),
        {
            "event_id": codes("we-", world.next_numbers("web events", len(session)), 10),
            **_who(world, people, names, sessions, visits),
            "event": labels(EVENTS, visits.event),
            "occurred_at": instants(visits.at),
            **_campaign_tags(sessions, theme, landing),
            **_content(rng, world, visits),
            "country": labels(words.COUNTRIES, people.country[sessions.person[session]]),
        },
    )
    adversity.deliver(writer, "web_events", table, visits.at, people.chunk)
    return visits


def first_intents(people: People, sessions: Sessions, visits: Visits) -> np.ndarray:
    """Instant of each person's first web event that shows intent to buy, NEVER if there is none."""
    first = np.full(len(people), NEVER)
    shows_intent = np.isin(visits.event, [CODE[name] for name in INTENTS])
    np.minimum.at(first, sessions.person[visits.session[shows_intent]], visits.at[shows_intent])
    return first


def _spread(rng: np.random.Generator, world: World, people: People, sessions: Sessions) -> Visits:
    habits = world.behaviour
    person = sessions.person
    known = people.identified_at[person] < sessions.at
    wants_login = np.where(sessions.order >= 0, 0.9, habits.login_share)
    has_login = people.has_account[person] & known & (rng.random(len(sessions)) < wants_login)
    ends = np.array([len(ENDS[reason]) for reason in Reason])[sessions.reason] + sessions.identifies
    body = rng.poisson(rng.gamma(1.0, habits.body_events, len(sessions)))
    count = 1 + has_login + body + ends
    session = np.repeat(np.arange(len(sessions)), count)
    starts = np.cumsum(count) - count
    place = np.arange(len(session)) - np.repeat(starts, count)
    dwell = 1 + (habits.dwell_median_seconds * rng.lognormal(0, 1.1, len(session))).astype(np.int64)
    elapsed = np.cumsum(dwell)
    elapsed -= np.repeat(elapsed[starts], count)
    duration = elapsed[np.cumsum(count) - 1]
    ends_at_instant = np.isin(sessions.reason, ENDS_AT_INSTANT)
    begins = np.where(ends_at_instant, sessions.at - duration, sessions.at)
    at = begins[session] + elapsed
    event = _events(rng, sessions, session, place, count, has_login)
    order = np.argsort(at, kind="stable")
    order = order[(at[order] < world.timeline.stop) & (at[order] >= world.timeline.midnights[0])]
    return Visits(session[order], place[order], event[order], at[order], has_login)


def _events(
    rng: np.random.Generator,
    sessions: Sessions,
    session: np.ndarray,
    place: np.ndarray,
    count: np.ndarray,
    has_login: np.ndarray,
) -> np.ndarray:
    """The event of each place: drawn for the body, then overwritten from the end and from the beginning."""
    body = np.array([CODE[name] for name in BODY])
    event = rng.choice(body, size=len(session), p=BODY_SHARES)
    from_end = (count[session] - 1 - place) - sessions.identifies[session]
    event = np.where(from_end == -1, CODE["identify"], event)
    longest = max(len(end) for end in ENDS.values())
    ends = np.full((len(Reason), longest), -1)
    for reason, end in ENDS.items():
        for back, name in enumerate(reversed(end)):
            ends[reason, back] = CODE[name]
    inside = (from_end >= 0) & (from_end < longest)
    wanted = np.where(inside, ends[sessions.reason[session], np.clip(from_end, 0, longest - 1)], -1)
    event = np.where(wanted >= 0, wanted, event)
    event = np.where((place == 1) & has_login[session], CODE["login"], event)
    return np.where(place == 0, CODE["page_view"], event)


def _who(
    world: World, people: People, names: Identifiers, sessions: Sessions, visits: Visits
) -> dict[str, pa.DictionaryArray]:
    session, event = visits.session, visits.event
    person = sessions.person[session]
    cookie = cookies_of(world, people, names, sessions)
    identify, signup = event == CODE["identify"], np.isin(event, [CODE["newsletter_signup"], CODE["form_submit"]])
    is_logged_in = visits.has_login[session] & (visits.place >= 1)
    shows_user = (is_logged_in | identify) & people.has_account[person]
    has_plus_tag = (names.variant_kind[person] == PLUS_TAG) & (event == CODE["newsletter_signup"])
    email = np.where(has_plus_tag, names.variant_index(person), person)
    device = names.device_kind[cookie]
    return {
        "anonymous_id": labels(names.cookies, cookie[session]),
        "user_id": labels(names.users, np.where(shows_user, person, -1)),
        "email": labels(names.emails, np.where(identify | signup, email, -1)),
        "device_type": labels(words.DEVICES, device[session]),
    }


def _campaign_tags(sessions: Sessions, theme: np.ndarray, landing: np.ndarray) -> dict[str, pa.Array]:
    """Referrer and tags of landing pages; `landing` is the session of a landing event, -1 for other events."""
    channel = np.where(landing >= 0, sessions.channel[landing], -1)
    paid = np.array([bool(entry.platform) for entry in words.CHANNELS])
    is_paid = (landing >= 0) & paid[channel]
    campaign = np.where(is_paid, channel * len(words.AD_THEMES) + theme[landing], -1)
    ad_names = [f"{entry.source}-{name}" for entry in words.CHANNELS for name in words.AD_THEMES]
    mail = np.where(landing >= 0, sessions.mail[landing], -1)
    campaign = np.where(mail >= 0, len(ad_names) + mail, campaign)
    mail_names = codes("M", np.arange(max(int(mail.max(initial=0)), 0) + 1), 4).to_pylist()
    return {
        "referrer": _tag([entry.referrer for entry in words.CHANNELS], channel),
        "utm_source": _tag([entry.source for entry in words.CHANNELS], channel),
        "utm_medium": _tag([entry.medium for entry in words.CHANNELS], channel),
        "utm_campaign": labels([*ad_names, *mail_names], campaign),
        "click_id": joined(
            pa.array(np.where(channel == words.PAID_SEARCH, "gclid:clk", "fbclid:clk")),
            codes("", np.where(is_paid & (channel < 5), landing * 31 + sessions.at[landing] % 1_000_000, -1), 14),
        ),
    }


def _tag(values: list[str], channel: np.ndarray) -> pa.DictionaryArray:
    """The channel's value, null where it has none or the event is no landing."""
    has_value = np.array([bool(value) for value in values])
    return labels(values, np.where((channel >= 0) & has_value[channel], channel, -1))


def _content(rng: np.random.Generator, world: World, visits: Visits) -> dict[str, pa.Array]:
    catalogue, event, count = world.catalogue, visits.event, len(visits.event)
    about_product = np.isin(event, [CODE[name] for name in PRODUCT_EVENTS])
    product = np.where(about_product, (rng.beta(1.0, 1.6, count) * len(catalogue.ids)).astype(np.int64), -1)
    page = rng.integers(0, len(words.PAGES), count)
    urls = [f"https://shop.example.com{path}" for path in words.PAGES]
    urls += [f"https://shop.example.com/p/{name}" for name in catalogue.ids]
    urls += [f"https://shop.example.com/{name.replace('_', '-')}" for name in EVENTS]
    url = np.where(event == CODE["page_view"], page, len(words.PAGES) + len(catalogue.ids) + event)
    url = np.where(about_product, len(words.PAGES) + product, url)
    notes = [f'{{"query": "{search}"}}' for search in words.SEARCHES] + ['{"name": "video_played"}']
    note = np.where(event == CODE["search"], rng.integers(0, len(words.SEARCHES), count), -1)
    note = np.where(event == CODE["custom"], len(words.SEARCHES), note)
    has_value = event == CODE["add_to_cart"]
    return {
        "page_url": labels(urls, url),
        "product_id": labels(catalogue.ids, product),
        "value_amount": money(np.where(has_value, catalogue.prices[product], 0), mask=~has_value),
        "currency": labels(("EUR",), np.where(has_value, 0, -1)),
        "properties": labels(notes, note),
    }
