"""The vocabulary of the contract: value types, privacy classes, columns, entities.

Only the words live here; the sentences (which entity has which columns) are in the module of each domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Pii(StrEnum):
    """Privacy class of a column: does its value identify a person by itself, together with others, or not at all?"""

    DIRECT = "direct"
    QUASI = "quasi"
    NONE = "none"


class EntityKind(StrEnum):
    """How rows of an entity behave over time.

    `event`: happened once and never changes; a second delivery of the same key is a correction or a duplicate.
    `record`: has a current state; later versions replace earlier ones by `updated_at`.
    `daily`: one figure per day; a new delivery of the same day replaces the old one.
    `reference`: configuration delivered as data.
    """

    EVENT = "event"
    RECORD = "record"
    DAILY = "daily"
    REFERENCE = "reference"


class ValueType(StrEnum):
    """Logical type of a delivered value. The value of each member is its DuckDB storage type's key."""

    TEXT = "text"
    TIMESTAMP = "timestamp"
    DATE = "date"
    AMOUNT = "amount"
    NUMBER = "number"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    CURRENCY = "currency"
    JSON = "json"

    @property
    def duckdb(self) -> str:
        """Storage type in the raw tables. Timestamps are stored naive, in UTC."""
        return _DUCKDB_TYPES[self]


_DUCKDB_TYPES = {
    ValueType.TEXT: "varchar",
    ValueType.TIMESTAMP: "timestamp",
    ValueType.DATE: "date",
    ValueType.AMOUNT: "decimal(18, 4)",
    ValueType.NUMBER: "double",
    ValueType.INTEGER: "bigint",
    ValueType.BOOLEAN: "boolean",
    ValueType.CURRENCY: "varchar",
    ValueType.JSON: "json",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One delivered column.

    Args:
        name: snake_case name, the same in files, raw tables and conformed models.
        type: logical type of the value.
        description: what the value says, in one sentence a marketer understands.
        required: a row without it goes to quarantine; a file without it is rejected.
        pii: privacy class.
        choices: the accepted values of an enumerated text, lower case; empty means any.
        minimum: smallest accepted number, inclusive.
        maximum: largest accepted number, inclusive.
    """

    name: str
    type: ValueType
    description: str
    required: bool = False
    pii: Pii = Pii.NONE
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of record a source can deliver.

    Args:
        domain: crm, web, social, email or reference: the first folder in the inbox.
        name: the second folder in the inbox.
        kind: how rows behave over time.
        key: columns that identify a row within its source.
        clock: the column that says when the row came into being in the world (null for configuration without a time).
        columns: all columns in order.
        description: starts with "One row per".
    """

    domain: str
    name: str
    kind: EntityKind
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    description: str
    clock: str | None = None

    @property
    def table(self) -> str:
        """Name of the raw and of the conformed table, unique over all domains, for example `web_events`."""
        return f"{self.domain}_{self.name}"

    @property
    def path(self) -> str:
        """Folder inside the inbox, for example `web/events`."""
        return f"{self.domain}/{self.name}"

    @property
    def required_columns(self) -> tuple[str, ...]:
        """Names of the columns every file and row must have."""
        return tuple(column.name for column in self.columns if column.required)

    @property
    def has_versions(self) -> bool:
        """Whether later versions replace earlier ones by `updated_at`."""
        return any(column.name == "updated_at" for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError with the choices when there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.path} has no column {name!r}; it has {[column.name for column in self.columns]}")
