"""Consents of one chunk: newsletter by double opt-in, phone and post, and what people take back."""

from __future__ import annotations

import numpy as np

from ingestion.contract import entity_named
from ingestion.sandbox.adversity import Adversity
from ingestion.sandbox.arrays import codes, contract_table, instants, only_where, texts
from ingestion.sandbox.behaviour import DAY
from ingestion.sandbox.identifiers import Identifiers
from ingestion.sandbox.marketing import Mailing
from ingestion.sandbox.people import People
from ingestion.sandbox.timeline import NEVER
from ingestion.sandbox.world import World
from ingestion.sandbox.writer import InboxWriter

REQUESTED, GRANTED, CONFIRMED, REVOKED, OBJECTED = range(5)
STATUSES = ("requested", "granted", "confirmed", "revoked", "objected")
EMAIL, PHONE, SMS, POST, TRACKING = range(5)
CHANNELS = ("email", "phone", "sms", "post", "tracking")


def write_consents(
    writer: InboxWriter, adversity: Adversity, people: People, names: Identifiers, mailing: Mailing
) -> None:
    """Write every change of a consent."""
    world = adversity.world
    changes = _changes(world, people, names, mailing)
    happened = [at < world.timeline.stop for _, _, at in changes]
    person = np.concatenate([np.flatnonzero(mask) for mask in happened])
    sizes = [int(mask.sum()) for mask in happened]
    channel = np.repeat([entry[0] for entry in changes], sizes)
    status = np.repeat([entry[1] for entry in changes], sizes)
    at = np.concatenate([entry[2][mask] for entry, mask in zip(changes, happened, strict=True)])
    order = np.argsort(at, kind="stable")
    person, channel, status, at = person[order], channel[order], status[order], at[order]
    by_phone = np.isin(channel, [PHONE, SMS])
    table = contract_table(
        entity_named("crm_consents"),
        {
            "consent_id": codes("CN", world.next_numbers("consents", len(at))),
            "contact_id": only_where(people.has_contact[person], names.contacts.take(person)),
            "email": texts(names.emails, np.where(by_phone, -1, person)),
            "phone": texts(names.phones, np.where(by_phone, person, -1)),
            "channel": texts(CHANNELS, channel),
            "purpose": texts(("marketing", "analytics"), (channel == TRACKING).astype(np.int64)),
            "status": texts(STATUSES, status),
            "occurred_at": instants(at),
            "wording_version": texts(("2023-1", "2024-2"), (world.timeline.day_of(at) > 500).astype(np.int64)),
            "evidence": codes("log/", world.timeline.day_of(at), 5),
        },
    )
    adversity.deliver(writer, "crm_consents", table, at, people.chunk)


def _changes(
    world: World, people: People, names: Identifiers, mailing: Mailing
) -> tuple[tuple[int, int, np.ndarray], ...]:
    """Channel, new status and instant per person (NEVER where it does not happen) of each kind of change."""
    rng, count = world.rng("consents", people.chunk), len(people)
    in_crm = people.has_contact
    calls = np.where(names.shows_phone & (rng.random(count) < 0.15), people.identified_at, NEVER)
    texting = np.where(calls < NEVER, np.where(rng.random(count) < 0.4, calls, NEVER), NEVER)
    objects = in_crm & (rng.random(count) < 0.03)
    objected = np.where(objects, people.identified_at, 0) + (DAY * rng.uniform(5, 300, count)).astype(np.int64)
    tracked = np.where(people.has_account & (rng.random(count) < 0.7), people.identified_at, NEVER)
    untracked = np.where(rng.random(count) < 0.08, tracked, NEVER)
    untracked = np.where(untracked < NEVER, np.minimum(untracked, world.timeline.stop) + 30 * DAY, NEVER)
    return (
        (EMAIL, REQUESTED, mailing.subscribed_at),
        (EMAIL, CONFIRMED, mailing.confirmed_at),
        (EMAIL, REVOKED, mailing.left_at),
        (PHONE, GRANTED, calls),
        (SMS, GRANTED, texting),
        (POST, OBJECTED, np.where(objects, objected, NEVER)),
        (TRACKING, GRANTED, tracked),
        (TRACKING, REVOKED, untracked),
    )
