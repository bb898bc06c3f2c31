"""What people are called in the data: addresses, phones, logins, cards, cookies and handles of one chunk of people.

The planted confusions of identity are made here (shared mailboxes and devices, typos, plus tags, recycled phones) and
told to the truth. Which row shows which identifier is decided where the row is made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.arrays import codes, joined, texts
from ingestion.sandbox.behaviour import DAY
from ingestion.sandbox.people import BUSINESS, People
from ingestion.sandbox.timeline import NEVER
from ingestion.sandbox.world import World

DEVICES_PER_PERSON = 3
PLAIN, UPPER, VARIANT = range(3)
SAME, TYPO, PLUS_TAG, GMAIL_DOTS = range(4)


@dataclass(frozen=True)
class Identifiers:
    """Identifiers of a chunk; `emails` holds three spellings per person: plain, upper case, variant.

    Args:
        emails: address of person i in spelling s at s * people + i.
        variant_kind: what the variant spelling is: SAME, TYPO, PLUS_TAG or GMAIL_DOTS.
        is_shared_mailbox: whether the address belongs to a whole family.
        is_role_mailbox: whether it is a role address of the employer.
        phones: phone numbers.
        is_shared_phone, is_recycled_phone: the number is the family's; it belonged to somebody else before.
        shows_phone: whether the company knows the number.
        phone_owner: index of the person whose number it is (own index unless shared or recycled).
        users, cards, contacts: login, loyalty card and contact record of each person.
        second_contacts: the number a second, duplicate contact record has.
        device_owner: index of the person whose cookie is used, int64[people, 3].
        device_kind: index into DEVICES per cookie.
        renewed_at: instant at which the first cookie is replaced by the third, NEVER if not.
        has_second_device: whether the second cookie is used.
        handles: name on a social platform; platform: index into PLATFORMS, -1 for none.
    """

    emails: pa.Array
    variant_kind: np.ndarray
    is_shared_mailbox: np.ndarray
    is_role_mailbox: np.ndarray
    phones: pa.Array
    is_shared_phone: np.ndarray
    is_recycled_phone: np.ndarray
    shows_phone: np.ndarray
    phone_owner: np.ndarray
    users: pa.Array
    cards: pa.Array
    contacts: pa.Array
    second_contacts: pa.Array
    device_owner: np.ndarray
    device_kind: np.ndarray
    renewed_at: np.ndarray
    has_second_device: np.ndarray
    cookies: pa.Array
    handles: pa.Array
    platform: np.ndarray
    first_names: pa.Array
    last_names: pa.Array

    def email_index(self, rng: np.random.Generator, people: np.ndarray, upper_share: float) -> np.ndarray:
        """Index into `emails` for rows of these people, now and then in upper case; gmail dots come and go."""
        count = len(self.variant_kind)
        spelling = np.where(rng.random(len(people)) < upper_share, UPPER, PLAIN)
        dotted = (self.variant_kind[people] == GMAIL_DOTS) & (rng.random(len(people)) < 0.5)
        return np.where(dotted, VARIANT, spelling) * count + people

    def variant_index(self, people: np.ndarray) -> np.ndarray:
        """Index into `emails` of the variant spelling."""
        return VARIANT * len(self.variant_kind) + people

    def cookie_index(
        self, rng: np.random.Generator, people: np.ndarray, at: np.ndarray, other_use: float
    ) -> np.ndarray:
        """Index into `cookies` of the cookie a person's visit is made with."""
        slot = np.where(at >= self.renewed_at[people], 2, 0)
        slot = np.where(self.has_second_device[people] & (rng.random(len(people)) < other_use), 1, slot)
        return self.first_cookie(people, slot)

    def first_cookie(self, people: np.ndarray, slot: np.ndarray | int = 0) -> np.ndarray:
        """Index into `cookies` of the cookie in that slot; a shared device has the cookie of its owner."""
        owner = self.device_owner[people, slot]
        return np.where(owner == people, slot, 0) * len(self.variant_kind) + owner


def draw_identifiers(world: World, people: People) -> Identifiers:
    """Draw the identifiers of one chunk of people."""
    rng, habits, count = world.rng("identifiers", people.chunk), world.behaviour, len(people)
    first_names = texts(words.FIRST_NAMES, rng.integers(0, len(words.FIRST_NAMES), count))
    family = rng.integers(0, len(words.LAST_NAMES), count)
    family = np.where(people.household >= 0, family[people.head], family)
    last_names = texts(words.LAST_NAMES, family)
    mail = _mailboxes(rng, world, people, first_names, last_names)
    phone_owner, is_shared_phone, is_recycled = _phone_owners(rng, world, people)
    numbers = people.numbers
    has_handle = rng.random(count) < habits.handle_share
    platform = np.where(has_handle, rng.choice(len(words.PLATFORMS), size=count, p=words.PLATFORM_SHARES), -1)
    handles = pc.utf8_lower(joined(first_names, "_", codes("", numbers, 1)))
    return Identifiers(
        **mail,
        phones=_phones(rng, people, phone_owner),
        is_shared_phone=is_shared_phone,
        is_recycled_phone=is_recycled,
        shows_phone=people.has_contact & (rng.random(count) < habits.phone_share),
        phone_owner=phone_owner,
        users=codes("u", numbers),
        cards=codes("L", numbers),
        contacts=codes("C", numbers),
        second_contacts=codes("C9", numbers),
        **_devices(rng, world, people),
        handles=handles,
        platform=platform,
        first_names=first_names,
        last_names=last_names,
    )


def _devices(rng: np.random.Generator, world: World, people: People) -> dict[str, pa.Array | np.ndarray]:
    """Cookies of everybody; some people in a family use the device of its head as their second one."""
    habits, count = world.behaviour, len(people)
    shares_device = (people.household >= 0) & ~people.is_head & people.is_identified & people.is_identified[people.head]
    shares_device &= rng.random(count) < habits.shared_device_share
    owner = np.repeat(np.arange(count)[:, None], DEVICES_PER_PERSON, axis=1)
    owner[:, 1] = np.where(shares_device, people.head, owner[:, 1])
    renews = rng.random(count) < habits.cookie_renewal_share
    since = np.where(people.is_identified, people.identified_at, people.first_touch)
    renewed = since + rng.integers(30, 400, count) * DAY
    cookie_numbers = np.arange(DEVICES_PER_PERSON)[:, None] * 10_000_000 + people.numbers[None, :]
    return {
        "device_owner": owner,
        "device_kind": rng.choice(len(words.DEVICES), size=count * DEVICES_PER_PERSON, p=words.DEVICE_SHARES),
        "renewed_at": np.where(renews, renewed, NEVER),
        "has_second_device": shares_device | (rng.random(count) < habits.second_device_share),
        "cookies": joined("ck-", codes("", scrambled(cookie_numbers.ravel()), 10)),
    }


def scrambled(numbers: np.ndarray) -> np.ndarray:
    """A one-to-one shuffle of numbers below 2**33, so that neighbours do not look alike."""
    return (numbers * 2_862_933_555 + 3_037_000_493) % (1 << 33)


def _mailboxes(
    rng: np.random.Generator, world: World, people: People, first_names: pa.Array, last_names: pa.Array
) -> dict[str, pa.Array | np.ndarray]:
    habits, count, numbers = world.behaviour, len(people), codes("", people.numbers, 1)
    domain = texts(words.MAIL_DOMAINS, rng.integers(0, len(words.MAIL_DOMAINS), count))
    name = pc.utf8_lower(joined(first_names, ".", last_names, ".", numbers))
    is_gmail = (people.company < 0) & (rng.random(count) < habits.gmail_share)
    company = codes("", people.first + people.company, 1)
    work_domain = joined("client-", pc.fill_null(company, ""), ".example.com")
    domain = pc.if_else(pa.array(people.company >= 0), work_domain, domain)
    domain = pc.if_else(pa.array(is_gmail), "gmail.com", domain)
    name = pc.if_else(pa.array(is_gmail), joined("sample.", name), name)
    plain = joined(name, "@", domain)
    drawn = rng.random(count)
    with_tag = drawn < habits.typo_share + habits.plus_tag_share
    kind = np.where(drawn < habits.typo_share, TYPO, np.where(with_tag, PLUS_TAG, SAME))
    kind = np.where(is_gmail, GMAIL_DOTS, kind)
    both = (people.household >= 0) & people.has_contact & people.has_contact[people.head]
    family = (both & ~people.is_head & (rng.random(count) < habits.family_mailbox_share)).astype(bool)
    role = (people.kind == BUSINESS) & ~people.is_head & (rng.random(count) < habits.role_mailbox_share)
    kind = np.where(family | role, SAME, kind)
    plain = plain.take(pa.array(np.where(family, people.head, np.arange(count))))
    plain = pc.if_else(pa.array(role), joined("info@", domain), plain)
    variants = pc.choose(
        pa.array(kind, pa.int64()),
        plain,
        joined(pc.replace_substring(name, ".", "", max_replacements=1), "@", domain),
        joined(name, "+shop@", domain),
        joined(pc.replace_substring(name, ".", ""), "@", domain),
    )
    shared = family.copy()
    np.logical_or.at(shared, people.head[family], True)
    return {
        "emails": pa.concat_arrays([plain, pc.utf8_upper(plain), variants]),
        "variant_kind": kind,
        "is_shared_mailbox": shared,
        "is_role_mailbox": role,
    }


def _phone_owners(rng: np.random.Generator, world: World, people: People) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Families share the number of their head; a recycled number belonged to somebody living alone before."""
    habits, count, index = world.behaviour, len(people), np.arange(len(people))
    shared = (people.household >= 0) & ~people.is_head & (rng.random(count) < habits.family_phone_share)
    alone = (people.household < 0) & (people.company < 0) & people.is_identified
    earlier = np.roll(index, 7)
    recycled = alone & alone[earlier] & (people.country == people.country[earlier])
    recycled &= people.identified_at > people.identified_at[earlier]
    recycled &= rng.random(count) < habits.recycled_phone_share
    recycled &= ~recycled[earlier]
    owner = np.where(shared, people.head, np.where(recycled, earlier, index))
    return owner, shared, recycled


def _phones(rng: np.random.Generator, people: People, owner: np.ndarray) -> pa.Array:
    numbers = people.numbers[owner]
    country = people.country[owner]
    digits = np.array(words.PHONE_DIGITS)[country]
    local = numbers % 10**digits
    padded = pc.choose(pa.array(digits - 6), *(codes("", local, width) for width in (6, 7, 8)))
    return joined(texts(words.PHONE_PREFIXES, country), padded)
