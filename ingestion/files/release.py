"""Released rows back through the gate: what is kept of them, judged again by the rules of the file they came in.

Rows of one earlier load are one new load, in one transaction: accepted rows go to the raw table; rows that still break
the contract, or that a later delivery has overtaken, go back to quarantine as new rows that say why. Who releases what
is decided in `ingestion/quarantine/`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.contract import ENTITIES, Entity
from ingestion.files import sql
from ingestion.files.delivery import DeliveredColumn, Delivery
from ingestion.files.errors import CountMismatchError
from ingestion.files.headers import match_header
from ingestion.files.insertion import insert_accepted, insert_quarantined
from ingestion.files.jsonl_delivery import pointer, without_members
from ingestion.files.loading import transaction
from ingestion.files.overtaken import return_overtaken
from ingestion.files.report import FileOutcome
from ingestion.files.values import ReadingRules
from ingestion.raw import FILES_SOURCE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_RELEASED = "inbox_released_rows"
_REASONS_SHOWN = 3


def judge_released(connection: DuckDBPyConnection, timezone: str) -> list[FileOutcome]:
    """Judge every released row that waits.

    Args:
        connection: an open, writable connection to a warehouse with raw tables.
        timezone: business time zone, for times without an offset.

    Returns:
        What became of them, one outcome per file they came in.
    """
    waiting = connection.execute(
        "select distinct rows.load_seq, rows.entity, rows.file_name, loads.reading from quarantine.rows as rows "
        "inner join ops.loads as loads on loads.load_seq = rows.load_seq "
        f"where rows.state = 'waiting' and rows.source = '{FILES_SOURCE}' order by rows.load_seq"
    ).fetchall()
    entities = {entity.table: entity for entity in ENTITIES}
    outcomes = []
    for load_seq, table, file_name, reading in waiting:
        rules = ReadingRules.kept(timezone, reading)
        with transaction(connection):
            outcomes.append(_judge(connection, entities[table], file_name, rules, load_seq))
        connection.execute(f"drop table if exists temp.{_RELEASED}")
    return outcomes


def _judge(
    connection: DuckDBPyConnection, entity: Entity, file_name: str, rules: ReadingRules, released_from: int
) -> FileOutcome:
    delivery = _delivery(connection, entity, released_from)
    (load_seq,) = connection.execute("select max(load_seq) + 1 from ops.loads").fetchall()[0]
    accepted = insert_accepted(connection, entity, delivery, rules, load_seq)
    returned = insert_quarantined(connection, entity, file_name, delivery, rules, load_seq)
    overtaken = return_overtaken(connection, entity, file_name, delivery, load_seq, released_from)
    accepted, returned = accepted - overtaken, returned + overtaken
    if accepted + returned != delivery.row_count:
        raise CountMismatchError(
            f"{file_name}: {delivery.row_count} released rows, but {accepted} accepted and {returned} returned to "
            "quarantine. Nothing was kept; this is a fault of the inbox, please report it."
        )
    outcome = FileOutcome(
        f"{file_name} (released rows)",
        entity.table,
        "loaded",
        delivery.row_count,
        accepted,
        returned,
        message=_message(connection, delivery.row_count, returned, load_seq),
        reading=rules.reading,
    )
    _record(connection, outcome, load_seq, released_from)
    return outcome


def _delivery(connection: DuckDBPyConnection, entity: Entity, released_from: int) -> Delivery:
    """The waiting rows of a load with their corrections, as a relation of JSON objects."""
    waiting = f"from quarantine.rows where state = 'waiting' and load_seq = {released_from}"
    names = _keys(connection, "row_json", waiting)
    known = {name: names[at] for name, at in match_header(entity, names, requires_all=False).known.items()}
    line = "row_json"
    for name in _keys(connection, "corrections", waiting):
        spelling = known.setdefault(name, name)
        given = f"json_object({sql.literal(spelling)}, json_extract(corrections, {sql.literal(pointer(name))}))"
        has_one = f"json_exists(corrections, {sql.literal(pointer(name))})"
        line = f"json_merge_patch({line}, case when {has_one} then {given} else '{{}}' end)"
    count = connection.execute(
        f"create or replace temp table {_RELEASED} as "
        f"select row_number as released_number, cast({line} as varchar) as line {waiting}"
    ).fetchall()[0][0]
    pointers = ", ".join(sql.literal(pointer(spelling)) for spelling in known.values())
    return Delivery(
        relation=f"(select *, json_extract_string(line, [{pointers}]) as fields from temp.{_RELEASED})",
        row_number="released_number",
        columns={name: DeliveredColumn(f"fields[{place}]") for place, name in enumerate(known, start=1)},
        row_json="cast(line as json)",
        row_count=count,
        extra_json=without_members(set(known.values())),
    )


def _keys(connection: DuckDBPyConnection, column: str, waiting: str) -> list[str]:
    """Names of the members of a column's JSON objects."""
    rows = connection.execute(f"select distinct unnest(json_keys({column})) as key {waiting}")
    return sorted(name for (name,) in rows.fetchall())


def _record(connection: DuckDBPyConnection, outcome: FileOutcome, load_seq: int, released_from: int) -> None:
    connection.execute(
        "update quarantine.decisions set judged_load_seq = ? where decision_id in "
        "(select decision_id from quarantine.rows where state = 'waiting' and load_seq = ?)",
        [load_seq, released_from],
    )
    connection.execute(
        "insert into ops.loads (load_seq, source, entity, file_name, status, delivered_count, accepted_count, "
        "quarantined_count, drift_columns, message, loaded_at, reading, released_from) "
        "values (?, ?, ?, ?, 'loaded', ?, ?, ?, [], ?, cast(now() as timestamp), ?, ?)",
        [
            load_seq,
            FILES_SOURCE,
            outcome.entity,
            outcome.file_name,
            outcome.delivered,
            outcome.accepted,
            outcome.quarantined,
            outcome.message,
            outcome.reading,
            released_from,
        ],
    )


def _message(connection: DuckDBPyConnection, count: int, returned: int, load_seq: int) -> str:
    if not returned:
        return f"all {count} released row(s) keep the contract now and were accepted."
    reasons = connection.execute(
        "select reason, count(*) as rows from quarantine.rejected_rows where load_seq = ? "
        f"group by reason order by rows desc, reason limit {_REASONS_SHOWN}",
        [load_seq],
    ).fetchall()
    shown = "; ".join(f"{times} × {reason}" for reason, times in reasons)
    return f"{returned} of {count} released row(s) were not accepted and are back in quarantine: {shown}."
