"""Writes the truth: who is who, which identifier belongs to whom, which stage when, and what was planted.

The truth lies beside the inbox and is read by tests and benchmarks only; no row of the data carries a person's number.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.adversity import Adversity
from ingestion.sandbox.arrays import codes, instants, joined, only_where, texts
from ingestion.sandbox.contacts import Contacts, record_ids
from ingestion.sandbox.identifiers import PLUS_TAG, TYPO, Identifiers
from ingestion.sandbox.people import KINDS, People
from ingestion.sandbox.shop import Orders, Purchases
from ingestion.sandbox.subscriptions import Subscriptions
from ingestion.sandbox.timeline import NEVER, Timeline

FILES = ("people", "identifiers", "stages")


class TruthWriter:
    """Appends the truth of one chunk after the other to `<folder>/{people,identifiers,stages}.parquet`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> TruthWriter:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self._writers.values():
            writer.close()

    def append(self, name: str, table: pa.Table) -> None:
        """Append rows to one of FILES."""
        if name not in self._writers:
            self._writers[name] = pq.ParquetWriter(self._folder / f"{name}.parquet", table.schema, compression="zstd")
        self._writers[name].write_table(table)

    def write_planted(self, adversity: Adversity, timeline: Timeline, row_counts: dict[str, int]) -> None:
        """Write the ledger of everything planted."""
        names = [field.name for field in fields(adversity) if field.name != "world"]
        ledger = {
            "seed": adversity.world.seed,
            "people": adversity.world.people,
            "start": timeline.start.isoformat(),
            "end": timeline.end.isoformat(),
            "rows": dict(sorted(row_counts.items())),
            "behaviour": asdict(adversity.world.behaviour),
            **{name: getattr(adversity, name) for name in names},
        }
        text = json.dumps(ledger, indent=2, sort_keys=True)
        (self._folder / "planted.json").write_text(text + "\n", encoding="utf-8")


def people_truth(people: People, purchases: Purchases, orders: Orders) -> pa.Table:
    """One row per person: kind, household, company, first touch, identification, orders, silent drop-out."""
    counts = np.bincount(orders.person, minlength=len(people))
    household = np.where(people.household >= 0, people.first + people.household, -1)
    return pa.table(
        {
            "person_id": person_ids(people),
            "kind": texts(KINDS, people.kind.astype(np.int64)),
            "household_id": codes("H", household, 7),
            "company_id": codes("A", np.where(people.company >= 0, people.first + people.company, -1), 7),
            "is_identified": pa.array(people.is_identified),
            "first_touch_at": instants(people.first_touch),
            "first_touch_channel": texts([channel.name for channel in words.CHANNELS], people.channel),
            "identified_at": instants(people.identified_at),
            "order_count": pa.array(counts),
            "dropped_out_at": instants(purchases.dropped_out_at),
        }
    )


def person_ids(people: People) -> pa.Array:
    """Names of the people in the truth."""
    return codes("P", people.numbers)


@dataclass(frozen=True)
class _Part:
    kind: str
    person: np.ndarray
    value: pa.Array


def identifier_truth(
    people: People,
    names: Identifiers,
    contacts: Contacts,
    cards: np.ndarray,
    used_cookies: tuple[np.ndarray, np.ndarray],
) -> pa.Table:
    """One row per person and identifier, normalised; a shared identifier stands with every person it belongs to.

    A few of them show in no row (an address nobody ever typed); `record_key` is the person's own CRM record, if any.
    Invited friends who never came belong to nobody and are not here.

    Args:
        people: the chunk.
        names: its identifiers.
        contacts: its contact records.
        cards: instant of the loyalty card per person.
        used_cookies: person and cookie index of every session.
    """
    parts = _parts(people, names, contacts, cards, used_cookies)
    ids, person = person_ids(people), np.concatenate([part.person for part in parts])
    own_record = joined("files:", only_where(people.has_contact, names.contacts))
    types = np.repeat([part.kind for part in parts], [len(part.person) for part in parts])
    return pa.table(
        {
            "person_id": ids.take(pa.array(person)),
            "identifier_type": pa.array(types, pa.string()),
            "identifier_value": pa.concat_arrays([part.value for part in parts]),
            "record_key": own_record.take(pa.array(person)),
        }
    )


def _parts(
    people: People,
    names: Identifiers,
    contacts: Contacts,
    cards: np.ndarray,
    used_cookies: tuple[np.ndarray, np.ndarray],
) -> tuple[_Part, ...]:
    known = np.flatnonzero(people.is_identified)
    carded = np.flatnonzero(cards < NEVER)
    fans = np.flatnonzero(names.platform >= 0)
    logins = np.flatnonzero(people.has_account)
    person, cookie = np.unique(np.stack(used_cookies), axis=1)
    phoned = np.flatnonzero(names.shows_phone)
    variants = np.flatnonzero(people.is_identified & np.isin(names.variant_kind, [TYPO, PLUS_TAG]))
    handles = joined(texts(words.PLATFORMS, names.platform[fans]), "/", names.handles.take(fans))
    return (
        _Part("contact_id", contacts.person, joined("files:", record_ids(names, contacts))),
        _Part("user_id", logins, names.users.take(logins)),
        _Part("loyalty_id", carded, names.cards.take(carded)),
        _Part("email", known, _normal(names.emails.take(known))),
        _Part("email", variants, _normal(names.emails.take(names.variant_index(variants)))),
        _Part("phone", phoned, names.phones.take(phoned)),
        _Part("social_handle", fans, handles),
        _Part("anonymous_id", person, names.cookies.take(cookie)),
    )


def _normal(emails: pa.Array) -> pa.Array:
    """Lower case; dots removed from the local part of gmail addresses."""
    lower = pc.utf8_lower(emails)
    is_gmail = pc.ends_with(lower, "@gmail.com")
    local = pc.replace_substring(pc.replace_substring(lower, "@gmail.com", ""), ".", "")
    return pc.if_else(is_gmail, joined(local, "@gmail.com"), lower)


def customer_since(people: People, orders: Orders, contracts: Subscriptions) -> np.ndarray:
    """When each person became a customer, by a first purchase or a contract; NEVER for who did not."""
    first, _ = _nth_purchases(people, orders)
    contract_at = np.full(len(people), NEVER)
    np.minimum.at(contract_at, contracts.person, contracts.started_at)
    return np.minimum(first, contract_at)


def stage_truth(people: People, orders: Orders, first_intent_at: np.ndarray, contracts: Subscriptions) -> pa.Table:
    """One row per person, model and stage entered by what the person did and the company knows for sure.

    Args:
        people: the chunk.
        orders: its orders.
        first_intent_at: instant of the first web event that shows intent, NEVER if none.
        contracts: its contracts.
    """
    first, second = _nth_purchases(people, orders)
    customer_at = customer_since(people, orders, contracts)
    considers = first_intent_at < customer_at
    looks_first = people.first_touch < np.minimum(first_intent_at, customer_at)
    stays = (
        ("six_phase", "awareness", np.where(looks_first, people.first_touch, NEVER)),
        ("six_phase", "consideration", np.where(considers, first_intent_at, NEVER)),
        ("six_phase", "purchase", customer_at),
        ("three_r", "first_time_buyer", first),
        ("three_r", "repeat_buyer", second),
    )
    ids, index = person_ids(people), np.arange(len(people))
    return pa.concat_tables(
        pa.table(
            {
                "person_id": ids.take(pa.array(index[at < NEVER])),
                "model": pa.array([model] * int((at < NEVER).sum()), pa.string()),
                "stage": pa.array([stage] * int((at < NEVER).sum()), pa.string()),
                "entered_at": instants(at[at < NEVER]),
            }
        )
        for model, stage, at in stays
    )


def _nth_purchases(people: People, orders: Orders) -> tuple[np.ndarray, np.ndarray]:
    """Instants of the first and the second paid, lasting order of each person, NEVER where there is none."""
    lasting = (orders.cancelled_at == NEVER) & ~orders.is_test & (orders.paid_at < NEVER)
    person, at = orders.person[lasting], orders.at[lasting]
    order = np.lexsort((at, person))
    person, at = person[order], at[order]
    starts = np.flatnonzero(np.diff(person, prepend=-1))
    rank = np.arange(len(person)) - np.repeat(starts, np.diff(np.append(starts, len(person))))
    found = []
    for nth in range(2):
        instants_of_people = np.full(len(people), NEVER)
        instants_of_people[person[rank == nth]] = at[rank == nth]
        found.append(instants_of_people)
    return found[0], found[1]
