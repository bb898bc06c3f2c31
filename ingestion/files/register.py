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
    """What `ops.loads` knows of the inbox's files; read once, kept up to date while a run loads more."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._connection = connection
        self.catch_up()
        self._names: dict[tuple[str, str], str] = {}
        self._stamps: set[tuple[str, str, str]] = set()
        self._rejections: dict[tuple[str, str, str], str] = {}
        for entity, content_hash, name, stamp, status, message in connection.execute(
            "select entity, content_hash, file_name, file_stamp, status, message from ops.loads "
            f"where source = '{FILES_SOURCE}'"
        ).fetchall():
            if status == "loaded":
                self._names[(entity, content_hash)] = name
                self._stamps.add((entity, name, stamp))
            else:
                self._rejections[(entity, name, content_hash)] = message

    def catch_up(self) -> None:
        """Know the loads that were recorded without this object: those of released rows."""
        self._last_seq = self._connection.execute("select coalesce(max(load_seq), 0) from ops.loads").fetchone()[0]

    def is_unchanged(self, file: InboxFile) -> bool:
        """Whether exactly this file was loaded before, as far as can be seen without reading it."""
        return (file.entity.table, file.name, stamp_of(file.path)) in self._stamps

    def loaded_as(self, file: InboxFile, fingerprint: Fingerprint) -> str | None:
        """The name under which the same content was loaded before, or None."""
        return self._names.get((file.entity.table, fingerprint.content_hash))

    def next_load_seq(self) -> int:
        """The number of the next load: one above the highest."""
        return self._last_seq + 1

    def record(self, file: InboxFile, fingerprint: Fingerprint, load_seq: int, outcome: FileOutcome) -> None:
        """Write down what became of a file. A rejection of the same content is replaced, never piled up."""
        key = (file.entity.table, file.name, fingerprint.content_hash)
        if outcome.status == "rejected" and self._rejections.get(key) == outcome.message:
            return
        if key in self._rejections:
            self._connection.execute(
                "delete from ops.loads where source = ? and entity = ? and file_name = ? and content_hash = ? "
                "and status = 'rejected'",
                [FILES_SOURCE, *key],
            )
        self._connection.execute(
            "insert into ops.loads (load_seq, source, entity, file_name, content_hash, byte_count, status, "
            "delivered_count, accepted_count, quarantined_count, drift_columns, message, loaded_at, file_stamp, "
            "reading) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, cast(now() as timestamp), ?, ?)",
            [
                load_seq,
                FILES_SOURCE,
                *key,
                fingerprint.byte_count,
                outcome.status,
                outcome.delivered,
                outcome.accepted,
                outcome.quarantined,
                list(outcome.drift_columns),
                outcome.message,
                fingerprint.stamp,
                outcome.reading,
            ],
        )

    def remember(self, file: InboxFile, fingerprint: Fingerprint, load_seq: int, outcome: FileOutcome) -> None:
        """Know what became of a file; to be called after the transaction that recorded it was committed."""
        key = (file.entity.table, file.name, fingerprint.content_hash)
        if outcome.status == "rejected":
            if self._rejections.get(key) != outcome.message:
                self._last_seq = load_seq
            self._rejections[key] = str(outcome.message)
            return
        self._last_seq = load_seq
        self._rejections.pop(key, None)
        self._names[(file.entity.table, fingerprint.content_hash)] = file.name
        self._stamps.add((file.entity.table, file.name, fingerprint.stamp))
