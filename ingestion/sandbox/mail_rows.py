"""E-mail campaigns, their members and the events of their mails as delivered.

Who gets which mail and what happens to it is decided in `marketing.py`.
"""

from __future__ import annotations

import numpy as np

from ingestion.contract import entity_named
from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.adversity import Adversity
from ingestion.sandbox.arrays import codes, contract_table, instants, labels, numbers, only_where, texts
from ingestion.sandbox.behaviour import HOUR
from ingestion.sandbox.identifiers import PLUS_TAG, Identifiers
from ingestion.sandbox.marketing import CLICK, EVENT_TYPES, GOALS, OPEN, Campaigns, Mailing
from ingestion.sandbox.people import People
from ingestion.sandbox.world import World
from ingestion.sandbox.writer import InboxWriter


def write_campaigns(writer: InboxWriter, world: World, campaigns: Campaigns) -> None:
    """Write the campaign calendar."""
    goal = labels(GOALS, campaigns.goal)
    table = contract_table(
        entity_named("email_campaigns"),
        {
            "campaign_id": codes("M", np.arange(1, len(campaigns.sent_at) + 1), 4),
            "name": texts(campaigns.names, np.arange(len(campaigns.names))),
            "subject": texts(("News from the roastery", "A treat for you", "We miss you"), campaigns.goal),
            "sent_at": instants(campaigns.sent_at),
            "channel": texts(("email",), np.zeros(len(campaigns.goal), dtype=np.int64)),
            "goal": goal.dictionary_decode(),
        },
    )
    writer.add("email_campaigns", table, world.timeline.day_of(campaigns.sent_at))


def write_members(
    writer: InboxWriter, world: World, people: People, names: Identifiers, campaigns: Campaigns, mailing: Mailing
) -> None:
    """Write who was assigned to which campaign, an hour before it was sent."""
    person, at = mailing.member_person, campaigns.sent_at[mailing.member_campaign - 1] - HOUR
    members = contract_table(
        entity_named("email_campaign_members"),
        {
            "campaign_id": codes("M", mailing.member_campaign, 4),
            "email": texts(names.emails, _addresses(names)[person]),
            "contact_id": only_where(people.has_contact[person], names.contacts.take(person)),
            "group": labels(("holdout", "treated"), mailing.member_is_treated.astype(np.int64)),
            "assigned_at": instants(at),
        },
    )
    writer.add("email_campaign_members", members, world.timeline.day_of(at))


def write_mail_events(
    writer: InboxWriter, adversity: Adversity, people: People, names: Identifiers, mailing: Mailing
) -> None:
    """Write what happened to each mail."""
    world = adversity.world
    person, count = mailing.event_person, len(mailing.event_person)
    rng = world.rng("mail rows", people.chunk)
    agent = np.where(mailing.event_type == OPEN, rng.integers(0, len(words.AGENTS), count), -1)
    agent = np.where(mailing.event_is_machine, len(words.AGENTS), agent)
    campaign_ids = codes("M", np.arange(1, int(mailing.event_campaign.max(initial=0)) + 1), 4)
    events = contract_table(
        entity_named("email_events"),
        {
            "event_id": codes("me-", world.next_numbers("email events", count), 10),
            "email": labels(names.emails, _addresses(names)[person]),
            "campaign_id": labels(campaign_ids, mailing.event_campaign - 1),
            "type": labels(EVENT_TYPES, mailing.event_type),
            "occurred_at": instants(mailing.event_at),
            "url": labels(("https://shop.example.com/sale",), np.where(mailing.event_type == CLICK, 0, -1)),
            "is_machine": numbers(mailing.event_is_machine),
            "user_agent": labels((*words.AGENTS, words.PROXY_AGENT), agent),
        },
    )
    adversity.deliver(writer, "email_events", events, mailing.event_at, people.chunk)


def _addresses(names: Identifiers) -> np.ndarray:
    """Index into the addresses of the one each person ordered the newsletter with."""
    index = np.arange(len(names.variant_kind))
    return np.where(names.variant_kind == PLUS_TAG, names.variant_index(index), index)
