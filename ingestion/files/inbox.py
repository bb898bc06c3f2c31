"""The inbox's front door: load whatever is new, each file once, and say what happened.

The order of things stands here; each thing is done in its own module (see the package's docstring).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.files.discovery import FORMATS, InboxFile, discover
from ingestion.files.errors import FileChangedError
from ingestion.files.loading import load_file
from ingestion.files.register import Register, fingerprint_of
from ingestion.files.release import judge_released
from ingestion.files.report import FileOutcome, LoadReport
from ingestion.files.unpacking import workspace
from ingestion.quarantine.books import set_limits
from ingestion.quarantine.journal import Journal
from ingestion.raw import create_raw_tables
from ingestion.warehouse import connect

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

Progress = Callable[[str], None]


def load_inbox(settings: Settings, progress: Progress | None = None) -> LoadReport:
    """Load every file of the inbox that was not loaded before.

    Rows released from quarantine are judged first. Files are loaded in the order of their paths, each in a transaction
    of its own: a run killed at any instant loses nothing and doubles nothing, the next run goes on. A file that cannot
    be loaded stays in place, is recorded as rejected and tried again by the next run; the others are loaded. What was
    decided about rows of a file, in a warehouse that is gone, is decided again as soon as the file is loaded.

    Args:
        settings: where the inbox and the warehouse are.
        progress: is told one line per file.

    Returns:
        What became of every file. `is_empty` is true, and a message says what to put where, when there was none.

    Raises:
        WarehouseLockedError: when another process holds the warehouse.
    """
    tell = progress or (lambda _line: None)
    found = discover(settings.inbox)
    with connect(settings) as connection:
        connection.execute("set preserve_insertion_order = true")
        connection.execute("set enable_progress_bar = false")
        create_raw_tables(connection)
        set_limits(connection, settings.quarantine_share_allowed, settings.quarantine_rows_allowed)
        with workspace(settings.data_dir) as folder:
            journal = Journal(connection, settings.quarantine_decisions)
            journal.keep()
            outcomes = _judge_decided(connection, journal, settings.timezone)
            outcomes += _load_files(connection, settings, journal, found.files, folder, tell)
    messages = found.messages if found.files else (*found.messages, how_to_begin(settings.inbox))
    return LoadReport(tuple(outcomes), messages)


def _judge_decided(connection: DuckDBPyConnection, journal: Journal, timezone: str) -> list[FileOutcome]:
    """Judge released rows; about those that came back something may have been decided before, too."""
    outcomes: list[FileOutcome] = []
    journal.recall()
    while judged := judge_released(connection, timezone):
        outcomes += judged
        journal.recall()
    return outcomes


def _load_files(
    connection: DuckDBPyConnection,
    settings: Settings,
    journal: Journal,
    files: tuple[InboxFile, ...],
    folder: Path,
    tell: Progress,
) -> list[FileOutcome]:
    register = Register(connection)
    outcomes = []
    for place, file in enumerate(files, start=1):
        outcome = _load_one(connection, settings, register, file, folder)
        outcomes.append(outcome)
        if outcome.quarantined and (judged := _judge_decided(connection, journal, settings.timezone)):
            outcomes += judged
            register.catch_up()
        if outcome.status != "skipped":
            detail = f"{outcome.accepted:,} rows" if outcome.status == "loaded" else f"rejected: {outcome.message}"
            tell(f"[{place}/{len(files)}] {file.name}: {detail}")
    return outcomes


def _load_one(
    connection: DuckDBPyConnection, settings: Settings, register: Register, file: InboxFile, folder: Path
) -> FileOutcome:
    table = file.entity.table
    try:
        if register.is_unchanged(file):
            return FileOutcome(file.name, table, "skipped")
        fingerprint = fingerprint_of(file.path)
        earlier = register.loaded_as(file, fingerprint)
        if earlier is not None:
            message = None if earlier == file.name else f"has the same content as {earlier}, which was loaded."
            return FileOutcome(file.name, table, "skipped", message=message)
        return load_file(connection, register, file, fingerprint, settings.timezone, folder)
    except FileChangedError as error:
        return FileOutcome(file.name, table, "skipped", message=str(error))
    except (PermissionError, FileNotFoundError) as error:
        return FileOutcome(file.name, table, "rejected", message=f"cannot be opened ({error.strerror}).")


def how_to_begin(inbox: Path) -> str:
    """What to put where, for somebody whose inbox is empty."""
    return (
        f"The inbox {inbox} is empty. Put files under <domain>/<entity>/, for example "
        f"{inbox / 'crm' / 'contacts' / 'contacts.csv'} with the columns contact_id and created_at; formats: "
        f"{', '.join(FORMATS)}. The data dictionary lists all entities and columns; `lifecycle demo` brings a sample "
        "company."
    )
