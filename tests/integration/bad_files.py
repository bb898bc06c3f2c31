"""Files that are right row by row and wrong as a whole: made of what was delivered before, put into the inbox again."""

from __future__ import annotations

import shutil
from pathlib import Path

from ingestion.settings import Settings
from ingestion.warehouse import connect


def deliver(settings: Settings, entity: str, columns: str, rows: str, name: str = "bad") -> None:
    """Put a file into the inbox that holds rows of the entity's raw table, changed.

    Args:
        settings: whose inbox.
        entity: table of the entity.
        columns: what stands behind `select`.
        rows: what stands behind the table: which of its rows.
        name: of the file.
    """
    domain, _, folder = entity.partition("_")
    path = settings.inbox / domain / folder / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with connect(settings) as connection:
        connection.execute(
            f"""copy (
                select {columns} from (
                    select * exclude (_load_seq, _row_number, _extra, _original) from raw_files.{entity} {rows}
                )
            ) to '{path}' (header, timestampformat '%Y-%m-%dT%H:%M:%SZ')"""
        )


def copy_of(settings: Settings, folder: Path) -> Settings:
    """A copy of a data directory that a test may change."""
    shutil.copytree(settings.data_dir, folder, symlinks=True)
    return Settings(data_dir=folder, _env_file=None)
