"""What a run of the inbox did, for people and for the steps after it; the same figures can be read back later."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ingestion.raw import FILES_SOURCE
from ingestion.shown_names import shown_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Status = Literal["loaded", "skipped", "rejected"]


@dataclass(frozen=True, slots=True)
class RowCounts:
    """Rows of one entity; delivered = accepted + quarantined."""

    delivered: int = 0
    accepted: int = 0
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What became of one file.

    Args:
        file_name: path relative to the inbox.
        entity: table its rows belong to.
        status: loaded, skipped (loaded before) or rejected (left in place).
        delivered: rows in the file.
        accepted: rows that went to the raw table.
        quarantined: rows that went to quarantine.
        drift_columns: columns the contract lacks.
        message: what a person should know, without values.
        reading: how its values were read, kept so that its rows can be judged again.
    """

    file_name: str
    entity: str
    status: Status
    delivered: int = 0
    accepted: int = 0
    quarantined: int = 0
    drift_columns: tuple[str, ...] = ()
    message: str | None = None
    reading: str | None = None


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a run of the inbox did.

    Args:
        files: every file looked at, in load order.
        messages: what else a person should know: folders and formats that are not ours, an empty inbox.
    """

    files: tuple[FileOutcome, ...]
    messages: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there was no file to read at all."""
        return not self.files

    def with_status(self, status: Status) -> tuple[FileOutcome, ...]:
        """The files that ended up in that state."""
        return tuple(file for file in self.files if file.status == status)

    @property
    def loaded(self) -> int:
        """Number of files loaded."""
        return len(self.with_status("loaded"))

    @property
    def skipped(self) -> int:
        """Number of files that were loaded before."""
        return len(self.with_status("skipped"))

    @property
    def rejected(self) -> int:
        """Number of files left in place."""
        return len(self.with_status("rejected"))

    @property
    def rows(self) -> RowCounts:
        """Rows of all entities together."""
        return _sum(self.files)

    @property
    def rows_by_entity(self) -> dict[str, RowCounts]:
        """Rows by table, for the entities something was delivered for."""
        entities = sorted({file.entity for file in self.with_status("loaded")})
        return {entity: _sum(file for file in self.files if file.entity == entity) for entity in entities}

    @property
    def drift(self) -> dict[str, tuple[str, ...]]:
        """Columns the contract lacks, by table."""
        found: dict[str, set[str]] = {}
        for file in self.files:
            if file.drift_columns:
                found.setdefault(file.entity, set()).update(file.drift_columns)
        return {entity: tuple(sorted(columns)) for entity, columns in sorted(found.items())}

    @property
    def all_messages(self) -> tuple[str, ...]:
        """The messages about files, then the others; without the addresses that may stand in names of files."""
        about_files = (f"{shown_file(file.file_name)}: {file.message}" for file in self.files if file.message)
        return (*about_files, *map(shown_file, self.messages))


def read_load_report(connection: DuckDBPyConnection) -> LoadReport:
    """Everything the inbox ever loaded, and the rejections still open, as `ops.loads` remembers it.

    Args:
        connection: an open connection to a warehouse with raw tables.
    """
    rows = connection.execute(
        "select file_name, entity, status, delivered_count, accepted_count, quarantined_count, drift_columns, message, "
        "reading "
        "from ops.loads where source = ? "
        "and (status = 'loaded' or load_seq in (select load_seq from ops.open_rejections)) "
        "order by load_seq",
        [FILES_SOURCE],
    ).fetchall()
    return LoadReport(tuple(FileOutcome(*row[:6], tuple(row[6] or ()), *row[7:]) for row in rows))


def _sum(files: Iterable[FileOutcome]) -> RowCounts:
    counted = [(file.delivered, file.accepted, file.quarantined) for file in files]
    return RowCounts(*(sum(column) for column in zip(*counted, strict=True))) if counted else RowCounts()
