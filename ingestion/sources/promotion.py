"""Landed records into their raw table: new versions accepted, misfits quarantined, what is known already left out.

One transaction per resource also writes its line of `ops.loads` and empties the landing table, so that an interrupted
run can be repeated at any instant. Every landed record is counted: accepted, quarantined or unchanged. All in SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingestion.shown_names import shown_pointer
from ingestion.sources.errors import SourceError
from ingestion.sources.fields import extra_sql, field_sql, new_members_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.sources.model import Connector, RawTable

_REASONS_SHOWN = 3
_REMARKS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Promotion:
    """What became of the landed records of one resource; delivered = accepted + quarantined + unchanged."""

    load_seq: int
    delivered: int = 0
    accepted: int = 0
    quarantined: int = 0
    unchanged: int = 0
    new_members: tuple[str, ...] = ()
    message: str | None = None


def promote(
    connection: DuckDBPyConnection,
    connector: Connector,
    table: RawTable,
    cursor: str | None,
    *,
    remarks: Sequence[str] = (),
    is_landed: bool = True,
) -> Promotion:
    """Move the landed records of one resource, all or nothing.

    Args:
        connection: an open, writable connection to the warehouse with raw and landing tables.
        connector: the vendor.
        table: the raw table.
        cursor: where the next read goes on, to be remembered with the load.
        remarks: what a person should know of the read, remembered with the load.
        is_landed: whether there is a landing table; there is none before the first record.

    Raises:
        SourceError: when a record got lost or doubled; nothing was kept.
    """
    connection.execute("begin")
    try:
        load_seq = connection.execute("select coalesce(max(load_seq), 0) + 1 from ops.loads").fetchone()[0]
        done = _promote(connection, connector, table, load_seq) if is_landed else Promotion(load_seq)
        done = replace(done, message=" ".join([done.message or "", *_few(remarks)]).strip() or None)
        _record(connection, connector, table, done, cursor)
        if is_landed:
            connection.execute(f'delete from {connector.landing}."{table.name}"')
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    finally:
        connection.execute("drop table if exists temp.judged_records")
        connection.execute("drop table if exists temp.unchanged_records")
    return done


def _few(remarks: Sequence[str]) -> list[str]:
    """The first remarks and how many more there are."""
    more = len(remarks) - _REMARKS_SHOWN
    return [*remarks[:_REMARKS_SHOWN], *([f"{more} more of the kind."] if more > 0 else [])]


def _promote(connection: DuckDBPyConnection, connector: Connector, table: RawTable, load_seq: int) -> Promotion:
    connection.execute(_judged_sql(connector, table))
    connection.execute(_unchanged_sql(connector, table))
    accepted = connection.execute(_accept_sql(connector, table, load_seq)).fetchone()[0]
    quarantined = connection.execute(_quarantine_sql(connector, table, load_seq)).fetchone()[0]
    delivered, unchanged = connection.execute(
        "select (select count(*) from temp.judged_records), (select count(*) from temp.unchanged_records)"
    ).fetchone()
    landed = connection.execute(f'select count(*) from {connector.landing}."{table.name}"').fetchone()[0]
    if not landed == delivered == accepted + quarantined + unchanged:
        raise SourceError(
            f"{connector.name}.{table.name}: {landed} records landed, but {accepted} accepted, {quarantined} "
            f"quarantined and {unchanged} unchanged. Nothing was kept; please report this."
        )
    found = connection.execute(
        "select list_sort(list(distinct member)) from (select unnest(new_members) as member from temp.judged_records)"
    ).fetchone()[0]
    new_members = tuple(sorted({shown_pointer(pointer) for pointer in found or ()}))
    message = _message(connection, load_seq, delivered, quarantined, new_members)
    return Promotion(load_seq, delivered, accepted, quarantined, unchanged, new_members, message)


def _judged_sql(connector: Connector, table: RawTable) -> str:
    """Every landed record with its values and its reasons to be refused.

    Records are numbered by their place in the read, those of a later package behind those of the one before. The
    column at fault is looked for in records that have one, no window is laid over the records themselves, and the text
    is kept of those alone that are refused: each would cost as much as all the rest, once the memory is full.
    """
    fields = field_sql(table)
    values = ", ".join(f'{one.value} as "{one.field.name}"' for one in fields)
    reasons = ", ".join(one.problem for one in fields)
    first_bad = " ".join(f"when {one.problem} is not null then '{one.field.name}'" for one in fields)
    pointers = "[" + ", ".join(f"'{one.field.pointer}'" for one in fields) + "]"
    landing = f'{connector.landing}."{table.name}"'
    return f"""
        create temp table judged_records as
        with packages as (
            select _dlt_load_id, coalesce(sum(max(position)) over (
                order by _dlt_load_id rows between unbounded preceding and 1 preceding
            ), 0)::bigint as before
            from {landing} group by _dlt_load_id
        ), read as (
            select
                record, md5(record) as _content_hash, position + before as _row_number,
                json_extract_string(record, {pointers}) as v, json_type(record, {pointers}) as t,
                {extra_sql(table)} as _extra
            from {landing} join packages using (_dlt_load_id)
        ), reasoned as (
            select *, nullif(concat_ws('; ', {reasons}), '') as reason from read
        )
        select
            _content_hash, _row_number, _extra, {new_members_sql(table)} as new_members, reason,
            case when reason is not null then record end as refused_record,
            case when reason is not null then case {first_bad} end end as bad_column, {values}
        from reasoned"""


def _unchanged_sql(connector: Connector, table: RawTable) -> str:
    """The numbers of records that are known already.

    Known is an accepted record that is like the one before it of its key, in this read or stored, and a refused one
    that was refused before, whenever.
    """
    key = ", ".join(f'"{name}"' for name in table.key)
    return f"""
        create temp table unchanged_records as
        with judged as (
            select {key}, _row_number, _content_hash, reason is null as is_good from temp.judged_records
        ), stored as (
            select {key}, arg_max(_content_hash, (_load_seq, _row_number)) as stored_hash
            from {connector.schema}."{table.name}" semi join judged using ({key}) group by all
        ), refused as (
            select distinct md5(row_json::varchar) as refused_hash from quarantine.rejected_rows
            where source = '{connector.name}' and entity = '{table.name}'
        ), known as (
            select
                _row_number,
                case when is_good then _content_hash = coalesce(
                    lag(_content_hash) over (partition by is_good, {key} order by _row_number), stored_hash
                ) else refused_hash is not null
                    or row_number() over (partition by is_good, _content_hash order by _row_number) > 1 end as is_known
            from judged
            left join stored using ({key})
            left join refused on not is_good and refused.refused_hash = judged._content_hash
        )
        select _row_number from known where is_known"""


def _accept_sql(connector: Connector, table: RawTable, load_seq: int) -> str:
    names = ", ".join(f'"{field.name}"' for field in table.fields)
    return (
        f'insert into {connector.schema}."{table.name}" '
        f"({names}, _load_seq, _row_number, _extra, _content_hash) "
        f"select {names}, {load_seq}, _row_number, _extra, _content_hash from temp.judged_records "
        "anti join temp.unchanged_records using (_row_number) where reason is null order by _row_number"
    )


def _quarantine_sql(connector: Connector, table: RawTable, load_seq: int) -> str:
    return (
        "insert into quarantine.rejected_rows "
        "(load_seq, source, entity, file_name, row_number, column_name, reason, row_json, quarantined_at) "
        f"select {load_seq}, '{connector.name}', '{table.name}', null, _row_number, bad_column, reason, "
        "refused_record, cast(now() as timestamp) "
        "from temp.judged_records anti join temp.unchanged_records using (_row_number) where reason is not null"
    )


def _record(
    connection: DuckDBPyConnection, connector: Connector, table: RawTable, done: Promotion, cursor: str | None
) -> None:
    connection.execute(
        "insert into ops.loads (load_seq, source, entity, status, delivered_count, accepted_count, quarantined_count, "
        "unchanged_count, drift_columns, message, loaded_at, source_cursor) "
        "values (?, ?, ?, 'loaded', ?, ?, ?, ?, ?, ?, cast(now() as timestamp), ?::timestamptz::timestamp)",
        [
            done.load_seq,
            connector.name,
            table.name,
            done.delivered,
            done.accepted,
            done.quarantined,
            done.unchanged,
            list(done.new_members),
            done.message,
            cursor,
        ],
    )


def _message(
    connection: DuckDBPyConnection, load_seq: int, delivered: int, quarantined: int, new_members: tuple[str, ...]
) -> str | None:
    parts = []
    if quarantined:
        reasons = connection.execute(
            "select reason, count(*) as records from quarantine.rejected_rows where load_seq = ? "
            f"group by reason order by records desc, reason limit {_REASONS_SHOWN}",
            [load_seq],
        ).fetchall()
        shown = "; ".join(f"{count} × {reason}" for reason, count in reasons)
        parts.append(f"{quarantined} of {delivered} records are in quarantine: {shown}.")
    if new_members:
        parts.append(f"the vendor delivers fields we do not know, kept as JSON: {', '.join(new_members[:10])}.")
    return " ".join(parts) or None
