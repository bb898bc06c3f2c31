"""Overrides as rows: those the last run knew, those that wait for the next one, and the file a new decision becomes.

What a decision means for two identifiers is settled in `decisions.py`; here rows are read and written. Of two rows with
one `override_id` the one that is loaded later counts, and files are loaded in the order of their names.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ingestion.contract.reference import IDENTITY_OVERRIDES
from ingestion.errors import LifecycleError
from ingestion.files.discovery import discover
from ingestion.files.register import Register, fingerprint_of
from ingestion.identifiers.decisions import Decision
from orchestration.identity.lookup import normalised_key, shown
from orchestration.wall_clock import utc_now

if TYPE_CHECKING:
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

ALWAYS, NEVER = "always_link", "never_link"
FILE = "decision-"


class DecisionError(LifecycleError):
    """The decision cannot be taken as asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class DatedDecision(Decision):
    """A decision and the instant (UTC, without a zone) from which on it holds."""

    decided_at: datetime


@dataclass(frozen=True, slots=True)
class Override:
    """One row of `reference/identity_overrides`; its fields are the columns of the contract."""

    override_id: str
    action: str
    left_type: str
    left_value: str
    right_type: str
    right_value: str
    reason: str
    created_at: str

    @property
    def keys(self) -> tuple[str, str]:
        """Both identifiers as `<type>:<value>`."""
        return f"{self.left_type}:{self.left_value}", f"{self.right_type}:{self.right_value}"

    @property
    def decision(self) -> DatedDecision:
        """What it decides about them."""
        decided_at = datetime.fromisoformat(self.created_at).astimezone(UTC).replace(tzinfo=None)
        return DatedDecision(self.override_id, self.action == ALWAYS, *self.keys, decided_at)

    def line(self, reveal: bool) -> str:
        """The decision as a line for a terminal."""
        return f"  {self.override_id} ({self.action}): {' – '.join(shown(key, reveal) for key in self.keys)}"


def known_decisions(settings: Settings, connection: DuckDBPyConnection) -> dict[str, DatedDecision]:
    """Every decision taken so far by its id, as the next run that looks at it will know it.

    Beside those the last run followed or refused: those that are loaded and dated after the day it looked at, and
    those that wait in the inbox.
    """
    known = {one.override_id: one for one in followed_decisions(connection)}
    for override_id, action, decided_at, *ends in connection.execute(
        "select override_id, action, created_at, left_type, left_value, right_type, right_value"
        " from conformed.reference_identity_overrides"
        " where override_id not in (select override_id from identity.overrides) order by override_id"
    ).fetchall():
        left, right = (normalised_key(*end, settings.default_country) for end in (ends[:2], ends[2:]))
        if left and right:
            known[override_id] = DatedDecision(override_id, action == ALWAYS, left, right, decided_at)
    return known | {one.override_id: one.decision for one in waiting_overrides(settings, connection)}


def pending_decisions(settings: Settings, connection: DuckDBPyConnection) -> list[DatedDecision]:
    """The decisions no run has looked at yet."""
    followed = set(followed_decisions(connection))
    return [one for one in known_decisions(settings, connection).values() if one not in followed]


def followed_decisions(connection: DuckDBPyConnection) -> list[DatedDecision]:
    """The decisions the last run followed or refused."""
    return [
        DatedDecision(override_id, action == ALWAYS, left, right, decided_at)
        for override_id, action, left, right, decided_at in connection.execute(
            "select override_id, action, left_key, right_key, created_at from identity.overrides"
            " where left_key is not null and right_key is not null order by override_id"
        ).fetchall()
    ]


def waiting_overrides(settings: Settings, connection: DuckDBPyConnection) -> list[Override]:
    """What was decided at the command line and is loaded by the next run: the last row of each id.

    Files somebody else put into the same folder are passed over: how they are read is known when they are loaded.
    """
    register = Register(connection)
    last: dict[str, Override] = {}
    for file in discover(settings.inbox).files:
        is_ours = file.entity == IDENTITY_OVERRIDES and file.path.name.startswith(FILE) and file.format == ".csv"
        if is_ours and not register.is_unchanged(file) and not register.loaded_as(file, fingerprint_of(file.path)):
            last |= {override.override_id: override for override in _rows(file.path)}
    return list(last.values())


def deliver(settings: Settings, overrides: Sequence[Override]) -> Path:
    """Put the overrides into the inbox as one file, named so that it is loaded after those there; the next run does."""
    folder = settings.inbox / IDENTITY_OVERRIDES.path
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{FILE}{utc_now():%Y-%m-%dT%H-%M-%S-%fZ}-{uuid.uuid4().hex[:8]}"
    last = max((other.stem for other in folder.glob(f"{FILE}*.csv")), default="")
    # A clock that was set back, or a file named after the day a decision is dated, must not turn the order round.
    path = folder / (f"{name}.csv" if name > last else f"{last}_{uuid.uuid4().hex[:8]}.csv")
    unfinished = path.with_name(path.name + ".part")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Override)])
        writer.writeheader()
        writer.writerows(asdict(override) for override in overrides)
    unfinished.chmod(0o600)
    return unfinished.rename(path)


def _rows(path: Path) -> Iterator[Override]:
    names = [field.name for field in fields(Override)]
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if all(row.get(name) for name in names):
                yield Override(**{name: row[name] for name in names})
