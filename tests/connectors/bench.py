"""The bench: what the common suite has to know of one vendor to try its connector against the sandbox.

The vendors' benches are in `benches.py`; files have their own in `export_benches.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Sandbox
from ingestion.settings import Settings
from ingestion.sources.model import Connector
from ingestion.sources.registry import connector_named

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRET = "sandbox-s3cret-9f27"


@dataclass(frozen=True)
class Bench:
    """One vendor on trial.

    Args:
        name: the connector.
        table: the raw table people go to.
        kind: kind of their records in the store.
        constants: module that holds the page size.
        protocol: the vendor's side.
        secret: field of the settings that holds the credential.
        key: identifier of person number n.
        body: a record of person n that shows a word.
        shown: SQL that reads the word back from raw.
        members: member of an answer that lists records; empty where the answer itself is the list.
        email: member path of the text that tells whom a record is about.
        required: a required member at the top of a record that is not needed to go from page to page.
        clock: member path of the instant of the last change; empty where records do not show it.
        future: an instant in 2031 as the vendor writes it.
        other_shapes: bodies of answers that are good JSON and no list of records.
        others: further settings the connector needs.
        prepare: puts into the store what has to be there before the first person.
    """

    name: str
    table: str
    kind: str
    constants: ModuleType
    protocol: Callable[[Store, str], Any]
    secret: str
    key: Callable[[int], str]
    body: Callable[[int, str], dict[str, Any]]
    shown: str
    members: str
    email: tuple[str, ...]
    required: str
    clock: tuple[str, ...] = ()
    future: Any = "2031-01-01T00:00:00+00:00"
    other_shapes: tuple[Any, ...] = ({}, [])
    others: Mapping[str, Any] = field(default_factory=dict)
    prepare: Callable[[Store], None] = lambda _store: None

    def put(self, store: Store, number: int, at: datetime, word: str = "first", *, is_deleted: bool = False) -> None:
        """A version of person `number`."""
        store.put(self.kind, self.key(number), at, self.body(number, word), is_deleted=is_deleted)

    def records(self, body: Any) -> list[dict[str, Any]]:
        """What an answer lists, whatever that is."""
        return body if isinstance(body, list) else body.get(self.members, [])

    def listed(self, body: Any) -> list[dict[str, Any]]:
        """The records of an answer; none when it lists something else."""
        found = self.records(body)
        return [one for one in found if self.holder(one) is not None and self.email[-1] in (self.holder(one) or {})]

    def holder(self, record: dict[str, Any]) -> dict[str, Any] | None:
        """The object in a record that holds the e-mail address."""
        for member in self.email[:-1]:
            record = record.get(member) or {}
        return record or None

    def is_about(self, record: dict[str, Any], number: int) -> bool:
        """Whether a record of an answer is of person `number`."""
        return (self.holder(record) or {}).get(self.email[-1]) == f"person{number}@example.org"

    @property
    def connector(self) -> Connector:
        """The connector on trial."""
        return connector_named(self.name)

    @property
    def column(self) -> str:
        """The raw column of the text that tells whom a record is about."""
        pointer = "/" + "/".join(self.email)
        fields = self.connector.resource(self.table).table.fields
        return next(one.name for one in fields if one.pointer == pointer)

    def made_settings(self, sandbox: Sandbox, **others: Any) -> Settings:
        """Settings that point the connector at a sandbox."""
        address = {f"{self.name}_base_url": sandbox.base_url(self.name), self.secret: SECRET}
        return Settings(_env_file=None, **{**address, **self.others, **others})
