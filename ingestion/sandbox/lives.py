"""One chunk of people lives its three years and is written down.

This module only calls the domains in the order in which things depend on each other; what happens is decided in them.
The loop over the chunks and what concerns the company as a whole is `company.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.sandbox.accounts import Deals, draw_deals, write_activities, write_companies, write_deals
from ingestion.sandbox.adversity import Adversity
from ingestion.sandbox.advertising import AdLedger
from ingestion.sandbox.consents import write_consents
from ingestion.sandbox.contacts import draw_contacts, write_contacts
from ingestion.sandbox.crm_stages import write_stage_changes
from ingestion.sandbox.identifiers import Identifiers, draw_identifiers
from ingestion.sandbox.journeys import cookies_of, draw_sessions
from ingestion.sandbox.loyalty import draw_cards, write_loyalty_events, write_referrals
from ingestion.sandbox.mail_rows import write_mail_events, write_members
from ingestion.sandbox.marketing import Campaigns, Mailing, draw_mailing
from ingestion.sandbox.order_rows import write_orders
from ingestion.sandbox.people import People, draw_people
from ingestion.sandbox.reference import write_overrides
from ingestion.sandbox.service import draw_tickets, write_reviews, write_surveys, write_tickets
from ingestion.sandbox.shop import Orders, Purchases, draw_orders, draw_purchases
from ingestion.sandbox.social import write_interactions
from ingestion.sandbox.subscriptions import Subscriptions, draw_subscriptions, write_subscriptions
from ingestion.sandbox.truth import TruthWriter, customer_since, identifier_truth, people_truth, stage_truth
from ingestion.sandbox.web import first_intents, write_web_events
from ingestion.sandbox.world import World
from ingestion.sandbox.writer import InboxWriter


@dataclass(frozen=True)
class Desk:
    """Where everything about people is written down: the inbox, the truth, the ledgers of flaws and of advertising."""

    writer: InboxWriter
    truth: TruthWriter
    adversity: Adversity
    ledger: AdLedger
    campaigns: Campaigns

    @property
    def world(self) -> World:
        """The frame of the simulation."""
        return self.adversity.world


@dataclass(frozen=True)
class Lives:
    """What the people of one chunk do, as far as several domains need it."""

    people: People
    names: Identifiers
    purchases: Purchases
    orders: Orders
    mailing: Mailing
    deals: Deals
    contracts: Subscriptions


def live(desk: Desk, chunk: int, first: int, count: int) -> None:
    """Let one chunk of people live and write everything about them."""
    lives = _draw(desk, draw_people(desk.world, chunk, first, count))
    _write_trade(desk, lives)
    _write_contact_and_care(desk, lives)


def _draw(desk: Desk, people: People) -> Lives:
    world = desk.world
    purchases = draw_purchases(world, people)
    mailing = draw_mailing(world, people, desk.campaigns, purchases)
    purchases = purchases.with_extra(mailing.caused_person, mailing.caused_at, mailing.caused_campaign)
    deals = draw_deals(world, people)
    won = deals.is_won & (deals.closed_at < world.timeline.stop)
    return Lives(
        people=people,
        names=draw_identifiers(world, people),
        purchases=purchases,
        orders=draw_orders(world, people, purchases),
        mailing=mailing,
        deals=deals,
        contracts=draw_subscriptions(world, people, deals.person[won], deals.closed_at[won]),
    )


def _write_trade(desk: Desk, lives: Lives) -> None:
    """Records, orders, cards and visits, and the truth, which needs to know all of them."""
    world, writer, adversity = desk.world, desk.writer, desk.adversity
    people, names, orders = lives.people, lives.names, lives.orders
    cards, contacts = draw_cards(world, people, orders), draw_contacts(world, people)
    sessions = draw_sessions(world, people, orders, lives.mailing)
    adversity.book_cases(people, names, contacts)
    visits = write_web_events(writer, adversity, desk.ledger, people, names, sessions)
    write_orders(writer, world, people, names, orders, cards)
    write_contacts(writer, world, people, names, contacts, cards)
    write_subscriptions(writer, world, people, names, lives.contracts)
    write_loyalty_events(writer, adversity, people, names, orders, cards)
    used = (sessions.person, cookies_of(world, people, names, sessions))
    desk.truth.append("people", people_truth(people, lives.purchases, orders))
    desk.truth.append("identifiers", identifier_truth(people, names, contacts, cards, used))
    desk.truth.append("stages", stage_truth(people, orders, first_intents(people, sessions, visits), lives.contracts))


def _write_contact_and_care(desk: Desk, lives: Lives) -> None:
    """Mail, business customers, service, satisfaction, recommendations and consents."""
    world, writer, adversity = desk.world, desk.writer, desk.adversity
    people, names, orders = lives.people, lives.names, lives.orders
    write_members(writer, world, people, names, desk.campaigns, lives.mailing)
    write_mail_events(writer, adversity, people, names, lives.mailing)
    write_companies(writer, world, people)
    write_deals(writer, world, people, names, lives.deals)
    write_activities(writer, adversity, people, names, lives.deals)
    write_stage_changes(writer, adversity, people, names, lives.deals, customer_since(people, orders, lives.contracts))
    tickets = draw_tickets(world, people, orders)
    write_tickets(writer, world, people, names, tickets)
    write_surveys(writer, adversity, people, names, orders, tickets)
    write_reviews(writer, adversity, people, names, orders)
    write_referrals(writer, adversity, people, names, orders)
    write_consents(writer, adversity, people, names, lives.mailing)
    write_interactions(writer, adversity, desk.ledger, people, names)
    if people.first == 0:
        write_overrides(writer, world, people, names, orders)
