"""What people decide about quarantined rows: release them to be judged again, or discard them with a reason.

A decision is a row of `quarantine.decisions` and nothing else; a later one on the same row replaces it until the row
was judged. Released rows re-enter in `ingestion/files/release.py`, by the rules their file was read by.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestion.contract import ENTITIES, Entity
from ingestion.quarantine.errors import QuarantineError
from ingestion.quarantine.rows import STATES, Selection, count_by_problem, find_rows
from ingestion.raw import FILES_SOURCE, create_raw_tables

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

RELEASE, DISCARD = "release", "discard"
_MAY = {RELEASE: ("open", "discarded"), DISCARD: ("open", "waiting")}

# Why rows cannot be judged again: SQL over `quarantine.rows`, and what to do instead.
_OBSTACLES = (
    (
        f"source <> '{FILES_SOURCE}'",
        "a connector delivered it: once the vendor's record or the connector is mended, read it again with `lifecycle "
        "sources load <source> --since <day>`, then discard this row",
    ),
    (
        "is_line",
        "the line could not be split into values: deliver the corrected row in a new file, then discard this line",
    ),
    (
        "load_seq in (select load_seq from ops.loads where reading is null)",
        "it was loaded by an earlier version, which did not keep how its file has to be read: deliver the corrected "
        "row in a new file, then discard this row",
    ),
)


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision did.

    Args:
        action: release or discard.
        counts: rows by entity.
        left_out: number of selected rows that cannot be released, by what to do instead.
    """

    action: str
    counts: Mapping[str, int]
    left_out: Mapping[str, int]

    @property
    def total(self) -> int:
        """Rows decided about."""
        return sum(self.counts.values())


def decidable(connection: DuckDBPyConnection, selection: Selection, action: str) -> Decided:
    """What `decide` would do, without doing it.

    Args:
        connection: an open connection to the warehouse.
        selection: which rows.
        action: release or discard.

    Raises:
        QuarantineError: when a row named by its id does not exist or cannot be decided about so.
    """
    _require_named_rows(connection, selection, action)
    condition, values = _condition(selection, action)
    left_out: dict[str, int] = {}
    if action == RELEASE:
        for obstacle, advice in _OBSTACLES:
            query = f"select count(*) from quarantine.rows where {condition} and {obstacle}"
            count = connection.execute(query, values).fetchall()[0][0]
            if count and selection.row_ids:
                raise QuarantineError(f"{count} of these rows cannot be released; {advice}.")
            if count:
                left_out[advice] = count
    counts = connection.execute(
        f"select entity, count(*) from quarantine.rows where {condition} and {_possible(action)} group by entity "
        "order by entity",
        values,
    ).fetchall()
    return Decided(action, dict(counts), left_out)


def decide(
    connection: DuckDBPyConnection,
    selection: Selection,
    action: str,
    reason: str,
    corrections: Mapping[str, str | None] | None = None,
) -> Decided:
    """Release or discard rows.

    Args:
        connection: an open, writable connection to the warehouse.
        selection: which rows.
        action: release or discard.
        reason: why; kept with the decision.
        corrections: for a release, column -> value to be read instead of the delivered one, None for no value.

    Returns:
        What was decided.

    Raises:
        QuarantineError: when a row named by its id cannot be decided about so, nothing was found, or a correction names
            a column the rows' entity does not have.
    """
    create_raw_tables(connection)
    decided = decidable(connection, selection, action)
    if not decided.total:
        raise QuarantineError(nothing_found(connection, selection, decided))
    _require_columns(decided, corrections or {})
    condition, values = _condition(selection, action)
    connection.execute(
        "insert into quarantine.decisions "
        "select (select coalesce(max(decision_id), 0) from quarantine.decisions) "
        "+ row_number() over (order by load_seq, is_line, row_number), load_seq, row_number, is_line, ?, ?, ?, "
        f"cast(now() as timestamp), null, uuid()::varchar from quarantine.rows "
        f"where {condition} and {_possible(action)}",
        [action, reason, json.dumps(dict(corrections), ensure_ascii=False) if corrections else None, *values],
    )
    return decided


def nothing_found(connection: DuckDBPyConnection, selection: Selection, decided: Decided) -> str:
    """Why a selection has no row to decide about, in words."""
    if decided.left_out:
        told = "; ".join(f"{count} × {advice}" for advice, count in decided.left_out.items())
        return f"None of these rows can be released: {told}."
    states = ", ".join(
        f"{count} {state}" for _, _, state, _, count in count_by_problem(connection, selection, STATES)[:3]
    )
    wanted = " or ".join(_MAY[decided.action])
    return f"No row of that selection is {wanted}{f' (there are {states})' if states else ''}; nothing was decided."


def _condition(selection: Selection, action: str) -> tuple[str, list[object]]:
    condition, values = selection.condition()
    states = ", ".join(f"'{state}'" for state in _MAY[action])
    return f"{condition} and state in ({states})", values


def _possible(action: str) -> str:
    if action == DISCARD:
        return "true"
    return " and ".join(f"not coalesce({obstacle}, false)" for obstacle, _ in _OBSTACLES)


def _require_named_rows(connection: DuckDBPyConnection, selection: Selection, action: str) -> None:
    if not selection.row_ids:
        return
    found, _ = find_rows(connection, Selection(row_ids=selection.row_ids), STATES, len(selection.row_ids))
    unknown = sorted(set(selection.row_ids) - {row.row_id for row in found})
    if unknown:
        raise QuarantineError(
            f"There is no row {', '.join(unknown)} in quarantine. `lifecycle quarantine list` shows them."
        )
    settled = [f"{row.row_id} is {row.state}" for row in found if row.state not in _MAY[action]]
    if settled:
        raise QuarantineError(f"Nothing was decided: {', '.join(settled)}, so it cannot be {action}d any more.")


def _require_columns(decided: Decided, corrections: Mapping[str, str | None]) -> None:
    if not corrections:
        return
    entities: list[Entity] = [entity for entity in ENTITIES if entity.table in decided.counts]
    if len(entities) > 1:
        named = ", ".join(entity.path for entity in entities)
        raise QuarantineError(f"Values are set for one entity at a time, and these rows are of {named}. Add --entity.")
    names = [column.name for column in entities[0].columns]
    unknown = sorted(set(corrections) - set(names))
    if unknown:
        raise QuarantineError(f"{entities[0].path} has no column {', '.join(unknown)}; it has {', '.join(names)}.")
