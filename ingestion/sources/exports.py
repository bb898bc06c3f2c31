"""Files a vendor leaves in a folder: which are new, and their events as records.

A connector with `files` is read here instead of over HTTP; landing, promotion and bookkeeping are the same. A unit of
files (a day, or a single file) is read once by content. When it comes again with other content it is read as a whole
as its next delivery; staging takes the last delivery of each unit (macro `current_exports`), raw keeps all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from ingestion.shown_names import shown_file
from ingestion.sources.errors import ForbiddenAddressError, ProtocolError, SourceError, UnavailableError
from ingestion.sources.export_formats import FORMATS, reader, record_batches
from ingestion.sources.model import Connector, Field, Kind, Page, RawTable, Resource, Window
from ingestion.sources.reading import require_fields

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

EVENT = "/event"
# Files and remarks that are told by name; of more only the number is.
MOST_NAMED = 5
_POSITION = (
    Field("export_unit", Kind.TEXT, "What is replaced as a whole: a day, or a file.", required=True),
    Field("export_delivery", Kind.INTEGER, "How often the unit had come with new content.", required=True),
    Field("export_row", Kind.INTEGER, "Number of the event within the delivery, from 1.", required=True),
)


def export_table(name: str, description: str, fields: Sequence[Field], known: frozenset[str] = frozenset()) -> RawTable:
    """The raw table of a vendor's files; `fields` and `known` are written for the vendor's own event."""
    own = tuple(replace(field, path=EVENT + field.pointer) for field in fields)
    key = tuple(field.name for field in _POSITION)
    return RawTable(name, description, key, (*_POSITION, *own), frozenset(EVENT + pointer for pointer in known))


@dataclass(frozen=True, slots=True)
class Unit:
    """Files that are replaced together, as they lie in the folder.

    Args:
        name: of the unit.
        files: in the order they are read.
    """

    name: str
    files: tuple[Path, ...]

    @property
    def stamp(self) -> str:
        """Names, sizes and times of the files: the same stamp means that nothing was written."""
        states = ((path, path.stat()) for path in self.files)
        shown = (f"{path.name}:{one.st_ino}:{one.st_size}:{one.st_mtime_ns}:{one.st_ctime_ns}" for path, one in states)
        return hashlib.sha256("|".join(shown).encode()).hexdigest()

    @property
    def content(self) -> str:
        """Hash of what the files hold, whatever they are called."""
        whole = hashlib.sha256()
        for path in self.files:
            with path.open("rb") as source:
                whole.update(hashlib.file_digest(source, "sha256").digest())
        return whole.hexdigest()

    @property
    def written_at(self) -> datetime:
        """When the newest file was written."""
        return datetime.fromtimestamp(max(path.stat().st_mtime for path in self.files), UTC)


class ExportFolder:
    """The folder of one connector; stands where an API has its client.

    Args:
        connector: whose files they are.
        settings: where the folder is.
    """

    request_count = 0
    server_time = None

    def __init__(self, connector: Connector, settings: Settings) -> None:
        self._connector, self.path = connector, Path(connector.base_url(settings) or "")
        self._stopped = Event()
        if not self.path.is_dir():
            variable = connector.credentials[0].variable
            raise SourceError(f"{variable}: {self.path} is no folder. Name the folder {connector.title} exports to.")

    def units(self) -> list[Unit]:
        """What lies in the folder, sorted by name; names that start with a dot or end otherwise are passed over.

        A file that is not to be read before it is complete has to be written so, as `.part`, and renamed at the end.
        One that was read half written comes again as its unit's next delivery, once it has other content.

        Raises:
            ForbiddenAddressError: for a link that leaves the folder.
        """
        names = sorted(self._names())
        if self._connector.files is None:
            return []
        units = self._connector.files.units(names)
        return [Unit(unit, tuple(self.path / name for name in sorted(files))) for unit, files in sorted(units.items())]

    def close(self) -> None:
        """Nothing is held open."""

    def stop(self) -> None:
        """Read no further: what is being read in another thread ends with an error."""
        self._stopped.set()

    def go_on(self) -> None:
        """Called before each file and each batch of events. Raises UnavailableError once the folder was stopped."""
        if self._stopped.is_set():
            raise UnavailableError(f"{self._connector.name}: stopped before all files were read.")

    def _names(self) -> Iterator[str]:
        root = self.path.resolve()
        for path in self.path.rglob("*"):
            parts = path.relative_to(self.path).parts
            if any(part.startswith(".") for part in parts) or not path.name.lower().endswith(FORMATS):
                continue
            if not path.is_file():
                continue
            if not path.resolve().is_relative_to(root):
                raise ForbiddenAddressError(
                    f"{self._connector.name}: {shown_file('/'.join(parts))} is a link that leaves the folder; put the "
                    "file there."
                )
            yield "/".join(parts)


class ExportReading:
    """One read of a folder: the units that are new or have other content than before.

    Args:
        resource: the only resource of the connector.
        folder: its files.
        state: what the last read left: by unit its delivery, content and stamp; and the cursor.
        window: limits a person asked for: units written in it are read again, the state then stays.
    """

    def __init__(self, resource: Resource, folder: ExportFolder, state: Mapping[str, Any], window: Window) -> None:
        self._resource, self._folder, self._window = resource, folder, window
        self._known: dict[str, list[Any]] = dict(state.get("units") or {})
        self._read = dict(self._known)
        self._last: str | None = state.get("cursor")
        self._cursor = self._last
        self.record_count = 0
        self.remarks: list[str] = []
        self._required = {field.pointer: 0 for field in resource.table.fields if field.required}

    @property
    def cursor(self) -> str | None:
        """When the newest file that was read had been written."""
        return self._last if self._window != Window() else self._cursor

    @property
    def state(self) -> dict[str, Any]:
        """What the next read has to know."""
        return {"units": self._known if self._window != Window() else self._read, "cursor": self.cursor}

    def tables(self) -> Iterator[pa.Table]:
        """The records of the units to read.

        Raises:
            ProtocolError: when a file is damaged or was written to meanwhile; nothing is kept then.
            VanishedFieldError: at the end, when a required field was missing in every record.
        """
        with reader() as connection:
            for unit in self._folder.units():
                self._folder.go_on()
                yield from self._unit(connection, unit)
        require_fields(self._resource, self.record_count, self._required)

    def _unit(self, connection: DuckDBPyConnection, unit: Unit) -> Iterator[pa.Table]:
        is_asked, stamp = self._window != Window(), unit.stamp
        delivery, content, known_stamp = self._known.get(unit.name, [0, "", ""])
        if not self._is_asked(unit) if is_asked else stamp == known_stamp:
            return
        found = unit.content
        if is_asked or found != content:
            delivery += int(found != content)
            yield from self._records(connection, unit, delivery)
        if unit.stamp != stamp:
            raise ProtocolError(
                f"{shown_file(unit.name)}: was written to while it was read; the next load reads it again."
            )
        self._read[unit.name] = [delivery, found, stamp]
        self._cursor = max(self._cursor or "", unit.written_at.isoformat(timespec="seconds"))

    def _is_asked(self, unit: Unit) -> bool:
        since, until, at = self._window.since, self._window.until, unit.written_at
        return not ((since and at < since) or (until and at >= until))

    def _records(self, connection: DuckDBPyConnection, unit: Unit, delivery: int) -> Iterator[pa.Table]:
        first, pointers, empty = self.record_count + 1, list(self._required), dict.fromkeys(unit.files)
        for batch in record_batches(connection, unit.name, delivery, unit.files, first, pointers):
            self._folder.go_on()
            self.record_count += batch.table.num_rows
            if batch.table.num_rows:
                empty.pop(batch.path, None)
            for pointer, count in zip(self._required, batch.found, strict=True):
                self._required[pointer] += count
            yield batch.table
        names = _listed([path.relative_to(self._folder.path).as_posix() for path in empty])
        if names and self.record_count >= first:
            self.remarks.append(f"no events in {names}.")
        elif names:
            name = shown_file(unit.name)
            before = f"; what {name} held before stays in force: it was not replaced" if delivery > 1 else ""
            self.remarks.append(f"no events in {names}{before}. See whether the export went wrong.")


def _listed(names: list[str]) -> str:
    """The first names and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(map(shown_file, names[:MOST_NAMED])) + (f" and {more} more" if more > 0 else "")


def read_units(folder: ExportFolder, window: Window) -> Iterator[Page]:
    """A unit's first events, unit by unit: whether the files can be read, not what they hold."""
    import orjson

    with reader() as connection:
        for unit in folder.units():
            for batch in record_batches(connection, unit.name, 1, unit.files, 1, []):
                yield [orjson.loads(text) for text in batch.table.column("record").to_pylist()]
                break
