"""Landed records into their raw table: new versions accepted, misfits quarantined, what is known already left out.

One transaction per resource also writes its line of `ops.loads` and empties the landing table, so that an interrupted
run can be repeated at any instant. Every landed record is counted: accepted, quarantined or unchanged. All in SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestion.sources.errors import SourceError
from ingestion.sources.fields import extra_sql, field_sql, new_members_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.sources.model import Connector, RawTable

_REASONS_SHOWN = 3


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
    connection: DuckDBPyConnection, connector: Connector, table: RawTable, cursor: str | None, *, is_landed: bool = True
) -> Promotion:
    """Move the landed records of one resource, all or nothing.

    Args:
        connection: an open, writable connection to the warehouse with raw and landing tables.
        connector: the vendor.
        table: the raw table.
        cursor: where the next read goes on, to be remembered with the load.
        is_landed: whether there is a landing table; there is none before the first record.

    Raises:
        SourceError: when a record got lost or doubled; nothing was kept.
    """
    connection.execute("begin")
    try:
        load_seq = connection.execute("select coalesce(max(load_seq), 0) + 1 from ops.loads").fetchone()[0]
        done = _promote(connection, connector, table, load_seq) if is_landed else Promotion(load_seq)
        _record(connection, connector, table, done, cursor)
        if is_landed:
            connection.execute(f'delete from {connector.landing}."{table.name}"')
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    finally:
        connection.execute("drop table if exists temp.judged_records")
    return done


def _promote(connection: DuckDBPyConnection, connector: Connector, table: RawTable, load_seq: int) -> Promotion:
    connection.execute(_judged_sql(connector, table))
    accepted = connection.execute(_accept_sql(connector, table, load_seq)).fetchone()[0]
    quarantined = connection.execute(_quarantine_sql(connector, table, load_seq)).fetchone()[0]
    delivered, unchanged = connection.execute(
        "select count(*), count(*) filter (where is_unchanged) from temp.judged_records"
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
    new_members = tuple(found or ())
    message = _message(connection, load_seq, delivered, quarantined, new_members)
    return Promotion(load_seq, delivered, accepted, quarantined, unchanged, new_members, message)


def _judged_sql(connector: Connector, table: RawTable) -> str:
    """Every landed record with its values, its reasons to be refused and whether it is known already."""
    fields = field_sql(table)
    values = ", ".join(f'{one.value} as "{one.field.name}"' for one in fields)
    reasons = ", ".join(one.problem for one in fields)
    first_bad = " ".join(f"when {one.problem} is not null then '{one.field.name}'" for one in fields)
    key = ", ".join(f'"{name}"' for name in table.key)
    pointers = "[" + ", ".join(f"'{one.field.pointer}'" for one in fields) + "]"
    return f"""
        create temp table judged_records as
        with read as (
            select
                _dlt_load_id, position, record, md5(record) as _content_hash,
                json_extract_string(record, {pointers}) as v, json_type(record, {pointers}) as t,
                {extra_sql(table)} as _extra
            from {connector.landing}."{table.name}"
        ), valued as (
            select
                record, _content_hash, row_number() over (order by _dlt_load_id, position) as _row_number,
                _extra, {new_members_sql(table)} as new_members,
                nullif(concat_ws('; ', {reasons}), '') as reason, case {first_bad} end as bad_column, {values}
            from read
        ), {_known_sql(connector, table, key)}
        select
            valued.*,
            coalesce(
                case when reason is null then _content_hash = coalesce(
                    lag(_content_hash) over (partition by reason is null, {key} order by _row_number), stored_hash
                ) else refused_hash is not null
                    or row_number() over (partition by reason is null, _content_hash order by _row_number) > 1 end,
                false
            ) as is_unchanged
        from valued
        left join stored using ({key})
        left join refused on valued.reason is not null and refused.refused_hash = valued._content_hash"""


def _known_sql(connector: Connector, table: RawTable, key: str) -> str:
    """Hashes of the records that were accepted (the newest of each key) or refused before."""
    return f"""stored as (
            select {key}, arg_max(_content_hash, (_load_seq, _row_number)) as stored_hash
            from {connector.schema}."{table.name}" semi join valued using ({key}) group by all
        ), refused as (
            select distinct md5(row_json::varchar) as refused_hash from quarantine.rejected_rows
            where source = '{connector.name}' and entity = '{table.name}'
        )"""


def _accept_sql(connector: Connector, table: RawTable, load_seq: int) -> str:
    names = ", ".join(f'"{field.name}"' for field in table.fields)
    return (
        f'insert into {connector.schema}."{table.name}" '
        f"({names}, _load_seq, _row_number, _extra, _content_hash) "
        f"select {names}, {load_seq}, _row_number, _extra, _content_hash from temp.judged_records "
        "where reason is null and not is_unchanged order by _row_number"
    )


def _quarantine_sql(connector: Connector, table: RawTable, load_seq: int) -> str:
    return (
        "insert into quarantine.rejected_rows "
        "(load_seq, source, entity, file_name, row_number, column_name, reason, row_json, quarantined_at) "
        f"select {load_seq}, '{connector.name}', '{table.name}', null, _row_number, bad_column, reason, record, "
        "cast(now() as timestamp) from temp.judged_records where reason is not null and not is_unchanged"
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
