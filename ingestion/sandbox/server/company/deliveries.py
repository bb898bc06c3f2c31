"""The sample company's rows as one vendor sees them: its share, all versions in order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.contract import Entity, ValueType, entity_named
from ingestion.sandbox.divided import BORN, columns_of, company_rows
from ingestion.sandbox.division import share_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = Mapping[str, Any]


class Deliveries:
    """A vendor's rows by entity.

    Args:
        connection: with the company's rows.
        vendor: whose share is shown.
    """

    def __init__(self, connection: DuckDBPyConnection, vendor: str) -> None:
        self._connection, self._vendor = connection, vendor

    def rows(self, table: str) -> list[Row]:
        """All versions of the rows the vendor has, in the order in which they came into being; times carry UTC."""
        entity = entity_named(table)
        found = self._connection.execute(
            f"select {columns_of(entity, _instants(entity))} from {table} "
            f"where {share_of(self._vendor, table)} order by {BORN}"
        )
        names = [column.name for column in entity.columns]
        return [dict(zip(names, map(_in_utc, row), strict=True)) for row in found.fetchall()]


class Company:
    """The company's rows, whoever has them.

    Args:
        connection: with a view per entity.
    """

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._connection = connection

    def seen_by(self, vendor: str) -> Deliveries:
        """What a vendor has of them."""
        return Deliveries(self._connection, vendor)


@contextmanager
def company_in(folder: Path) -> Iterator[Company]:
    """Read the rows of a company with vendors.

    Args:
        folder: with `<entity>.parquet`, as `write_company` leaves them there.
    """
    with company_rows(folder) as connection:
        yield Company(connection)


class Numbers:
    """Numbers a vendor gives to the company's identifiers, in the order in which it meets them.

    Args:
        first: the first number.
    """

    def __init__(self, first: int) -> None:
        self._first = first
        self._known: dict[str, int] = {}

    def of(self, identifier: str) -> int:
        """The number of an identifier, the same one every time."""
        return self._known.setdefault(identifier, self._first + len(self._known))

    def __contains__(self, identifier: object) -> bool:
        """Whether the vendor has met the identifier."""
        return identifier in self._known


def mailbox(email: str) -> str:
    """The mailbox behind an address, by which shops and mailers know a customer: case and Google's dots are nothing."""
    name, _, host = email.lower().partition("@")
    return f"{name.replace('.', '') if host == 'gmail.com' else name}@{host}"


def _instants(entity: Entity) -> dict[str, str]:
    """Instants without a zone: with one, DuckDB wants a further package to hand them over."""
    return {
        column.name: f"timezone('UTC', {column.name})"
        for column in entity.columns
        if column.type is ValueType.TIMESTAMP
    }


def _in_utc(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
