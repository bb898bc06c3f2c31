"""The memory of loads: which file was loaded when, with how many rows; read from and written to `ops.loads`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.files.discovery import InboxFile
from ingestion.raw import FILES_SOURCE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.files.report import FileOutcome


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What identifies the content of a file.

    Args:
        content_hash: SHA-256 of the bytes.
        byte_count: size.
        stamp: inode, size and change time; the same stamp means the content need not be hashed again.
    """

    content_hash: str
    byte_count: int
    stamp: str


def stamp_of(path: Path) -> str:
    """Inode, size and change time of a file: the change time moves with every write and cannot be set back."""
    status = path.stat()
    return f"{status.st_ino}:{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"


def fingerprint_of(path: Path) -> Fingerprint:
    """Hash a file, in pieces."""
    stamp = stamp_of(path)
    with path.open("rb") as source:
        content_hash = hashlib.file_digest(source, "sha256").hexdigest()
    return Fingerprint(content_hash, path.stat().st_size, stamp)


class Register:
    """What `ops.loads` knows of the inbox's files; kept up to date while a run loads more."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._connection = connection
        rows = connection.execute(
            "select entity, content_hash, file_name, file_stamp from ops.loads where source = ? and status = 'loaded'",
            [FILES_SOURCE],
        ).fetchall()
        self._names = {(entity, content_hash): name for entity, content_hash, name, _ in rows}
        self._stamps = {(entity, name, stamp) for entity, _, name, stamp in rows}

    def is_unchanged(self, file: InboxFile) -> bool:
        """Whether exactly this file was loaded before, as far as can be seen without reading it."""
        return (file.entity.table, file.name, stamp_of(file.path)) in self._stamps

    def loaded_as(self, file: InboxFile, fingerprint: Fingerprint) -> str | None:
        """The name under which the same content was loaded before, or None."""
        return self._names.get((file.entity.table, fingerprint.content_hash))

    def next_load_seq(self) -> int:
        """The number of the next load: one above the highest."""
        return self._connection.execute("select coalesce(max(load_seq), 0) + 1 from ops.loads").fetchone()[0]

    def record(self, file: InboxFile, fingerprint: Fingerprint, load_seq: int, outcome: FileOutcome) -> None:
        """Write down what became of a file. A rejection of the same content is replaced, never piled up."""
        key = [FILES_SOURCE, file.entity.table, file.name, fingerprint.content_hash]
        same = "source = ? and entity = ? and file_name = ? and content_hash = ? and status = 'rejected'"
        repeated = self._connection.execute(
            f"select count(*) from ops.loads where {same} and message is not distinct from ?", [*key, outcome.message]
        ).fetchone()[0]
        if outcome.status == "rejected" and repeated:
            return
        self._connection.execute(f"delete from ops.loads where {same}", key)
        self._connection.execute(
            "insert into ops.loads (load_seq, source, entity, file_name, content_hash, byte_count, status, "
            "delivered_count, accepted_count, quarantined_count, drift_columns, message, loaded_at, file_stamp) "
            "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, cast(now() as timestamp), ?)",
            [
                load_seq,
                *key,
                fingerprint.byte_count,
                outcome.status,
                outcome.delivered,
                outcome.accepted,
                outcome.quarantined,
                list(outcome.drift_columns),
                outcome.message,
                fingerprint.stamp,
            ],
        )

    def remember(self, file: InboxFile, fingerprint: Fingerprint) -> None:
        """Know a file as loaded; to be called after its transaction was committed."""
        self._names[(file.entity.table, fingerprint.content_hash)] = file.name
        self._stamps.add((file.entity.table, file.name, fingerprint.stamp))
