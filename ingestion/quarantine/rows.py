"""Finding quarantined rows: by id, source, entity, file, problem and state.

Only reading. What is decided about the rows found is in `decisions.py`, how their values are shown in `masking.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ingestion.quarantine.errors import NothingLoadedError, QuarantineError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STATES = ("open", "waiting", "released", "discarded")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows; what is left empty does not narrow.

    Args:
        row_ids: ids as `list` shows them.
        source: `files` or a connector.
        entity: `crm/contacts`, or the table `crm_contacts`.
        file: name of a file as `list` shows it; `*` stands for anything.
        problem: a part of the reason the row is in quarantine for.
    """

    row_ids: tuple[str, ...] = ()
    source: str | None = None
    entity: str | None = None
    file: str | None = None
    problem: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing narrows it."""
        return not (self.row_ids or self.source or self.entity or self.file or self.problem)

    def condition(self) -> tuple[str, list[object]]:
        """SQL over `quarantine.rows`, with its parameters."""
        parts: list[tuple[str, object]] = []
        if self.row_ids:
            parts.append(("row_id in (select unnest(?::varchar[]))", list(self.row_ids)))
        if self.source:
            parts.append(("source = ?", self.source))
        if self.entity:
            parts.append(("entity = replace(?, '/', '_')", self.entity))
        if self.file:
            parts.append(("file_name glob ?", self.file))
        if self.problem:
            parts.append(("contains(lower(reason), lower(?))", self.problem))
        return " and ".join(part for part, _ in parts) or "true", [value for _, value in parts]


@dataclass(frozen=True, slots=True)
class QuarantinedRow:
    """One row in quarantine, without its values.

    Args:
        row_id: `<load>:<row>`, or `<load>:line-<line>` for a line that could not be split into values.
        state: open, waiting (released, to be judged by the next run), released or discarded.
        source: `files` or a connector.
        entity: table its entity is loaded into.
        file_name: where it came from, None for a connector.
        column_name: first column that breaks the contract.
        problem: why it is in quarantine, in words without values.
        quarantined_at: when it was delivered, UTC.
        decision_reason: why it was released or discarded.
        decided_at: when, UTC.
        judged_load_seq: load in which a released row was judged again.
    """

    row_id: str
    state: str
    source: str
    entity: str
    file_name: str | None
    column_name: str | None
    problem: str
    quarantined_at: datetime
    decision_reason: str | None
    decided_at: datetime | None
    judged_load_seq: int | None


_COLUMNS = (
    "row_id, state, source, entity, file_name, column_name, reason, quarantined_at, decision_reason, decided_at, "
    "judged_load_seq"
)


def find_rows(
    connection: DuckDBPyConnection, selection: Selection, states: tuple[str, ...], limit: int
) -> tuple[list[QuarantinedRow], int]:
    """The newest rows of a selection, and how many there are in all.

    Args:
        connection: an open connection to the warehouse.
        selection: which rows.
        states: in which states.
        limit: how many to return.
    """
    require_books(connection)
    condition, values = selection.condition()
    where = f"from quarantine.rows where {condition} and state in (select unnest(?::varchar[]))"
    parameters = [*values, list(states)]
    total = connection.execute(f"select count(*) {where}", parameters).fetchall()[0][0]
    found = connection.execute(
        f"select {_COLUMNS} {where} order by load_seq desc, is_line, row_number limit {limit}", parameters
    ).fetchall()
    return [QuarantinedRow(*row) for row in found], total


def count_by_problem(
    connection: DuckDBPyConnection, selection: Selection, states: tuple[str, ...]
) -> list[tuple[str, str, str, str, int]]:
    """Source, entity, state, problem and number of the rows of a selection, the most frequent first."""
    require_books(connection)
    condition, values = selection.condition()
    return connection.execute(
        f"select source, entity, state, reason, count(*) as row_count from quarantine.rows where {condition} "
        "and state in (select unnest(?::varchar[])) group by all "
        "order by row_count desc, source, entity, state, reason",
        [*values, list(states)],
    ).fetchall()


def content_of(connection: DuckDBPyConnection, row_id: str) -> tuple[QuarantinedRow, str]:
    """One row, with its values as JSON.

    Raises:
        QuarantineError: when there is no such row.
    """
    rows, _ = find_rows(connection, Selection(row_ids=(row_id,)), STATES, 1)
    if not rows:
        raise QuarantineError(f"There is no row {row_id} in quarantine. `lifecycle quarantine list` shows the ids.")
    content = connection.execute("select row_json::varchar from quarantine.rows where row_id = ?", [row_id]).fetchall()
    return rows[0], content[0][0]


def require_books(connection: DuckDBPyConnection) -> None:
    """Raise NothingLoadedError when nothing was ever loaded by a version that keeps the books."""
    found = connection.execute(
        "select count(*) from duckdb_views() where schema_name = 'quarantine' and view_name = 'rows'"
    ).fetchone()
    if found == (0,):
        raise NothingLoadedError("Nothing was loaded yet, so nothing is in quarantine. Load with `lifecycle run`.")
