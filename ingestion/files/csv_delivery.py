"""CSV files: UTF-8 with or without a byte order mark, delimiter `,` or `;` found from the header, RFC 4180 quotes."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.contract import Entity
from ingestion.files import sql
from ingestion.files.delivery import STAGED_ROWS, DeliveredColumn, Delivery, extra_json
from ingestion.files.errors import FileRejectedError
from ingestion.files.headers import fold, is_known, match_header
from ingestion.files.staging import Layout, stage_rows
from ingestion.files.unpacking import unpacked

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.files.discovery import InboxFile

_HEAD_BYTES = 1 << 20
_ACCEPTED = {",": "comma", ";": "semicolon"}
_REFUSED = {"\t": "tab", "|": "vertical bar"}
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def open_csv(connection: DuckDBPyConnection, file: InboxFile, folder: Path) -> Delivery:
    """Make a CSV file readable by staging its lines in a temporary table.

    Args:
        connection: where the lines are staged.
        file: the file.
        folder: where copies may be put.

    Raises:
        FileRejectedError: when the file is no CSV of ours: see the message.
    """
    plain = unpacked(file.path, folder)
    head = read_head(plain)
    lines_before = _lines_before_header(head)
    delimiter, names = _read_header(file.entity, "\n".join(head.splitlines()[lines_before:]))
    header = match_header(file.entity, names)
    broken = stage_rows(connection, plain, Layout(len(names), delimiter, '"', lines_before), folder)
    packed = ", ".join(f"{sql.literal(name)}: c{at}" for name, at in (header.known | header.extra).items())
    extras = {name: f"nullif(trim(c{at}), '')" for name, at in header.extra.items()}
    return Delivery(
        relation=STAGED_ROWS,
        row_number="rowid + 1",
        columns={name: DeliveredColumn(f"c{at}") for name, at in header.known.items()},
        row_json=f"to_json({{{packed}}})",
        row_count=connection.execute(f"select count(*) from {STAGED_ROWS}").fetchone()[0],
        extra_json=extra_json(extras),
        drift_columns=tuple(header.extra),
        broken_count=broken,
        delimiter=delimiter,
    )


def read_head(plain: Path) -> str:
    """The beginning of a text file; bytes that are not UTF-8 are replaced, they are judged line by line later.

    Raises:
        FileRejectedError: when the file is UTF-16 or not text at all.
    """
    with plain.open("rb") as source:
        head = source.read(_HEAD_BYTES)
    if head.startswith(_UTF_16):
        raise FileRejectedError("the file is UTF-16. Save it as UTF-8 and deliver it again.")
    if b"\x00" in head[:4096]:
        raise FileRejectedError("the file is not text. Was it renamed? CSV and JSON Lines have to be UTF-8 text.")
    return head.removeprefix(codecs.BOM_UTF8).decode("utf-8", errors="replace")


def _lines_before_header(head: str) -> int:
    """Lines to skip: empty ones, and the `sep=;` with which Excel announces the delimiter."""
    for count, line in enumerate(head.splitlines()):
        if line.strip() and not line.lower().startswith("sep="):
            return count
    raise FileRejectedError("the file is empty: it has not even a header.")


def _read_header(entity: Entity, text: str) -> tuple[str, Sequence[str]]:
    """Delimiter and column names: the delimiter is the one by which most names are the contract's."""
    split = {delimiter: _first_record(text, delimiter) for delimiter in (*_ACCEPTED, *_REFUSED)}
    score = {
        delimiter: (sum(is_known(entity, fold(name)) for name in names), len(names))
        for delimiter, names in split.items()
    }
    best = max(split, key=lambda delimiter: score[delimiter])
    if best in _REFUSED and len(split[best]) > 1:
        raise FileRejectedError(
            f"the values are separated by {_REFUSED[best]}. Save the file with {' or '.join(_ACCEPTED.values())} "
            "between the values."
        )
    return best, split[best]


def _first_record(text: str, delimiter: str) -> Sequence[str]:
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except (csv.Error, StopIteration):
        return ()
