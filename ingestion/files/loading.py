"""One file in one transaction: its rows, its quarantined rows and its line in `ops.loads`, all or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.contract import ValueType
from ingestion.files.csv_delivery import open_csv
from ingestion.files.delivery import BROKEN_LINES, STAGED_ROWS, Delivery
from ingestion.files.discovery import InboxFile
from ingestion.files.errors import CountMismatchError, FileChangedError, FileRejectedError
from ingestion.files.insertion import insert_accepted, insert_quarantined
from ingestion.files.jsonl_delivery import open_jsonl
from ingestion.files.numbers import PointMeaning, point_meaning
from ingestion.files.parquet_delivery import open_parquet
from ingestion.files.register import Fingerprint, Register, stamp_of
from ingestion.files.report import FileOutcome
from ingestion.files.values import ReadingRules
from ingestion.shown_names import shown_file

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NUMBERS = (ValueType.AMOUNT, ValueType.NUMBER, ValueType.INTEGER)
_REASONS_SHOWN = 3
_COLUMNS_SHOWN = 10


def load_file(
    connection: DuckDBPyConnection,
    register: Register,
    file: InboxFile,
    fingerprint: Fingerprint,
    timezone: str,
    folder: Path,
) -> FileOutcome:
    """Load one file, or record why it cannot be loaded.

    Args:
        connection: the warehouse.
        register: where loads are recorded.
        file: the file.
        fingerprint: its content, hashed before.
        timezone: business time zone, for times without an offset.
        folder: where copies of the file may be put.

    Returns:
        What became of the file: loaded or rejected.

    Raises:
        FileChangedError: when the file was written to meanwhile.
        CountMismatchError: when rows got lost or doubled; nothing was kept.
    """
    load_seq = register.next_load_seq()
    try:
        delivery = _open(connection, file, folder)
        with transaction(connection):
            outcome = _insert(connection, file, delivery, timezone, load_seq)
            if stamp_of(file.path) != fingerprint.stamp:
                raise FileChangedError("was written to while it was read; the next run reads it again.")
            register.record(file, fingerprint, load_seq, outcome)
    except FileRejectedError as error:
        outcome = FileOutcome(file.name, file.entity.table, "rejected", message=str(error))
        with transaction(connection):
            register.record(file, fingerprint, load_seq, outcome)
    register.remember(file, fingerprint, load_seq, outcome)
    for table in (STAGED_ROWS, BROKEN_LINES):
        connection.execute(f"drop table if exists temp.{table}")
    return outcome


@contextmanager
def transaction(connection: DuckDBPyConnection) -> Iterator[None]:
    """Everything inside is kept together or not at all."""
    import duckdb

    connection.execute("begin")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        # When the disk is full there may be nothing left to roll back; the first error is the one to be told.
        with suppress(duckdb.Error):
            connection.execute("rollback")
        raise


def _open(connection: DuckDBPyConnection, file: InboxFile, folder: Path) -> Delivery:
    import duckdb

    if file.path.stat().st_size == 0:
        raise FileRejectedError("the file is empty (0 bytes). Deliver it again with at least a header.")
    try:
        if file.format == ".parquet":
            return open_parquet(connection, file)
        if file.format.startswith(".csv"):
            return open_csv(connection, file, folder)
        return open_jsonl(connection, file, folder)
    except duckdb.Error as error:
        if _is_about(file, error):
            raise _unreadable(file) from error
        raise


def _is_about(file: InboxFile, error: Exception) -> bool:
    """Whether a reader's error tells of the file, not of the machine."""
    import duckdb

    if isinstance(error, duckdb.IOException):
        return not re.search("space left|could not write|read-only", str(error).lower())
    if type(error) is duckdb.Error:  # how damage within a Parquet file is told: as of no kind in particular
        return file.format == ".parquet"
    return isinstance(error, duckdb.InvalidInputException)


def _unreadable(file: InboxFile) -> FileRejectedError:
    """What is said of a file that cannot be read."""
    if file.format == ".parquet":
        return FileRejectedError(
            "the file is damaged, cut off in transfer or no Parquet file, or its text is not UTF-8. Deliver it again; "
            "nothing of it was loaded."
        )
    return FileRejectedError("the file cannot be read as text of lines. Deliver it again; nothing of it was loaded.")


def _insert(
    connection: DuckDBPyConnection, file: InboxFile, delivery: Delivery, timezone: str, load_seq: int
) -> FileOutcome:
    import duckdb

    rules = _rules(connection, file, delivery, timezone)
    try:
        accepted = insert_accepted(connection, file.entity, delivery, rules, load_seq)
        quarantined = 0
        if accepted != delivery.delivered_count:
            quarantined = insert_quarantined(connection, file.entity, file.name, delivery, rules, load_seq)
    except duckdb.Error as error:
        if _is_about(file, error):
            raise _unreadable(file) from error
        raise
    if accepted + quarantined != delivery.delivered_count:
        raise CountMismatchError(
            f"{file.name}: {delivery.delivered_count} rows were delivered, but {accepted} accepted and {quarantined} "
            "quarantined. Nothing was kept; this is a fault of the inbox, please report it with the file's format."
        )
    return FileOutcome(
        file.name,
        file.entity.table,
        "loaded",
        delivery.delivered_count,
        accepted,
        quarantined,
        delivery.drift_columns,
        _message(connection, delivery, quarantined, load_seq),
        rules.reading,
    )


def _rules(connection: DuckDBPyConnection, file: InboxFile, delivery: Delivery, timezone: str) -> ReadingRules:
    if delivery.delimiter != ";":
        return ReadingRules(timezone)
    numbers = [
        delivery.columns[column.name].sql
        for column in file.entity.columns
        if column.type in _NUMBERS and column.name in delivery.columns
    ]
    meaning = point_meaning(connection, delivery.relation, numbers) if numbers else PointMeaning.UNKNOWN
    return ReadingRules(timezone, german=True, point=meaning)


def _message(connection: DuckDBPyConnection, delivery: Delivery, quarantined: int, load_seq: int) -> str | None:
    parts = []
    if quarantined:
        reasons = connection.execute(
            "select reason, count(*) as rows from quarantine.rejected_rows where load_seq = ? "
            f"group by reason order by rows desc, reason limit {_REASONS_SHOWN}",
            [load_seq],
        ).fetchall()
        shown = "; ".join(f"{count} × {reason}" for reason, count in reasons)
        parts.append(f"{quarantined} of {delivery.delivered_count} rows are in quarantine: {shown}.")
    if delivery.drift_columns:
        named = ", ".join(map(shown_file, delivery.drift_columns[:_COLUMNS_SHOWN]))
        more = len(delivery.drift_columns) - _COLUMNS_SHOWN
        parts.append(f"columns the contract lacks are kept as JSON: {named}{f' and {more} more' if more > 0 else ''}.")
    return " ".join(parts) or None
