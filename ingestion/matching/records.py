"""Contacts in the form in which they are compared, in a database of their own in memory.

How alike two of them are is not known here; see `comparisons.py`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from ingestion.matching.comparisons import BLOCKING, FIELDS, LARGEST_BLOCK, block_column
from ingestion.warehouse import limits_beside

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection
    from splink import DuckDBAPI, Linker, SettingsCreator

    from ingestion.settings import Settings

WORDS = ("first_name", "last_name", "street", "postal_code", "city")
"""Fields that are compared without accents, punctuation and upper case."""

FOREIGN_LETTERS = "@.*([^ -~]|xn--)"
"""In a mail's domain: letters that look like others, so that the address of somebody else passes for a person's own."""


class MatchingUnavailableError(LifecycleError):
    """Contacts cannot be compared; the message says what is missing and what to do."""


@dataclass(frozen=True)
class Records:
    """Contacts ready to be compared.

    Args:
        connection: the database they stand in, as the table `records`: `record_key`, FIELDS and the blocks.
        fields: those of FIELDS that have a value at all.
        count: how many there are.
    """

    connection: DuckDBPyConnection
    fields: tuple[str, ...]
    count: int

    def linker(self, model: SettingsCreator | dict[str, object]) -> Linker:
        """A linker over the records with the given model; it says nothing but errors."""
        from splink import Linker

        return Linker(self.api().register("records"), model, log_level=logging.ERROR)

    @contextmanager
    def in_order(self) -> Iterator[None]:
        """One thread only, so that a sample drawn meanwhile is the same in every run."""
        (threads,) = self.connection.execute("select current_setting('threads')").fetchone()
        self.connection.execute("set threads = 1")
        try:
            yield
        finally:
            self.connection.execute(f"set threads = {threads}")

    def api(self) -> DuckDBAPI:
        """The database as the library knows it."""
        from splink import DuckDBAPI

        return DuckDBAPI(connection=self.connection)


@contextmanager
def prepared(contacts: pa.Table, settings: Settings) -> Iterator[Records]:
    """The contacts in their form for comparison.

    Args:
        contacts: with `record_key`, unique, and FIELDS as text (dates too).
        settings: memory, threads and the folder to spill to.

    Raises:
        MatchingUnavailableError: when the library is not installed.
    """
    import duckdb

    if find_spec("splink") is None:
        raise MatchingUnavailableError(
            "Proposals (LIFECYCLE_IDENTITY_PROPOSALS=true) need the package splink. Install it with"
            " `pip install 'customer-lifecycle-warehouse[proposals]'`, or switch them off."
        )
    with duckdb.connect(config=limits_beside(settings)) as connection:
        connection.register("contacts", contacts)
        columns = ", ".join(f"{_normal(field)} as {field}" for field in FIELDS)
        blocks = ", ".join(f"{_block(rule)} as {block_column(number)}" for number, rule in enumerate(BLOCKING))
        connection.execute(
            f"create table records as select *, {blocks} from (select record_key, {columns} from contacts)"
            " order by record_key"
        )
        counted = connection.execute(f"select count(*), {', '.join(f'count({f})' for f in FIELDS)} from records")
        count, *filled = counted.fetchone()
        fields = tuple(field for field, values in zip(FIELDS, filled, strict=True) if values)
        yield Records(connection, fields, count)


def _block(rule: Sequence[str]) -> str:
    """Hash of what the contacts of a block agree on; null where a part is not known or the block is too large."""
    filled = " and ".join(f"{part} is not null and {part} <> ''" for part in rule)
    size = f"count(*) over (partition by {', '.join(rule)})"
    return f"case when {filled} and {size} <= {LARGEST_BLOCK} then hash({', '.join(rule)}) end"


def _normal(field: str) -> str:
    if field in WORDS:
        return f"nullif(trim(regexp_replace(strip_accents(lower({field}::varchar)), '[^a-z0-9 ]', '', 'g')), '')"
    if field == "email":
        return f"case when not regexp_matches(email, '{FOREIGN_LETTERS}', 'i') then nullif(trim(lower(email)), '') end"
    return f"nullif(trim(lower({field}::varchar)), '')"
