"""Plays a schedule of faults with an account, loads it until everything is there, and counts what is lost or doubled.

Used by the test of random interleavings and by `benchmarks.fault_schedules`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ingestion.sources.errors import SourceError
from tests.connectors.schedules import Account, Killed, Schedule

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from tests.connectors.counted_loads import Loads


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a schedule: faults by kind, loads and failed ones, people lost, versions stored twice."""

    played: Counter[str]
    load_count: int
    failed_count: int
    lost: tuple[str, ...]
    doubled: tuple[str, ...]


def played(schedule: Schedule, account: Account, loads: Loads, settings: Settings) -> Result:
    """Play a schedule, load undisturbed until everything is there, and count.

    Lost is a person whose last version is neither the last one stored nor in quarantine.
    """
    account.sandbox.faults.plan(*(account.fault(*step) for step in schedule.steps))
    failed = 0
    for place, seconds in enumerate(schedule.pauses):
        dies = schedule.deaths[place] if place < len(schedule.deaths) else False
        account.begin_load()
        try:
            loads.load(account, settings, dies=dies)
        except SourceError:
            failed += 1
        except Killed:
            account.played["killed before promotion"] += dies and not account.is_killed
        account.store.move_to(account.store.now + timedelta(seconds=seconds))
    account.sandbox.faults.clear()
    _load_later(account, loads, settings)
    lost = [
        f"person{number} ({word})"
        for number, word in account.words.items()
        if not loads.keeps(f"person{number}@example.org", word)
    ]
    doubled, count = loads.doubled(), loads.count()
    _load_later(account, loads, settings)
    if loads.count() != count:
        doubled.append("stored again by a load of nothing new")
    return Result(+account.played, len(schedule.pauses) + 2, failed, tuple(lost), tuple(doubled))


def _load_later(account: Account, loads: Loads, settings: Settings) -> None:
    account.begin_load()
    account.store.move_to(account.store.now + timedelta(hours=1))
    loads.load(account, settings)
