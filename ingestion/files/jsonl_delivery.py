"""JSON Lines files: one JSON object per line, UTF-8; nested values are kept as JSON text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.files import sql
from ingestion.files.csv_delivery import read_head
from ingestion.files.delivery import BROKEN_LINES, STAGED_ROWS, DeliveredColumn, Delivery
from ingestion.files.errors import FileRejectedError
from ingestion.files.headers import match_header
from ingestion.files.staging import Layout, stage_rows
from ingestion.files.unpacking import unpacked

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.files.discovery import InboxFile

# A raw control character is not allowed anywhere in JSON, so no valid line is ever split by it.
_NEVER_IN_JSON = "\x01"
_IS_OBJECT = "(case when json_valid(c0) then json_type(c0) = 'OBJECT' else false end)"


def open_jsonl(connection: DuckDBPyConnection, file: InboxFile, folder: Path) -> Delivery:
    """Make a JSON Lines file readable by staging its lines in a temporary table.

    Args:
        connection: where the lines are staged.
        file: the file.
        folder: where copies may be put.

    Raises:
        FileRejectedError: when no line is an object or required columns occur in no line.
    """
    plain = unpacked(file.path, folder)
    read_head(plain)
    broken = stage_rows(connection, plain, Layout(1, _NEVER_IN_JSON, "", has_header=False), folder)
    broken += _set_aside_what_is_no_object(connection)
    names = [
        name
        for (name,) in connection.execute(
            f"select distinct unnest(json_keys(c0)) as key from {STAGED_ROWS} where {_IS_OBJECT} order by key"
        ).fetchall()
    ]
    if not names:
        raise FileRejectedError('no line is a JSON object. Write one object per line, like {"name": "value"}.')
    header = match_header(file.entity, names)
    pointers = ", ".join(sql.literal(pointer(names[at])) for at in header.known.values())
    extras = [names[at] for at in header.extra.values()]
    return Delivery(
        relation=(
            f"(select rowid as line_id, c0 as line, json_extract_string(c0, [{pointers}]) as fields"
            f" from {STAGED_ROWS} where {_IS_OBJECT})"
        ),
        row_number="line_id + 1",
        columns={name: DeliveredColumn(f"fields[{place}]") for place, name in enumerate(header.known, start=1)},
        row_json="cast(line as json)",
        row_count=connection.execute(f"select count(*) from {STAGED_ROWS} where {_IS_OBJECT}").fetchone()[0],
        extra_json=without_members({names[at] for at in header.known.values()}) if extras else None,
        drift_columns=tuple(extras),
        broken_count=broken,
    )


def _set_aside_what_is_no_object(connection: DuckDBPyConnection) -> int:
    return connection.execute(
        f"insert into {BROKEN_LINES} select rowid + 1, 'the line is not a JSON object', c0 from {STAGED_ROWS}"
        f" where case when {_IS_OBJECT} then false else trim(coalesce(c0, '')) <> '' end"
    ).fetchone()[0]


def pointer(key: str) -> str:
    """JSON pointer of a member of an object."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


def without_members(known: set[str]) -> str:
    """SQL of the line's object without the known keys (a merge patch removes what it sets to null)."""
    patch = json.dumps(dict.fromkeys(sorted(known)), ensure_ascii=False)
    return f"cast(nullif(cast(json_merge_patch(line, {sql.literal(patch)}) as varchar), '{{}}') as json)"
