"""Why an identifier belongs to the customer it belongs to: read from the identity tables, told in plain words.

Only reading and wording happen here; the command line prints what this module returns. How two identifiers hang
together is told by `connection.py`. Addresses, numbers and handles are masked unless the caller asks to see them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ingestion.warehouse import connect
from orchestration.identity.lookup import day, find_customer, require_identity, row_shown, shown

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
            lines.append(f"  {one.type:<14} {one.shown:<40} first seen {day(one.first_seen_at)} in {one.source}{note}")
        lines += [
            "",
            "Joined by" if self.edges else "Joined by nothing: it is the only identifier, or all links are cut",
        ]
        for edge in self.edges:
            row = f" in {edge.record_key}" if edge.record_key else ""
            lines.append(f"  {edge.rule:<22} {edge.left} – {edge.right}, {day(edge.first_seen_at)}{row}")
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
        require_identity(connection)
        customer_id, asked_id = find_customer(connection, identifier.strip(), settings.default_country)
        return Explanation(
            customer_id=customer_id,
            asked_id=asked_id,
            identifiers=_identifiers(connection, customer_id, reveal),
            edges=_edges(connection, customer_id, reveal),
            doubts=_doubts(connection, customer_id, reveal),
            stages=_stages(connection, customer_id),
        )


def _identifiers(connection: DuckDBPyConnection, customer_id: str, reveal: bool) -> tuple[Identifier, ...]:
    rows = connection.execute(
        "select identifier_type, identifier_key, source, first_seen_at, is_bridging"
        " from identity.customer_identifiers_map where customer_id = ?"
        " order by trust, load_seq, first_seen_at, identifier_key",
        [customer_id],
    ).fetchall()
    return tuple(
        Identifier(kind, shown(key, reveal).partition(":")[2], source, seen, bridging)
        for kind, key, source, seen, bridging in rows
    )


def _edges(connection: DuckDBPyConnection, customer_id: str, reveal: bool) -> tuple[Edge, ...]:
    """Edges whose link is kept; an edge between two of the customer's identifiers may still be a cut one."""
    rows = connection.execute(
        "with own as (select identifier_key from identity.customer_identifiers_map where customer_id = ?),"
        " kept as (select left_key, right_key from identity.link_decisions where is_kept and left_key in (from own))"
        " select edges.rule, edges.left_key, edges.right_key, edges.record_key, edges.first_seen_at"
        " from identity.edges semi join"
        " (from kept union all select right_key, left_key from kept) as joined using (left_key, right_key)"
        " order by edges.load_seq, edges.first_seen_at, edges.rule, edges.left_key, edges.right_key",
        [customer_id],
    ).fetchall()
    return tuple(
        Edge(rule, shown(left, reveal), shown(right, reveal), row_shown(record_key, reveal), seen)
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
        Doubt(reason.replace("_", " "), shown(key, reveal), shown(other, reveal) if other else None)
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
