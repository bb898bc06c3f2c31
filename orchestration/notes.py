"""What a person should know after a run: about files, about identity, and warnings of the gates that neither tells.

Only wording and choice; what is wrong was found by the inbox, the models and the gates.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingestion.contract import ENTITIES
from orchestration.identity.notes import identity_notes
from quality.checks import Outcome
from quality.suites.identity import VIOLATIONS
from quality.suites.raw import RAW_SCHEMA
from quality.wording import warnings_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from quality.verdicts import Verdict

# Warnings of gate 1 and the words in which the inbox tells the same about a file.
FILE_WORDS = {
    "no_unknown_columns": "columns the contract lacks",
    "quarantine_share_is_small": "rows are in quarantine",
}
_FOLDERS = {f"{RAW_SCHEMA}.{entity.table}": f"{entity.path}/" for entity in ENTITIES}


def run_notes(connection: DuckDBPyConnection, files: list[str], verdicts: Sequence[Verdict]) -> list[str]:
    """Notes on files, then on identity, then warnings of the gates; nothing is told twice.

    Args:
        connection: an open connection to the warehouse.
        files: what the inbox said, one entry per file.
        verdicts: what the gates found in the run.
    """
    untold = [verdict for verdict in verdicts if not _is_told(verdict, files)]
    return [*files, *identity_notes(connection), *warnings_of(untold)]


def _is_told(verdict: Verdict, files: list[str]) -> bool:
    """Whether a note says the same; that a check could not be calculated is said by none."""
    if verdict.outcome != Outcome.FAIL:
        return False
    if verdict.table_name == VIOLATIONS:
        return True
    folder, words = _FOLDERS.get(verdict.table_name), FILE_WORDS.get(verdict.check_name)
    return bool(folder and words) and any(note.startswith(str(folder)) and str(words) in note for note in files)
