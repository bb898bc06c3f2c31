"""The vendors' records and the time they are seen at: versions with the instant they came into being.

A version in the future is not seen yet; moving the time makes it appear. Protocols read listings from here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import RLock
from typing import Any, TypeVar

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Entry:
    """The version of a record in force.

    Args:
        key: identifier at the vendor.
        created_at: when its first version came into being.
        changed_at: when this version did.
        record: what the vendor shows.
        is_deleted: whether this version is a deletion.
    """

    key: str
    created_at: datetime
    changed_at: datetime
    record: dict[str, Any]
    is_deleted: bool = False


class Store:
    """Records by kind and key, seen at one moment.

    Args:
        now: the moment, with a time zone.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._versions: dict[str, dict[str, list[Entry]]] = defaultdict(dict)
        self._listings: dict[tuple[str, str, bool], list[Entry]] = {}
        self._made: dict[str, Any] = {}
        self._lock = RLock()

    @property
    def now(self) -> datetime:
        """The moment records are seen at."""
        return self._now

    def move_to(self, now: datetime) -> None:
        """Let time pass: what came into being until `now` is seen from here on."""
        with self._lock:
            self._now = now
            self._forget()

    def put(self, kind: str, key: str, at: datetime, record: dict[str, Any], *, is_deleted: bool = False) -> None:
        """Add a version of a record; versions of one record may come in any order."""
        with self._lock:
            versions = self._versions[kind].setdefault(key, [])
            versions.append(Entry(key, at, at, record, is_deleted))
            versions.sort(key=lambda entry: entry.changed_at)
            self._forget()

    def amend(self, kind: str, key: str, members: dict[str, Any]) -> None:
        """Add members to all versions of a record, for what the record holds with its own times."""
        with self._lock:
            versions = self._versions[kind].get(key, [])
            versions[:] = [replace(one, record={**one.record, **members}) for one in versions]
            self._forget()

    def knows(self, kind: str, key: str) -> bool:
        """Whether there is any version of a record, seen yet or not."""
        return key in self._versions[kind]

    def kinds(self) -> list[str]:
        """The kinds there are records of."""
        with self._lock:
            return sorted(self._versions)

    def by_key(self, kind: str, *, is_deleted: bool = False) -> list[Entry]:
        """The records of a kind, or its deletions, in the order of their keys (numbers as numbers)."""
        return self._listing(kind, "key", is_deleted)

    def by_change(self, kind: str, *, is_deleted: bool = False) -> list[Entry]:
        """The records of a kind, or its deletions, in the order in which they changed."""
        return self._listing(kind, "change", is_deleted)

    def by_creation(self, kind: str) -> list[Entry]:
        """The records of a kind in the order in which they came into being."""
        return self._listing(kind, "creation", is_deleted=False)

    def history(self, kind: str) -> list[Entry]:
        """All versions of all records of a kind that came into being so far, in the order in which they did."""
        with self._lock:
            name = (kind, "history", False)
            if name not in self._listings:
                found = [
                    Entry(one.key, versions[0].changed_at, one.changed_at, one.record, one.is_deleted)
                    for versions in self._versions[kind].values()
                    for one in versions
                    if one.changed_at <= self._now
                ]
                self._listings[name] = sorted(found, key=lambda entry: entry.changed_at)
            return self._listings[name]

    def made(self, name: str, make: Callable[[], Made]) -> Made:
        """What a protocol makes of the records: kept until records or the moment change, so that pages are looked up.

        Args:
            name: of what is made; it says everything that decides about it.
            make: makes it.
        """
        with self._lock:
            if name not in self._made:
                self._made[name] = make()
            return self._made[name]

    def get(self, kind: str, key: str) -> Entry | None:
        """The version in force of one record, None when there is none yet."""
        with self._lock:
            return self._in_force(self._versions[kind].get(key, []))

    def get_at(self, kind: str, key: str, at: datetime) -> Entry | None:
        """The version of a record in force at an instant, which may be in the future; None before the first."""
        with self._lock:
            seen = [entry for entry in self._versions[kind].get(key, []) if entry.changed_at <= at]
            return seen[-1] if seen else None

    def _forget(self) -> None:
        self._listings.clear()
        self._made.clear()

    def _listing(self, kind: str, order: str, is_deleted: bool) -> list[Entry]:
        with self._lock:
            name = (kind, order, is_deleted)
            if name not in self._listings:
                seen = (self._in_force(versions) for versions in self._versions[kind].values())
                found = [entry for entry in seen if entry is not None and entry.is_deleted == is_deleted]
                found.sort(key=ORDERS[order])
                self._listings[name] = found
            return self._listings[name]

    def _in_force(self, versions: list[Entry]) -> Entry | None:
        seen = [entry for entry in versions if entry.changed_at <= self._now]
        if not seen:
            return None
        last = seen[-1]
        return Entry(last.key, seen[0].changed_at, last.changed_at, last.record, last.is_deleted)


def put_from_creation(
    store: Store,
    kind: str,
    key: str,
    times: tuple[datetime, datetime | None],
    record: dict[str, Any],
    *,
    is_deleted: bool = False,
) -> None:
    """Add a version of a record; the first one known also stands at the instant at which the record was created.

    Args:
        store: the records.
        kind: of the record.
        key: of the record.
        times: when the record was created, and when this version came into being, if not then.
        record: what the vendor shows.
        is_deleted: whether this version is a deletion.
    """
    created_at, changed_at = times
    if changed_at and changed_at > created_at and not store.knows(kind, key):
        store.put(kind, key, created_at, record)
    store.put(kind, key, changed_at or created_at, record, is_deleted=is_deleted)


def key_order(entry: Entry) -> tuple[int, str]:
    """Where a record stands by its key."""
    return key_order_of(entry.key)


def key_order_of(key: str) -> tuple[int, str]:
    """Where a key stands among others: numbers as numbers."""
    return (int(key) if key.isdecimal() else 0, key)


def change_order(entry: Entry) -> tuple[datetime, tuple[int, str]]:
    """Where a record stands by its last change; ties by its key."""
    return entry.changed_at, key_order(entry)


def creation_order(entry: Entry) -> tuple[datetime, tuple[int, str]]:
    """Where a record stands by its creation; ties by its key."""
    return entry.created_at, key_order(entry)


ORDERS = {"key": key_order, "change": change_order, "creation": creation_order}
