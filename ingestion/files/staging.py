"""Lines of a text file in a temporary table, every line accounted for.

The fast way reads strictly and in parallel. Only when it stumbles is the file read again, carefully: lines that cannot
be read are set aside with a reason, and the lines read and set aside must add up to the lines of the file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.files import sql
from ingestion.files.delivery import BROKEN_LINES, STAGED_ROWS
from ingestion.files.errors import FileRejectedError
from ingestion.files.unpacking import count_filled_lines, with_uniform_lines

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_REJECTS = "inbox_reader_rejects"
_SCANS = "inbox_reader_scans"
_REASONS = {
    "INVALID ENCODING": "the line is not UTF-8; save the file as UTF-8",
    "MISSING COLUMNS": "the line has fewer values than the header",
    "TOO MANY COLUMNS": "the line has more values than the header",
    "UNQUOTED VALUE": "a quoted value in the line does not end properly; double the quotes inside values",
    "LINE SIZE OVER MAXIMUM": "the line is longer than 16 MB",
}
_LONGEST_LINE = 16 * 1024 * 1024
# The reader keeps this much of a line it cannot read.
_LONGEST_REPORT = 10_000


@dataclass(frozen=True, slots=True)
class Layout:
    """How lines split into values.

    Args:
        width: values per line; they become columns c0, c1, …
        delimiter: between values.
        quote: around values that contain the delimiter, a quote or a line end; empty for none.
        lines_before: lines before the header.
        has_header: whether the first line names the columns.
    """

    width: int
    delimiter: str
    quote: str
    lines_before: int = 0
    has_header: bool = True


def stage_rows(connection: DuckDBPyConnection, plain: Path, layout: Layout, folder: Path) -> int:
    """Fill `STAGED_ROWS` with the lines of a file, in their order, and `BROKEN_LINES` with those that are no rows.

    Args:
        connection: where the temporary tables are made; it has to preserve the insertion order.
        plain: an unpacked file.
        layout: how lines split into values.
        folder: where a copy may be put.

    Returns:
        The number of broken lines.

    Raises:
        FileRejectedError: when lines cannot be accounted for, because a quote is opened and never closed.
    """
    import duckdb

    connection.execute(f"create or replace temp table {BROKEN_LINES} (row_number bigint, reason varchar, line varchar)")
    try:
        connection.execute(f"create or replace temp table {STAGED_ROWS} as select * from {_reader(plain, layout)}")
    except duckdb.InvalidInputException as error:
        stumbled_at = re.search(r"CSV Error on Line: (\d+)", str(error))
        return _stage_carefully(connection, with_uniform_lines(plain, folder), layout, stumbled_at)
    return 0


def _reader(plain: Path, layout: Layout, *options: str) -> str:
    columns = ", ".join(f"'c{at}': 'varchar'" for at in range(layout.width))
    quote = sql.literal(layout.quote)
    settings = (
        "auto_detect = false",
        f"delim = {sql.literal(layout.delimiter)}",
        f"quote = {quote}",
        f"escape = {quote}",
        f"header = {str(layout.has_header).lower()}",
        f"skip = {layout.lines_before}",
        f"columns = {{{columns}}}",
        "compression = 'none'",
        *options,
    )
    return f"read_csv({sql.path(plain)}, {', '.join(settings)})"


def _stage_carefully(
    connection: DuckDBPyConnection, plain: Path, layout: Layout, stumbled_at: re.Match[str] | None
) -> int:
    for table in (_REJECTS, _SCANS):
        connection.execute(f"drop table if exists {table}")
    keeping = ("store_rejects = true", "rejects_limit = 0", "parallel = false", f"max_line_size = {_LONGEST_LINE}")
    tables = (f"rejects_table = '{_REJECTS}'", f"rejects_scan = '{_SCANS}'")
    connection.execute(
        f"create or replace temp table {STAGED_ROWS} as select * from {_reader(plain, layout, *keeping, *tables)}"
    )
    cut = f"case when max(length(csv_line)) >= {_LONGEST_REPORT} then ' (kept here: its beginning)' else '' end"
    reasons = " ".join(f"when '{kind}' then {sql.literal(reason)}" for kind, reason in _REASONS.items())
    connection.execute(
        f"insert into {BROKEN_LINES} "
        f"select line - {layout.lines_before + int(layout.has_header)} + place - 1, reason, piece from ("
        "select line, reason, unnest(pieces) as piece, generate_subscripts(pieces, 1) as place from ("
        "select line, arg_min(string_split(csv_line, chr(10)), column_idx) as pieces,"
        f" case arg_min(error_type::varchar, column_idx) {reasons} else 'the line cannot be read' end"
        f" || {cut} as reason from {_REJECTS} group by line)) where piece <> ''"
    )
    broken = _count(connection, f"select count(*) from {BROKEN_LINES}")
    accounted = broken + _lines_of_rows(connection, layout) + layout.lines_before + int(layout.has_header)
    if accounted != count_filled_lines(plain):
        near = f" in or after line {stumbled_at.group(1)}" if stumbled_at else ""
        raise FileRejectedError(
            f"a quoted value is opened{near} and never closed, so it is not clear where rows end. Close the quote (or "
            "double the quotes inside values) and deliver the file again; nothing of it was loaded."
        )
    return broken


def _lines_of_rows(connection: DuckDBPyConnection, layout: Layout) -> int:
    """Filled lines that the staged rows took up in the file: one, or more where a value contains line ends."""
    row = " || ".join(f"""'"' || coalesce(c{at}, '') || '"'""" for at in range(layout.width))
    return _count(
        connection,
        f"select coalesce(sum(case when contains({row}, chr(10))"
        f" then len(list_filter(string_split({row}, chr(10)), lambda piece: piece <> '')) else 1 end), 0)"
        f" from {STAGED_ROWS} where {'true' if layout.has_header else 'c0 is not null'}",
    )


def _count(connection: DuckDBPyConnection, query: str) -> int:
    return int(connection.execute(query).fetchone()[0])
