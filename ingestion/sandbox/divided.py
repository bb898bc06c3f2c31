"""The company's rows divided among its vendors and its files.

All rows are kept as Parquet, one file per entity: from them the vendors' sandbox is filled (`server/`). Rows that no
vendor has are written as files like those of a company without vendors. Who has what is decided in `division.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.contract import ENTITIES, Entity, ValueType, entity_named
from ingestion.sandbox.division import MASTER_COLUMNS, left_for_files
from ingestion.sandbox.timeline import Timeline
from ingestion.sandbox.writer import InboxWriter

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

# In which order the rows of a view came into being; a query that joins keeps no order by itself.
BORN = "file_row_number"
_DAY = "_delivered_day"


class DividedWriter(InboxWriter):
    """Keeps all rows as Parquet and files those that no vendor has.

    Args:
        inbox: folder that receives the files.
        work: folder for unfinished files.
        timeline: the simulated time.
        ahead: days at its end that have not come yet.
        rows: folder that receives `<entity>.parquet`.
    """

    def __init__(self, inbox: Path, work: Path, timeline: Timeline, ahead: int, rows: Path) -> None:
        super().__init__(inbox, work, timeline, ahead)
        self._rows = rows
        self._kept: dict[str, pq.ParquetWriter] = {}

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        if kind is None:
            self._rows.mkdir(parents=True, exist_ok=True)
            for table in self._kept:
                self._path(table).replace(self._rows / f"{table}.parquet")
        super().__exit__(kind, error, trace)

    def periods_of_versions(self, table_name: str) -> np.ndarray:
        """Every day is a period: vendors show each change of a record."""
        return np.arange(self.timeline.days)

    def add(self, table_name: str, rows: pa.Table, delivered_days: np.ndarray) -> None:
        """Keep rows, with the day on which they come if they come as files."""
        table = _plain(rows).append_column(_DAY, pa.array(delivered_days, pa.int64()))
        if table_name not in self._kept:
            self._kept[table_name] = pq.ParquetWriter(self._path(table_name), table.schema, compression="zstd")
        self._kept[table_name].write_table(table)

    def divide(self) -> None:
        """File the rows that no vendor has."""
        self._close()
        with company_rows(self._work) as connection:
            for table in self._kept:
                entity = entity_named(table)
                found = connection.execute(
                    f"select {columns_of(entity, _shown(entity))}, {_DAY} from {table} "
                    f"where {left_for_files(table)} order by {BORN}"
                ).to_arrow_table()
                if found.num_rows:
                    super().add(table, found.drop_columns([_DAY]), found[_DAY].to_numpy())

    def _path(self, table: str) -> Path:
        return self._work / f"{table}.parquet"

    def _close(self) -> None:
        for writer in self._kept.values():
            writer.close()


@contextmanager
def company_rows(folder: Path) -> Iterator[DuckDBPyConnection]:
    """The company's rows as views named after their entities.

    Args:
        folder: with `<entity>.parquet`.
    """
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for entity in ENTITIES:
            path = folder / f"{entity.table}.parquet"
            if path.exists():
                connection.read_parquet(str(path), file_row_number=True).create_view(entity.table)
        yield connection


def columns_of(entity: Entity, shown: Mapping[str, str]) -> str:
    """SQL of an entity's columns in the order of the contract.

    Args:
        entity: whose columns.
        shown: expressions of columns that are not shown as they are.
    """
    return ", ".join(f'{shown.get(column.name, _quoted(column.name))} as "{column.name}"' for column in entity.columns)


def _shown(entity: Entity) -> dict[str, str]:
    """The master file shows a contact's numbers and addresses and nothing else."""
    if entity.table != "crm_contacts":
        return {}
    return {
        column.name: "null::date" if column.type is ValueType.DATE else "null::varchar"
        for column in entity.columns
        if column.name not in MASTER_COLUMNS
    }


def _quoted(name: str) -> str:
    return f'"{name}"'


def _plain(rows: pa.Table) -> pa.Table:
    """Without dictionaries, which differ from portion to portion."""
    plain: Sequence[pa.ChunkedArray] = [
        column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
        for column in rows.columns
    ]
    return pa.table(dict(zip(rows.column_names, plain, strict=True)))
