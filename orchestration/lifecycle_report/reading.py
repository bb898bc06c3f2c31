"""Asks the published generation the report's questions, over one read-only connection.

One connection is one generation: a publication that happens meanwhile is not seen, so all figures belong together.
"""

from __future__ import annotations

import re
from string import Template
from typing import TYPE_CHECKING

from ingestion.errors import ExitCode, LifecycleError
from ingestion.warehouse import limits_beside
from orchestration.lifecycle_report.model import Answers
from orchestration.publish.damage import damage_told
from orchestration.publish.generation import read_manifest
from orchestration.publish.pointer import DATABASE, GENERATIONS, served_generation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings
    from orchestration.lifecycle_report.model import Language, Panel, Rows

_TABLE = re.compile(r"\bmarts\.(\w+)")


class NothingPublishedError(LifecycleError):
    """There is no generation to report on yet."""

    exit_code = ExitCode.NO_DATA


def read_answers(settings: Settings, panels: Iterable[Panel], language: Language) -> Answers:
    """The rows of every panel in the generation readers see.

    A generation written by an earlier version of the project may lack a table or a column; such a panel is named in
    `missing` and has no rows.

    Args:
        settings: where the serving folder is; currency; memory and threads.
        panels: the questions.
        language: of the labels the marts hold themselves.

    Raises:
        NothingPublishedError: when nothing has been published.
        DamagedGenerationError: when the published file cannot be read.
    """
    import duckdb

    generation = served_generation(settings.serving)
    if generation is None:
        raise NothingPublishedError("Nothing has been published yet. Run `lifecycle run` first.")
    path = settings.serving / GENERATIONS / generation / DATABASE
    rows: dict[str, Rows] = {}
    missing: dict[str, str] = {}
    with damage_told(settings), duckdb.connect(str(path), read_only=True, config=limits_beside(settings)) as connection:
        present = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
        for panel in panels:
            absent = sorted(set(_TABLE.findall(panel.query)) - present)
            if absent:
                missing[panel.key] = ", ".join(absent)
                continue
            try:
                rows[panel.key] = _rows(connection, panel, language)
            except duckdb.BinderException:
                missing[panel.key] = ", ".join(sorted(set(_TABLE.findall(panel.query))))
    as_of = read_manifest(settings.serving, generation).as_of
    return Answers(generation, as_of, settings.reporting_currency, rows, missing)


def _rows(connection: DuckDBPyConnection, panel: Panel, language: Language) -> Rows:
    cursor = connection.execute(Template(panel.query).substitute(language=language.value))
    names = [str(column[0]) for column in cursor.description or ()]
    if names != [column.name for column in panel.columns]:
        raise ValueError(f"panel {panel.key}: the query gives {names}, which are not the columns declared for it")
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
