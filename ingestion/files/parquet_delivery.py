"""Parquet files: read in place, column types as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.files import sql
from ingestion.files.delivery import DeliveredColumn, Delivery, extra_json
from ingestion.files.headers import match_header

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.files.discovery import InboxFile

_ROW_NUMBER = "file_row_number"


def open_parquet(connection: DuckDBPyConnection, file: InboxFile) -> Delivery:
    """Make a Parquet file readable; only its footer is read now.

    Raises:
        FileRejectedError: when required columns are missing.
        duckdb.Error: when it is no Parquet file, or a truncated one.
    """
    options = "file_row_number = true, hive_partitioning = false, binary_as_string = true"
    relation = f"read_parquet({sql.path(file.path)}, {options})"
    described = connection.execute(f"describe select * from {relation}").fetchall()
    columns = [(name, kind) for name, kind, *_ in described if name != _ROW_NUMBER]
    header = match_header(file.entity, [name for name, _ in columns])
    quoted = [sql.name(name) for name, _ in columns]
    packed = ", ".join(f"{sql.literal(name)}: {sql.name(name)}" for name, _ in columns)
    extras = {columns[at][0]: quoted[at] for at in header.extra.values()}
    return Delivery(
        relation=relation,
        row_number=f"{_ROW_NUMBER} + 1",
        columns={name: DeliveredColumn(quoted[at], columns[at][1]) for name, at in header.known.items()},
        row_json=f"to_json({{{packed}}})",
        row_count=connection.execute(f"select count(*) from {relation}").fetchone()[0],
        extra_json=extra_json(extras),
        drift_columns=tuple(extras),
    )
