"""The words a connector is declared in: kinds of values, fields, raw tables, cursors, resources, connectors.

Only the words live here. How a resource is read is in the vendor's `source.py`, what is done with its records in
`reading.py` and `promotion.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from ingestion.contract.model import Pii
from ingestion.sources.credentials import Credential

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.sources.client import Client

Record = Mapping[str, Any]
Page = Sequence[Record]


class Kind(StrEnum):
    """What a vendor delivers in a field: the type in its JSON and, for texts, the form of the text."""

    TEXT = "text"
    TIME_TEXT = "time text"
    DATE_TEXT = "date text"
    DECIMAL_TEXT = "decimal text"
    INTEGER_TEXT = "whole number as text"
    BOOLEAN_TEXT = "true or false as text"
    INTEGER_OR_TEXT = "whole number, also as text"
    DECIMAL_OR_TEXT = "number, also as text"
    INTEGER = "whole number"
    NUMBER = "number"
    BOOLEAN = "true or false"
    JSON = "list or object"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a vendor's records and the raw column it becomes.

    Args:
        name: raw column, snake_case.
        kind: what the vendor delivers; anything else is quarantined.
        description: what the value says, in one sentence.
        path: where it stands in the record, as JSON pointer; by default the top-level member `name`.
        required: a record without it is quarantined; when all records of a read lack it, the read fails.
        pii: privacy class.
    """

    name: str
    kind: Kind
    description: str
    path: str = ""
    required: bool = False
    pii: Pii = Pii.NONE

    @property
    def pointer(self) -> str:
        """JSON pointer of the field."""
        return self.path or f"/{self.name}"


@dataclass(frozen=True, slots=True)
class RawTable:
    """One table of `raw_<vendor>`.

    Args:
        name: table name, the vendor's own word for the resource.
        description: starts with "One row per".
        key: columns that identify a record at the vendor.
        fields: all columns in order.
        known: members of a record (JSON pointers) that are known and not needed as columns: kept, not reported as new.
    """

    name: str
    description: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    known: frozenset[str] = frozenset()

    @property
    def containers(self) -> tuple[str, ...]:
        """Pointers of the objects fields are taken from; empty text for the record itself."""
        return tuple(sorted({field.pointer.rsplit("/", 1)[0] for field in self.fields} | {""}))

    @property
    def watched(self) -> tuple[str, ...]:
        """The containers in which a new member is worth a word: those that are not known as a whole."""
        return tuple(container for container in self.containers if container not in self.known)

    def field(self, name: str) -> Field:
        """The field of that name. Raises KeyError with the choices when there is none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.name} has no field {name!r}; it has {[field.name for field in self.fields]}")


class Instant(StrEnum):
    """How a vendor writes the instant its cursor follows."""

    ISO = "iso"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The instant by which a resource is read on.

    Args:
        path: JSON pointer of the instant in a record; empty when changes are asked for by the vendor's own clock.
        instant: how it is written.
        overlap: how far a read goes back behind the last cursor, for records that became visible late.
    """

    path: str
    instant: Instant = Instant.ISO
    overlap: timedelta = timedelta(minutes=10)

    def of(self, record: Record) -> datetime | None:
        """The record's instant; None when it has none or one that cannot be read (quarantine tells)."""
        value = value_at(record, self.path) if self.path else None
        try:
            if self.instant is Instant.ISO:
                found = datetime.fromisoformat(value) if isinstance(value, str) and value else None
                return found.replace(tzinfo=found.tzinfo or UTC) if found else None
            unit = 1 if self.instant is Instant.SECONDS else 1000
            return datetime.fromtimestamp(value / unit, UTC) if isinstance(value, int | float) else None
        except (ValueError, OverflowError, OSError):
            return None


@dataclass(frozen=True, slots=True)
class Window:
    """What part of a resource to read: changed at or after `since`, before `until`; None is no limit."""

    since: datetime | None = None
    until: datetime | None = None


Read = Callable[["Client", Window], Iterator[Page]]


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource of a vendor: its raw table and how it is read. Write disposition: versions are appended.

    Args:
        table: where its records go.
        read: yields pages of records of a window.
        cursor: how a read goes on where the last one ended; None when every read is a full one.
        is_by_day: whether its records are events, so that days of it can be read again by themselves.
    """

    table: RawTable
    read: Read
    cursor: Cursor | None = None
    is_by_day: bool = False


Units = Callable[[Sequence[str]], Mapping[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class ExportFiles:
    """The files a vendor leaves in a folder instead of answering requests; read by `exports.py`.

    Args:
        setting: setting that names the folder.
        units: of the names of all files of the folder those that are read, by the unit they belong to. A unit, for
            example a day, is replaced as a whole when one of its files comes again with other content.
    """

    setting: str
    units: Units


@dataclass(frozen=True, slots=True)
class Connector:
    """A vendor's API, or the files it leaves in a folder.

    Args:
        name: snake_case name of the vendor; the raw schema is `raw_<name>`.
        title: the vendor's name as people write it.
        domain: what the vendor's records are mostly about: crm, web, social or email.
        api_version: version of the API the connector is written for.
        hosts: hosts it may talk to; `*.example.com` allows subdomains.
        requests_per_second: the vendor's limit, kept by waiting.
        credentials: settings without which the source is not configured.
        headers: the headers that carry the credentials.
        resources: everything it reads.
        form: members that every form the connector posts carries, for vendors that want credentials there.
        members: what requests need beside the credentials, by name: numbers of accounts, pages, sites.
        grant_path: where the form is posted for an access token before the first request (OAuth 2.0); empty when the
            headers carry the credentials.
        grant_base: setting with the address of the service that grants tokens, when it is not the API's own.
        own_host: setting that names a host of one's own the vendor's software runs on; empty when there is none.
        wait_header: header that says with status 429 how many seconds to wait, of vendors without `Retry-After`.
        status_meant: the status an error answer means (its status and its body), of vendors that say it in the body.
        pause_told: seconds to wait before the next request by any answer's headers; 0 when they tell none.
        files: the folder the vendor leaves files in; None for an API. Then there are no hosts and no headers.
    """

    name: str
    title: str
    domain: str
    api_version: str
    hosts: tuple[str, ...]
    requests_per_second: float
    credentials: tuple[Credential, ...]
    headers: Callable[[Settings], dict[str, str]]
    resources: tuple[Resource, ...]
    form: Callable[[Settings], dict[str, str]] = lambda _settings: {}
    members: Callable[[Settings], dict[str, str]] = lambda _settings: {}
    grant_path: str = ""
    grant_base: str = ""
    own_host: str = ""
    wait_header: str = ""
    status_meant: Callable[[int, bytes], int] = lambda status, _content: status
    pause_told: Callable[[Mapping[str, str]], float] = lambda _headers: 0.0
    files: ExportFiles | None = None

    @property
    def schema(self) -> str:
        """Schema of the raw tables."""
        return f"raw_{self.name}"

    @property
    def landing(self) -> str:
        """Schema records land in before they are told apart."""
        return f"landing_{self.name}"

    def base_url(self, settings: Settings) -> str | None:
        """Where the API or the folder is, without a slash at the end; None when it is not set."""
        value = getattr(settings, self.files.setting if self.files else f"{self.name}_base_url")
        return str(value).rstrip("/") if value else None

    def grant_url(self, settings: Settings) -> str | None:
        """Where access tokens are granted; None when the headers carry all there is."""
        base = str(getattr(settings, self.grant_base)).rstrip("/") if self.grant_base else self.base_url(settings)
        return f"{base}{self.grant_path}" if base and self.grant_path and self.form(settings) else None

    def allowed_hosts(self, settings: Settings) -> tuple[str, ...]:
        """Hosts it may talk to, one's own included."""
        own = getattr(settings, self.own_host) if self.own_host else None
        return (*self.hosts, own) if own else self.hosts

    def missing(self, settings: Settings) -> tuple[Credential, ...]:
        """The credentials that are not set."""
        return tuple(needed for needed in self.credentials if needed.is_missing(settings))

    def used(self, settings: Settings) -> tuple[str, ...]:
        """The variables its credentials come from."""
        return tuple(dict.fromkeys(one.variable_in(settings) for one in self.credentials))

    def is_configured(self, settings: Settings) -> bool:
        """Whether everything is set that a read needs."""
        return not self.missing(settings)

    def resource(self, table: str) -> Resource:
        """The resource of that table. Raises KeyError with the choices when there is none."""
        for resource in self.resources:
            if resource.table.name == table:
                return resource
        raise KeyError(f"{self.name} has no {table!r}; it has {[one.table.name for one in self.resources]}")


def members(names: str) -> frozenset[str]:
    """Pointers of the top-level members named in a text, separated by blanks."""
    return frozenset(f"/{name}" for name in names.split())


def value_at(record: Record, pointer: str) -> Any:  # noqa: ANN401 - a JSON value is anything
    """The value at a JSON pointer, None when a member on the way is missing."""
    value: Any = record
    for member in _members_on_the_way(pointer):
        # Asked for every record: what a JSON parser makes of an object is a dict, of which this is known at once.
        if (type(value) is not dict and not isinstance(value, Mapping)) or member not in value:
            return None
        value = value[member]
    return value


@cache
def _members_on_the_way(pointer: str) -> tuple[str, ...]:
    return tuple(pointer.split("/")[1:])
