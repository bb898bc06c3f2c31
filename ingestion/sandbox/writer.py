"""Writes delivered rows into the inbox: one file per entity and period, stable in name and content.

Rows come in portions (one per chunk of people) and are appended to the files of their periods, so that memory stays
bounded. Files are finished in a work folder and moved into the inbox at the end: an interrupted run leaves no half file
there. What the rows are is not decided here.
"""

from __future__ import annotations

import codecs
import gzip
import io
import shutil
from collections import Counter
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pv
import pyarrow.parquet as pq

from ingestion.contract import ENTITIES, entity_named
from ingestion.sandbox.deliveries import DELIVERIES, Delivery, Dress, Periods, Rhythm, periods_of
from ingestion.sandbox.timeline import Timeline


class _File(Protocol):
    def append(self, table: pa.Table) -> None: ...

    def close(self) -> None: ...


class InboxWriter:
    """Collects rows and files them by entity and delivery day.

    Args:
        inbox: folder that receives `<domain>/<entity>/<entity>-<last day>.<ending>`.
        work: folder for unfinished files, on the same disk; removed at the end.
        timeline: the simulated time.
        ahead: days at its end that have not come yet; their files are written like the others, one a day.

    `extra_columns` gives a file (by its path) a column the contract does not know: name and value.
    """

    def __init__(self, inbox: Path, work: Path, timeline: Timeline, ahead: int = 0) -> None:
        self._inbox = inbox
        self._work = work
        self.timeline = timeline
        self.ahead = ahead
        self._periods = {rhythm: periods_of(rhythm, timeline, ahead) for rhythm in Rhythm}
        self._files: dict[str, _File] = {}
        self.row_counts: Counter[str] = Counter({entity.table: 0 for entity in ENTITIES})
        self.extra_columns: dict[str, tuple[str, str]] = {}

    def __enter__(self) -> InboxWriter:
        shutil.rmtree(self._work, ignore_errors=True)
        self._work.mkdir(parents=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()
        if kind is None:
            for path in self._files:
                target = self._inbox / path
                target.parent.mkdir(parents=True, exist_ok=True)
                (self._work / path).replace(target)
        shutil.rmtree(self._work)

    def periods(self, table_name: str) -> Periods:
        """The periods in which the entity is delivered."""
        return self._periods[DELIVERIES[table_name].rhythm]

    def periods_of_versions(self, table_name: str) -> np.ndarray:
        """The period of each day, of whose changes of a record only the last is delivered."""
        return self.periods(table_name).of_day

    def present_period(self, table_name: str) -> int:
        """The last period that has come; what follows are the days ahead."""
        return len(self.periods(table_name).last_days) - 1 - self.ahead

    def path_of(self, table_name: str, period: int) -> str:
        """Path of the file of one period, relative to the inbox."""
        entity, delivery = entity_named(table_name), DELIVERIES[table_name]
        last_day = self.periods(table_name).last_days[period]
        return f"{entity.path}/{entity.name}-{last_day.isoformat()}.{delivery.dress.value}"

    @property
    def paths(self) -> list[str]:
        """Paths of all files written, relative to the inbox."""
        return sorted(self._files)

    def add(self, table_name: str, rows: pa.Table, delivered_days: np.ndarray) -> None:
        """Append rows to the files of the periods in which they are delivered."""
        periods = self.periods(table_name).of_day[delivered_days]
        if len(periods) and (np.diff(periods) < 0).any():
            order = np.argsort(periods, kind="stable")
            rows, periods = rows.take(pa.array(order)), periods[order]
        bounds = np.flatnonzero(np.diff(periods, prepend=-1, append=-1))
        for start, stop in pairwise(bounds):
            self.append(table_name, int(periods[start]), rows.slice(start, stop - start))

    def append(self, table_name: str, period: int, rows: pa.Table) -> None:
        """Append rows to the file of one period; the first rows decide its columns."""
        path = self.path_of(table_name, period)
        if path in self.extra_columns:
            name, value = self.extra_columns[path]
            rows = rows.append_column(name, pa.array([value] * rows.num_rows))
        if path not in self._files:
            target = self._work / path
            target.parent.mkdir(parents=True, exist_ok=True)
            self._files[path] = _open(target, DELIVERIES[table_name], rows.schema)
        self._files[path].append(rows)
        self.row_counts[table_name] += rows.num_rows


def _open(path: Path, delivery: Delivery, schema: pa.Schema) -> _File:
    match delivery.dress:
        case Dress.PARQUET:
            return _ParquetFile(path, schema)
        case Dress.CSV | Dress.CSV_GZ:
            return _CsvFile(_stream(path, delivery.dress is Dress.CSV_GZ), delivery.is_german)
        case Dress.JSONL | Dress.JSONL_GZ:
            return _JsonlFile(_stream(path, delivery.dress is Dress.JSONL_GZ))


def _stream(path: Path, is_compressed: bool) -> BinaryIO:
    raw = path.open("wb")
    return gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=4) if is_compressed else raw


class _ParquetFile:
    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._writer = pq.ParquetWriter(path, schema, compression="zstd", compression_level=1)

    def append(self, table: pa.Table) -> None:
        self._writer.write_table(table.cast(self._schema))

    def close(self) -> None:
        self._writer.close()


class _CsvFile:
    def __init__(self, stream: BinaryIO, is_german: bool) -> None:
        self._stream = stream
        self._is_german = is_german
        self._has_header = False

    def append(self, table: pa.Table) -> None:
        options = pv.WriteOptions(
            include_header=not self._has_header, delimiter=";" if self._is_german else ",", quoting_style="needed"
        )
        buffer = io.BytesIO()
        if self._is_german and not self._has_header:
            buffer.write(codecs.BOM_UTF8)
        pv.write_csv(as_text(table, decimal_comma=self._is_german), buffer, options)
        self._stream.write(buffer.getbuffer())
        self._has_header = True

    def close(self) -> None:
        _close(self._stream)


class _JsonlFile:
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def append(self, table: pa.Table) -> None:
        self._stream.write(json_lines(table))

    def close(self) -> None:
        _close(self._stream)


def _close(stream: BinaryIO) -> None:
    raw = stream.fileobj if isinstance(stream, gzip.GzipFile) else None
    stream.close()
    if raw is not None:
        raw.close()


def as_text(table: pa.Table, *, decimal_comma: bool = False) -> pa.Table:
    """All columns as the texts a CSV file shows; timestamps as ISO 8601 in UTC with Z."""
    return pa.table({name: _text(table[name], decimal_comma) for name in table.column_names})


def _text(column: pa.ChunkedArray, decimal_comma: bool) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_timestamp(kind):
        return pc.strftime(column.cast(pa.timestamp("s", tz="UTC")), format="%Y-%m-%dT%H:%M:%SZ")
    if pa.types.is_date(kind):
        return pc.strftime(column, format="%Y-%m-%d")
    text = column.cast(pa.string())
    is_fraction = pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    return pc.replace_substring(text, ".", ",") if decimal_comma and is_fraction else text


def json_lines(table: pa.Table) -> bytes:
    """One JSON object per line, numbers and booleans as such, timestamps as ISO texts, nulls left out."""
    lines = None
    for name in table.column_names:
        column = table[name]
        text = _text(column, decimal_comma=False)
        if not _is_bare(column.type):
            escaped = pc.replace_substring(pc.replace_substring(text, "\\", "\\\\"), '"', '\\"')
            text = pc.binary_join_element_wise('"', escaped, '"', "")
        member = pc.fill_null(pc.binary_join_element_wise(f',"{name}":', text, ""), "")
        lines = member if lines is None else pc.binary_join_element_wise(lines, member, "")
    bodies = pc.utf8_slice_codeunits(lines, 1)
    return ("{" + "}\n{".join(bodies.to_pylist()) + "}\n").encode()


def _is_bare(kind: pa.DataType) -> bool:
    return (
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    )
