"""The sample company's rows, all versions in order, out of the files it delivered."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingestion.contract import entity_named
from ingestion.files.inbox import load_inbox
from ingestion.settings import Settings
from ingestion.warehouse import connect

Row = Mapping[str, Any]


class Deliveries:
    """Rows of the sample company by entity.

    Args:
        settings: data directory its files were loaded into.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def rows(self, table: str) -> list[Row]:
        """All versions of an entity's rows in the order in which they were delivered; times carry UTC."""
        entity = entity_named(table)
        names = ", ".join(f'"{column.name}"' for column in entity.columns)
        with connect(self._settings, read_only=True) as connection:
            found = connection.execute(
                f"select {names} from raw_files.{table} order by _load_seq, _row_number"
            ).fetchall()
        columns = [column.name for column in entity.columns]
        return [dict(zip(columns, map(_in_utc, row), strict=True)) for row in found]


@contextmanager
def deliveries_in(inbox: Path) -> Iterator[Deliveries]:
    """Read the company's files in a warehouse of their own, which is thrown away afterwards.

    Args:
        inbox: folder with the company's files.
    """
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), _env_file=None)
        settings.inbox.symlink_to(inbox.resolve(), target_is_directory=True)
        load_inbox(settings)
        yield Deliveries(settings)


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


def _in_utc(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
