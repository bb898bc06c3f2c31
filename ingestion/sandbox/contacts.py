"""Contact records of the CRM with their versions: created, account and card added, merged, deleted.

A few people have a second record, made by somebody who did not look; most of those are merged later.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import entity_named
from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.arrays import codes, contract_table, instants, joined, only_where, texts
from ingestion.sandbox.behaviour import DAY
from ingestion.sandbox.deliveries import known_at, versions
from ingestion.sandbox.identifiers import TYPO, Identifiers
from ingestion.sandbox.people import People
from ingestion.sandbox.timeline import NEVER
from ingestion.sandbox.world import World
from ingestion.sandbox.writer import InboxWriter


@dataclass(frozen=True)
class Contacts:
    """Contact records: one per person in the CRM, then the duplicates.

    Args:
        person: whose record it is.
        is_second: whether it is the duplicate one.
        created_at, merged_at, deleted_at: instants, NEVER where it does not happen.
    """

    person: np.ndarray
    is_second: np.ndarray
    created_at: np.ndarray
    merged_at: np.ndarray
    deleted_at: np.ndarray


def draw_contacts(world: World, people: People) -> Contacts:
    """Decide who is in the CRM, who is there twice, and which records go."""
    rng, habits, stop = world.rng("contacts", people.chunk), world.behaviour, world.timeline.stop
    own = np.flatnonzero(people.has_contact)
    twice = own[rng.random(len(own)) < habits.duplicate_contact_share]
    made = people.identified_at[twice] + (DAY * rng.uniform(3, 200, len(twice))).astype(np.int64)
    twice, made = twice[made < stop], made[made < stop]
    merged = made + (DAY * rng.uniform(5, 150, len(made))).astype(np.int64)
    merged = np.where((rng.random(len(made)) < habits.merged_share) & (merged < stop), merged, NEVER)
    deletes = rng.random(len(own)) < habits.deleted_contact_share
    deleted = np.where(deletes, people.identified_at[own], 0) + (DAY * rng.uniform(30, 700, len(own))).astype(np.int64)
    deleted = np.where(deletes & (deleted < stop), deleted, NEVER)
    return Contacts(
        person=np.concatenate([own, twice]),
        is_second=np.repeat([False, True], [len(own), len(twice)]),
        created_at=np.concatenate([people.identified_at[own], made]),
        merged_at=np.concatenate([np.full(len(own), NEVER), merged]),
        deleted_at=np.concatenate([deleted, np.full(len(twice), NEVER)]),
    )


def write_contacts(
    writer: InboxWriter, world: World, people: People, names: Identifiers, contacts: Contacts, cards: np.ndarray
) -> None:
    """Write the versions of all contact records."""
    card_at = np.where(contacts.is_second, NEVER, cards[contacts.person])
    card_at = np.where(card_at > contacts.created_at, card_at, NEVER)
    changes = np.stack([contacts.created_at, card_at, contacts.merged_at, contacts.deleted_at], axis=1)
    changes.sort(axis=1)
    record, at = versions(changes, writer.periods_of_versions("crm_contacts"), world.timeline)
    person, second = contacts.person[record], contacts.is_second[record]
    rng = world.rng("contact rows", people.chunk)
    merged_at = known_at(contacts.merged_at[record], at)
    table = contract_table(
        entity_named("crm_contacts"),
        {
            "contact_id": record_ids(names, contacts).take(record),
            **_address_book(rng, world, people, names, contacts, record),
            "company_id": codes(
                "A", np.where(people.company[person] >= 0, people.first + people.company[person], -1), 7
            ),
            "lead_source": texts([channel.name for channel in words.CHANNELS], people.channel[person]),
            "loyalty_id": only_where((cards[person] <= at) & ~second, names.cards.take(person)),
            "user_id": only_where(people.has_account[person] & ~second, names.users.take(person)),
            "created_at": instants(contacts.created_at[record]),
            "updated_at": instants(at),
            "deleted_at": instants(known_at(contacts.deleted_at[record], at)),
            "merged_into_contact_id": only_where(merged_at < NEVER, names.contacts.take(person)),
        },
    )
    writer.add("crm_contacts", table, world.timeline.day_of(at))


def record_ids(names: Identifiers, contacts: Contacts) -> pa.Array:
    """Contact ids of all records."""
    first, second = names.contacts.take(contacts.person), names.second_contacts.take(contacts.person)
    return pc.if_else(pa.array(contacts.is_second), second, first)


def _address_book(
    rng: np.random.Generator,
    world: World,
    people: People,
    names: Identifiers,
    contacts: Contacts,
    record: np.ndarray,
) -> dict[str, pa.Array]:
    """What the record says about the person; the second record has the phone, or a mistyped address, or both."""
    count = len(contacts.person)
    owner = contacts.person
    kind = rng.integers(0, 3, count)
    email = names.email_index(rng, owner, world.behaviour.upper_case_share)
    mistyped = contacts.is_second & (names.variant_kind[owner] == TYPO)
    email = np.where(mistyped, names.variant_index(owner), email)
    email = np.where(contacts.is_second & (kind == 0), -1, email)
    has_phone = names.shows_phone[owner] & ~(contacts.is_second & (kind == 1))
    born = (np.datetime64("1945-01-01") + rng.integers(0, 22_000, len(people))[owner]).astype("datetime64[D]")
    phones = texts(names.phones, np.where(has_phone, owner, -1))
    is_national = (people.country[owner] == 0) & (rng.random(count) < world.behaviour.national_phone_share)
    columns = {
        "email": texts(names.emails, email),
        "phone": pc.if_else(pa.array(is_national), pc.replace_substring_regex(phones, r"^\+49", "0"), phones),
        "first_name": names.first_names.take(owner),
        "last_name": names.last_names.take(owner),
        "birth_date": only_where(rng.random(count) < 0.45, pa.array(born)),
        **_address(rng, people, owner),
        "owner": texts(words.OWNERS, np.where(people.company[owner] >= 0, owner % len(words.OWNERS), -1)),
    }
    return {name: column.take(pa.array(record)) for name, column in columns.items()}


def _address(rng: np.random.Generator, people: People, owner: np.ndarray) -> dict[str, pa.Array]:
    """Where people live; the same on every record of a person, but not known on every record."""
    per_country = len(words.CITIES[0])
    place, country = rng.integers(0, per_country, len(people))[owner], people.country[owner]
    street = joined(
        texts(words.STREETS, rng.integers(0, len(words.STREETS), len(people))[owner]),
        codes(" ", rng.integers(1, 120, len(people))[owner], 1),
    )
    is_known = rng.random(len(owner)) < 0.75
    index = np.where(is_known, country * per_country + place, -1)
    return {
        "street": only_where(is_known, street),
        "postal_code": texts([code for codes_ in words.POSTAL_CODES for code in codes_], index),
        "city": texts([city for cities in words.CITIES for city in cities], index),
        "country": texts(words.COUNTRIES, country),
    }
