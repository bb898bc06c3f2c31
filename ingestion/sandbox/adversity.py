"""What goes wrong between the company and the inbox: late rows, double rows, bad rows, future rows, an unknown column.

Everything planted is counted in a ledger that goes to the truth. Confusions of identity are planted where identifiers
are drawn (`identifiers.py`) and where contacts are written (`contacts.py`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from ingestion.sandbox.contacts import Contacts
from ingestion.sandbox.identifiers import GMAIL_DOTS, PLUS_TAG, TYPO, Identifiers
from ingestion.sandbox.people import People
from ingestion.sandbox.timeline import NEVER
from ingestion.sandbox.world import World
from ingestion.sandbox.writer import InboxWriter


@dataclass
class Adversity:
    """Delivers events imperfectly and keeps the ledger of what was planted.

    Args:
        world: the frame.
        late_rows: rows per entity delivered in a later file than the one of their day.
        duplicate_rows: rows per entity delivered a second time.
        bad_rows: one entry per planted bad row: entity, file, kind, column.
        future_rows: rows per entity whose time lies after the end.
        cases: counts of planted confusions of identity.
        extra_columns: unknown columns: entity, file, column.
    """

    world: World
    late_rows: Counter[str] = field(default_factory=Counter)
    duplicate_rows: Counter[str] = field(default_factory=Counter)
    bad_rows: list[dict[str, str]] = field(default_factory=list)
    future_rows: Counter[str] = field(default_factory=Counter)
    cases: Counter[str] = field(default_factory=Counter)
    extra_columns: list[dict[str, str]] = field(default_factory=list)

    def book_cases(self, people: People, names: Identifiers, contacts: Contacts) -> None:
        """Count the confusions of identity planted in one chunk."""
        known, variant = people.is_identified, names.variant_kind
        others_device = (names.device_owner[:, 1] != np.arange(len(people))) & known
        cases = {
            "shared_device": others_device,
            "family_mailbox": names.is_shared_mailbox & ~people.is_head,
            "role_mailbox": names.is_role_mailbox & known,
            "family_phone": names.is_shared_phone & names.shows_phone,
            "recycled_phone": names.is_recycled_phone & names.shows_phone,
            "typo": (variant == TYPO) & known,
            "plus_tag": (variant == PLUS_TAG) & known,
            "gmail_dots": (variant == GMAIL_DOTS) & known,
            "duplicate_contact": contacts.is_second,
            "merged_contact": contacts.merged_at < NEVER,
            "deleted_contact": contacts.deleted_at < NEVER,
        }
        self.cases.update({name: int(flags.sum()) for name, flags in cases.items()})

    def deliver(self, writer: InboxWriter, table_name: str, rows: pa.Table, at: np.ndarray, chunk: int) -> None:
        """Append events to the files of their days, a few of them late and a few twice."""
        habits, timeline = self.world.behaviour, self.world.timeline
        rng = self.world.rng(f"delivery of {table_name}", chunk)
        count = rows.num_rows
        day = timeline.day_of(at)
        late = rng.random(count) < habits.late_share
        delay = np.where(late, rng.integers(1, habits.late_days_max + 1, count), 0)
        delivered = np.minimum(day + delay, timeline.days - 1)
        twice = np.flatnonzero(rng.random(count) < habits.duplicate_share)
        again = np.minimum(delivered[twice] + rng.integers(0, 3, len(twice)), timeline.days - 1)
        period = writer.periods(table_name).of_day
        self.late_rows[table_name] += int((period[delivered] > period[day]).sum())
        self.duplicate_rows[table_name] += len(twice)
        writer.add(table_name, rows, delivered)
        writer.add(table_name, rows.take(pa.array(twice)), again)
