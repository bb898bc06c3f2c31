"""The formats of exported files, Parquet and JSON Lines (also gzipped), as records of JSON text; all in DuckDB.

JSON Lines have one event a line. A line that is no JSON becomes a record as well, which lacks every field and so ends
in quarantine. A file that begins with an array holds arrays of events, as webhooks post them, on any number of lines;
there, what is no JSON is damage. Which files are read is decided in `exports.py`.
"""

from __future__ import annotations

import tempfile
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.shown_names import shown_file
from ingestion.sources.errors import ProtocolError

if TYPE_CHECKING:
    import pyarrow as pa
    from duckdb import DuckDBPyConnection

# A file that is only said to be packed holds JSON Lines.
FORMATS = (".parquet", ".json", ".jsonl", ".ndjson", ".gz")
MEMORY = "512MB"
BATCH_ROWS = 50_000
_LONGEST_LINE = 16 * 1024 * 1024
_HEAD = 1024


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of a file: a table of `position` and `record`, and how many of them have each pointer asked for."""

    path: Path
    table: pa.Table
    found: tuple[int, ...]


@contextmanager
def reader() -> Iterator[DuckDBPyConnection]:
    """A database in memory to read files with; what does not fit into `MEMORY` is spilled to a folder of its own."""
    import duckdb

    with (
        tempfile.TemporaryDirectory() as folder,
        duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": folder}) as connection,
    ):
        yield connection


def record_batches(
    connection: DuckDBPyConnection,
    unit: str,
    delivery: int,
    files: Sequence[Path],
    position: int,
    pointers: Sequence[str],
) -> Iterator[Batch]:
    """The events of a unit's files as records.

    Args:
        connection: what `reader` gives.
        unit: name of the unit.
        delivery: its delivery.
        files: in their order.
        position: place of the first record in its load.
        pointers: members to count.

    Raises:
        ProtocolError: when a file is damaged or cut off; the message never holds what stands in it.
    """
    import duckdb
    import pyarrow as pa

    from ingestion.files.errors import FileRejectedError

    first = 1
    for path in files:
        try:
            with tempfile.TemporaryDirectory() as folder:
                sql = _records_sql(_events(path, Path(folder)))
                found = connection.execute(sql, [first, delivery, unit, position - 1])
                for piece in found.to_arrow_reader(BATCH_ROWS):
                    table = pa.Table.from_batches([piece])
                    first += table.num_rows
                    yield Batch(path, table, _counts(connection, table, pointers))
        except (duckdb.Error, FileRejectedError):
            raise ProtocolError(
                f"{shown_file(path.name)}: cannot be read; it is damaged, was cut off, or is not UTF-8. Nothing of "
                "this source was loaded; export the file again."
            ) from None


def _events(path: Path, folder: Path) -> str:
    """SQL of a relation with one JSON text `event` per event of a file, in its order."""
    from ingestion.files.sql import path as literal
    from ingestion.files.unpacking import unpacked

    if path.name.lower().endswith(".parquet"):
        relation = f"read_parquet({literal(path)}, hive_partitioning = false) as rows"
        return f"(select to_json(rows)::varchar as event from {relation})"
    if path.stat().st_size == 0:
        return "(select null::varchar as event where false)"
    plain = unpacked(path, folder)
    if _begins_with_array(plain):
        events = "case when json_type(json) = 'ARRAY' then json_extract(json, '$[*]') else [json] end"
        values = f"read_json_objects({literal(plain)}, format = 'auto', compression = 'uncompressed')"
        return f"(select unnest({events})::varchar as event from {values})"
    # A raw control character is not allowed anywhere in JSON, so no valid line is ever split by it.
    lines = (
        f"read_csv({literal(plain)}, auto_detect = false, header = false, delim = '\x01', quote = '', "
        f"escape = '', columns = {{'line': 'varchar'}}, compression = 'none', max_line_size = {_LONGEST_LINE})"
    )
    return (
        "(select case when json_valid(line) then line else to_json(line)::varchar end as event "
        f"from {lines} where trim(line) <> '')"
    )


def _begins_with_array(path: Path) -> bool:
    with path.open("rb") as source:
        return source.read(_HEAD).removeprefix(BOM_UTF8).lstrip().startswith(b"[")


def _records_sql(relation: str) -> str:
    return f"""
        with numbered as (
            select event, row_number() over () - 1 + $1 as row_number from {relation}
        )
        select
            (row_number + $4)::bigint as position,
            '{{"event":' || event || ',"export_delivery":' || $2 || ',"export_row":' || row_number
                || ',"export_unit":' || to_json($3::varchar)::varchar || '}}' as record
        from numbered"""


def _counts(connection: DuckDBPyConnection, batch: pa.Table, pointers: Sequence[str]) -> tuple[int, ...]:
    if not pointers:
        return ()
    paths = ", ".join(f"'{pointer}'" for pointer in pointers)
    counted = ", ".join(f"count(types[{place}])" for place in range(1, len(pointers) + 1))
    cursor = connection.cursor()
    cursor.register("batch", batch)
    return cursor.execute(f"select {counted} from (select json_type(record, [{paths}]) as types from batch)").fetchone()
