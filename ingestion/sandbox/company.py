"""The sample company as a whole: chunk after chunk of people lives its three years, and the files are written.

This module only calls the domains in the order in which things depend on each other; what happens is decided in them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingestion.sandbox.accounts import draw_deals, write_activities, write_companies, write_deals
from ingestion.sandbox.adversity import Adversity
from ingestion.sandbox.advertising import AdLedger, write_ad_spend, write_page_metrics
from ingestion.sandbox.behaviour import Behaviour
from ingestion.sandbox.consents import write_consents
from ingestion.sandbox.contacts import draw_contacts, write_contacts
from ingestion.sandbox.flaws import plant_unknown_column, write_flaws
from ingestion.sandbox.identifiers import draw_identifiers
from ingestion.sandbox.journeys import cookies_of, draw_sessions
from ingestion.sandbox.loyalty import draw_cards, write_loyalty_events, write_referrals
from ingestion.sandbox.marketing import Campaigns, campaign_calendar, draw_mailing, write_campaigns, write_mailing
from ingestion.sandbox.order_rows import write_orders
from ingestion.sandbox.people import draw_people
from ingestion.sandbox.reference import write_overrides, write_reference
from ingestion.sandbox.service import draw_tickets, write_reviews, write_surveys, write_tickets
from ingestion.sandbox.shop import draw_orders, draw_purchases
from ingestion.sandbox.social import write_interactions
from ingestion.sandbox.subscriptions import draw_subscriptions, write_subscriptions
from ingestion.sandbox.truth import TruthWriter, identifier_truth, people_truth, stage_truth
from ingestion.sandbox.web import first_intents, write_web_events
from ingestion.sandbox.world import World, world_of
from ingestion.sandbox.writer import InboxWriter

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class CompanySummary:
    """What was written.

    Args:
        people: how many people were simulated.
        start: first day.
        end: last day.
        row_counts: delivered rows per entity, planted bad rows included.
        file_count: files in the inbox.
    """

    people: int
    start: date
    end: date
    row_counts: dict[str, int]
    file_count: int

    @property
    def row_count(self) -> int:
        """Delivered rows of all entities."""
        return sum(self.row_counts.values())


def write_company(
    people: int,
    seed: int,
    end: date,
    inbox: Path,
    truth: Path,
    progress: Progress | None = None,
    behaviour: Behaviour | None = None,
) -> CompanySummary:
    """Simulate the company and write its files; the same arguments give byte-identical files.

    Args:
        people: how many people, at least 100.
        seed: seed of all random draws.
        end: business date the three years end with.
        inbox: folder that receives `<domain>/<entity>/<file>`.
        truth: folder that receives the truth.
        progress: called with people done and people in all after each chunk.
        behaviour: rates and shares, the usual ones if not given.

    Returns:
        What was written.

    Raises:
        ValueError: fewer than 100 people.
    """
    if people < 100:
        raise ValueError(f"a company of {people} people is too small to show anything; ask for at least 100")
    world = world_of(people, seed, end, behaviour)
    adversity, ledger = Adversity(world), AdLedger(world)
    campaigns = campaign_calendar(world.timeline)
    with TruthWriter(truth) as truth_writer, InboxWriter(inbox, truth / ".unfinished", world.timeline) as writer:
        plant_unknown_column(writer, adversity)
        size = world.behaviour.people_per_chunk
        for chunk, first in enumerate(range(0, people, size)):
            count = min(size, people - first)
            _live(world, writer, truth_writer, adversity, ledger, campaigns, (chunk, first, count))
            if progress is not None:
                progress(first + count, people)
        write_campaigns(writer, world, campaigns)
        write_reference(writer, world)
        write_ad_spend(writer, ledger)
        write_page_metrics(writer, ledger)
        write_flaws(writer, adversity)
        row_counts = dict(writer.row_counts)
        truth_writer.write_planted(adversity, world.timeline, row_counts)
    return CompanySummary(people, world.timeline.start, end, row_counts, len(writer.paths))


def _live(
    world: World,
    writer: InboxWriter,
    truth_writer: TruthWriter,
    adversity: Adversity,
    ledger: AdLedger,
    campaigns: Campaigns,
    chunk: tuple[int, int, int],
) -> None:
    """Let one chunk of people live and write everything about them."""
    people = draw_people(world, *chunk)
    names = draw_identifiers(world, people)
    purchases = draw_purchases(world, people)
    mailing = draw_mailing(world, people, campaigns, purchases)
    purchases = purchases.with_extra(mailing.caused_person, mailing.caused_at, mailing.caused_campaign)
    orders = draw_orders(world, people, purchases)
    cards = draw_cards(world, people, orders)
    contacts = draw_contacts(world, people)
    adversity.book_cases(people, names, contacts)
    deals = draw_deals(world, people)
    won = deals.is_won & (deals.closed_at < world.timeline.stop)
    contracts = draw_subscriptions(world, people, deals.person[won], deals.closed_at[won])
    tickets = draw_tickets(world, people, orders)
    sessions = draw_sessions(world, people, orders, mailing)

    visits = write_web_events(writer, adversity, ledger, people, names, sessions)
    write_mailing(writer, adversity, world, people, names, campaigns, mailing)
    write_orders(writer, world, people, names, orders, cards)
    write_contacts(writer, world, people, names, contacts, cards)
    write_companies(writer, world, people)
    write_deals(writer, world, people, names, deals)
    write_activities(writer, adversity, people, names, deals)
    write_subscriptions(writer, world, people, names, contracts)
    write_tickets(writer, world, people, names, tickets)
    write_surveys(writer, adversity, people, names, orders, tickets)
    write_reviews(writer, adversity, people, names, orders)
    write_loyalty_events(writer, adversity, people, names, orders, cards)
    write_referrals(writer, adversity, people, names, orders)
    write_consents(writer, adversity, people, names, mailing)
    write_interactions(writer, adversity, ledger, people, names)
    if people.first == 0:
        write_overrides(writer, world, people, names)

    used = (sessions.person, cookies_of(world, people, names, sessions))
    truth_writer.append("people", people_truth(people, purchases, orders))
    truth_writer.append("identifiers", identifier_truth(people, names, contacts, cards, used))
    truth_writer.append("stages", stage_truth(people, orders, first_intents(people, sessions, visits), contracts))
