"""Why an identifier belongs to the customer it belongs to: read from the identity tables, told in plain words.

Only reading and wording happen here. Who belongs together is decided in `dbt_project/models/identity`; the command line
prints what this module returns. Addresses, numbers and handles are masked unless the caller asks to see them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from ingestion.identifiers import normalise_email, normalise_phone
from ingestion.warehouse import connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

STAGE_COLUMNS = (
    "six_phase_stage",
    "relationship_phase",
    "relationship_subphase",
    "three_r_phase",
    "customer_segment",
    "experience_stage",
)


class UnknownIdentifierError(LifecycleError):
    """No customer has the identifier, or several different ones do; the message says how to ask."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier of the customer; `shown` is masked unless revealed."""

    type: str
    shown: str
    source: str
    first_seen_at: datetime | None
    is_bridging: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """Why two identifiers are together: rule, first row that shows it, when."""

    rule: str
    left: str
    right: str
    record_key: str | None
    first_seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """What pointed to or from this customer and was not believed."""

    reason: str
    identifier: str
    other: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything about one customer's identity.

    Args:
        customer_id: present id.
        asked_id: the retired id that was asked for, None when it is the present one or an identifier.
        identifiers: most trusted first.
        edges: oldest first.
        doubts: limits broken and links cut.
        stages: present stage by profile column; empty before the marts are built.
    """

    customer_id: str
    asked_id: str | None
    identifiers: tuple[Identifier, ...]
    edges: tuple[Edge, ...]
    doubts: tuple[Doubt, ...]
    stages: dict[str, str]

    def as_text(self) -> str:
        """The explanation as lines for a terminal."""
        head = f"Customer {self.customer_id}"
        lines = [head + (f" (was {self.asked_id})" if self.asked_id else ""), "", "Identifiers"]
        for one in self.identifiers:
            note = "" if one.is_bridging else "  joins nobody (shared or role mailbox)"
            lines.append(f"  {one.type:<14} {one.shown:<40} first seen {_day(one.first_seen_at)} in {one.source}{note}")
        lines += [
            "",
            "Joined by" if self.edges else "Joined by nothing: it is the only identifier, or all links are cut",
        ]
        for edge in self.edges:
            row = f" in {edge.record_key}" if edge.record_key else ""
            lines.append(f"  {edge.rule:<22} {edge.left} – {edge.right}, {_day(edge.first_seen_at)}{row}")
        if self.doubts:
            lines += ["", "Not believed"]
            lines += [f"  {d.identifier}{f' – {d.other}' if d.other else ''}: {d.reason}" for d in self.doubts]
        if self.stages:
            lines += ["", "Lifecycle"]
            lines += [f"  {column.replace('_', ' '):<22} {stage}" for column, stage in self.stages.items()]
        return "\n".join(lines)


def explain(settings: Settings, identifier: str, *, reveal: bool = False) -> Explanation:
    """Say who an identifier belongs to and why.

    Args:
        settings: where the warehouse is and the country of phone numbers without one.
        identifier: an e-mail address, phone number, login, card, cookie, handle (`platform/name`), contact
            (`<source>:<contact_id>` or the bare id), customer_id, or `<type>:<value>`.
        reveal: show addresses, numbers and handles in full.

    Raises:
        UnknownIdentifierError: when no customer, or more than one, has it.
        WarehouseMissingError: when nothing was built yet.
    """
    with connect(settings, read_only=True) as connection:
        _require_identity(connection)
        customer_id, asked_id = _customer(connection, identifier.strip(), settings.default_country)
        return Explanation(
            customer_id=customer_id,
            asked_id=asked_id,
            identifiers=_identifiers(connection, customer_id, reveal),
            edges=_edges(connection, customer_id, reveal),
            doubts=_doubts(connection, customer_id, reveal),
            stages=_stages(connection, customer_id),
        )


def masked(identifier_key: str) -> str:
    """`<type>:<value>` with the personal part of addresses, numbers and handles hidden."""
    kind, _, value = identifier_key.partition(":")
    if kind == "email":
        local_part, _, domain = value.partition("@")
        return f"email:{local_part[:1]}***@{domain}"
    if kind == "phone":
        return f"phone:{value[:3]}***{value[-2:]}"
    if kind == "social_handle":
        platform, _, name = value.partition("/")
        return f"social_handle:{platform}/{name[:1]}***"
    return identifier_key


def _require_identity(connection: DuckDBPyConnection) -> None:
    found = connection.execute(
        "select count(*) from duckdb_tables() where schema_name = 'identity' and table_name = 'violations'"
    ).fetchone()
    if found == (0,):
        raise UnknownIdentifierError("No customers were resolved yet. Run `lifecycle run` (or `lifecycle demo`) first.")


def _customer(connection: DuckDBPyConnection, asked: str, default_country: str) -> tuple[str, str | None]:
    """The present customer_id and, when a retired id was asked for, that one."""
    if connection.execute("select 1 from identity.customers where customer_id = ?", [asked]).fetchone():
        return asked, None
    retired = connection.execute(
        "select customer_id from identity.retired_customer_ids where retired_customer_id = ?", [asked]
    ).fetchone()
    if retired and retired[0]:
        return retired[0], asked
    keys = _candidates(asked, default_country)
    rows = connection.execute(
        "select distinct customer_id, identifier_type from identity.customer_identifiers_map"
        " where identifier_key in (select unnest(?::varchar[]))"
        " or (identifier_type = 'contact_id' and substring(identifier_value, strpos(identifier_value, ':') + 1) = ?)"
        " or (identifier_type = 'social_handle' and split_part(identifier_value, '/', 2) = lower(ltrim(?, '@')))",
        [keys, asked, asked],
    ).fetchall()
    customers = {customer_id for customer_id, _ in rows}
    if len(customers) == 1:
        return customers.pop(), None
    if customers:
        kinds = ", ".join(sorted({kind for _, kind in rows}))
        raise UnknownIdentifierError(
            f"That names {len(customers)} different customers (as {kinds}). Write it as <type>:<value>, for example"
            " user_id:17 or contact_id:files:17."
        )
    raise UnknownIdentifierError(
        "No customer has that identifier. Try an e-mail address, a phone number, a contact, login, card, cookie or"
        " customer_id as it stands in the data, or <type>:<value>. Blocked values such as `unknown` identify nobody."
    )


def _candidates(asked: str, default_country: str) -> list[str]:
    """All keys the text can mean."""
    keys = [asked, f"contact_id:{asked}", f"user_id:{asked}", f"loyalty_id:{asked.upper()}", f"anonymous_id:{asked}"]
    keys.append(f"social_handle:{asked.lower().replace('/@', '/')}")
    if mailbox := normalise_email(asked.removeprefix("email:")):
        keys.append(f"email:{mailbox}")
    if number := normalise_phone(asked.removeprefix("phone:"), "", default_country):
        keys.append(f"phone:{number}")
    return keys


def _shown(identifier_key: str, reveal: bool) -> str:
    return identifier_key if reveal else masked(identifier_key)


def _identifiers(connection: DuckDBPyConnection, customer_id: str, reveal: bool) -> tuple[Identifier, ...]:
    rows = connection.execute(
        "select map.identifier_type, map.identifier_key, map.source, map.first_seen_at, map.is_bridging"
        " from identity.customer_identifiers_map as map inner join identity.identifiers using (identifier_key)"
        " where map.customer_id = ? order by identifiers.trust, identifiers.identifier_number",
        [customer_id],
    ).fetchall()
    return tuple(
        Identifier(kind, _shown(key, reveal).partition(":")[2], source, seen, bridging)
        for kind, key, source, seen, bridging in rows
    )


def _edges(connection: DuckDBPyConnection, customer_id: str, reveal: bool) -> tuple[Edge, ...]:
    """Edges whose link is kept; an edge between two of the customer's identifiers may still be a cut one."""
    rows = connection.execute(
        "with own as (select identifier_key, identifier_number from identity.customer_identifiers_map"
        "  inner join identity.identifiers using (identifier_key) where customer_id = ?)"
        " select edges.rule, edges.left_key, edges.right_key, edges.record_key, edges.first_seen_at"
        " from identity.edges inner join own as l on l.identifier_key = left_key"
        " inner join own as r on r.identifier_key = right_key"
        " inner join identity.kept_links as kept"
        "  on kept.left_number = least(l.identifier_number, r.identifier_number)"
        "  and kept.right_number = greatest(l.identifier_number, r.identifier_number)"
        " order by edges.load_seq, edges.first_seen_at, edges.rule, edges.left_key, edges.right_key",
        [customer_id],
    ).fetchall()
    return tuple(
        Edge(rule, _shown(left, reveal), _shown(right, reveal), record_key, seen)
        for rule, left, right, record_key, seen in rows
    )


def _doubts(connection: DuckDBPyConnection, customer_id: str, reveal: bool) -> tuple[Doubt, ...]:
    rows = connection.execute(
        "with own as (select identifier_key from identity.customer_identifiers_map where customer_id = ?)"
        " select reason, identifier_key, linked_key from identity.violations"
        " where identifier_key in (from own) or linked_key in (from own) order by all",
        [customer_id],
    ).fetchall()
    return tuple(
        Doubt(reason.replace("_", " "), _shown(key, reveal), _shown(other, reveal) if other else None)
        for reason, key, other in rows
    )


def _stages(connection: DuckDBPyConnection, customer_id: str) -> dict[str, str]:
    present = connection.execute(
        "select column_name from duckdb_columns() where schema_name = 'marts' and table_name = 'customer_profile'"
    ).fetchall()
    columns = [column for column in STAGE_COLUMNS if (column,) in present]
    if not columns:
        return {}
    row = connection.execute(
        f"select {', '.join(columns)} from marts.customer_profile where customer_id = ?", [customer_id]
    ).fetchone()
    return {column: stage for column, stage in zip(columns, row or (), strict=False) if stage is not None}


def _day(moment: datetime | None) -> str:
    return moment.date().isoformat() if moment else "at an unknown time"
