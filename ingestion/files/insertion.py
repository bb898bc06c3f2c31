"""Delivered rows into their tables: good ones typed into `raw_files`, bad ones with reasons into `quarantine`.

The SQL is built in layers, so that every step of reading a value is computed once: `r_` as delivered, `t_` cleaned,
`m_` intermediate, `v_` typed, `l_` lost something. How a value is read is decided in `values.py`; transactions belong
to `loading.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingestion.contract import Entity
from ingestion.files import sql
from ingestion.files.delivery import BROKEN_LINES, Delivery
from ingestion.files.values import ColumnSql, ReadingRules, column_sql
from ingestion.raw import FILES_SCHEMA, FILES_SOURCE

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def insert_accepted(
    connection: DuckDBPyConnection, entity: Entity, delivery: Delivery, rules: ReadingRules, load_seq: int
) -> int:
    """Append the rows without a problem to the entity's raw table.

    Returns:
        How many there were.
    """
    columns = _read_columns(entity, delivery, rules)
    names = ", ".join(sql.name(column.column.name) for column in columns)
    values = ", ".join(f"v_{column.column.name}" for column in columns)
    query = (
        f"insert into {FILES_SCHEMA}.{sql.name(entity.table)} ({names}, _load_seq, _row_number, _extra, _original) "
        f"select {values}, {load_seq}, _row_number, _extra, {_original_json(columns)} "
        f"from {_layers(columns, delivery)} where not ({_any_problem(columns)})"
    )
    return connection.execute(query).fetchone()[0]


def insert_quarantined(
    connection: DuckDBPyConnection,
    entity: Entity,
    file_name: str,
    delivery: Delivery,
    rules: ReadingRules,
    load_seq: int,
) -> int:
    """Append the rows with a problem, and the lines that are no rows, to `quarantine.rejected_rows`.

    Returns:
        How many there were.
    """
    columns = _read_columns(entity, delivery, rules)
    judged = [column for column in columns if column.bad]
    first = " ".join(f"when {column.bad} then {sql.literal(column.column.name)}" for column in judged)
    reasons = ", ".join(f"case when {column.bad} then {column.reason} end" for column in judged)
    head = (
        "insert into quarantine.rejected_rows "
        "(load_seq, source, entity, file_name, row_number, column_name, reason, row_json, quarantined_at) "
        f"select {load_seq}, '{FILES_SOURCE}', '{entity.table}', {sql.literal(file_name)}, "
    )
    clock = "cast(now() as timestamp)"
    count = 0
    if delivery.broken_count:
        lines = f"row_number, null, reason, json_object('line', line), {clock} from {BROKEN_LINES}"
        count += connection.execute(head + lines).fetchone()[0]
    rows = (
        f"_row_number, case {first} end, concat_ws('; ', {reasons}), _row_json, {clock} "
        f"from {_layers(columns, delivery)} where {_any_problem(columns)}"
    )
    return count + connection.execute(head + rows).fetchone()[0]


def _read_columns(entity: Entity, delivery: Delivery, rules: ReadingRules) -> list[ColumnSql]:
    return [
        column_sql(column, delivery.columns[column.name].sql, delivery.columns[column.name].type, rules)
        for column in entity.columns
        if column.name in delivery.columns
    ]


def _layers(columns: Sequence[ColumnSql], delivery: Delivery) -> str:
    raw = "".join(f", {column.raw} as r_{column.column.name}" for column in columns)
    cleaned = "".join(f", {column.clean} as t_{column.column.name}" for column in columns)
    marked = "".join(f", {column.mark} as m_{column.column.name}" for column in columns if column.mark)
    valued = "".join(f", {column.value} as v_{column.column.name}" for column in columns)
    flagged = "".join(f", {column.flag} as l_{column.column.name}" for column in columns if column.flag)
    return (
        f"(select *{valued}{flagged} from (select *{marked} from (select *{cleaned} from ("
        f"select {delivery.row_number} as _row_number, {delivery.extra_json or 'null'} as _extra,"
        f" {delivery.row_json} as _row_json{raw} from {delivery.relation}))))"
    )


def _any_problem(columns: Sequence[ColumnSql]) -> str:
    return " or ".join(column.bad for column in columns if column.bad) or "false"


def _original_json(columns: Sequence[ColumnSql]) -> str:
    """SQL of the texts whose reading lost something, as JSON; null in rows where none did.

    Only accepted times and numbers are ever flagged, so their texts hold nothing that JSON would have to escape.
    """
    flagged = [column.column.name for column in columns if column.flag]
    if not flagged:
        return "null"
    pairs = ", ".join(f"""case when l_{name} then '"{name}":"' || t_{name} || '"' end""" for name in flagged)
    any_lost = " or ".join(f"l_{name}" for name in flagged)
    return f"case when {any_lost} then '{{' || concat_ws(',', {pairs}) || '}}' end"
