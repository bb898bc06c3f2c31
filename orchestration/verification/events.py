"""Events of the conformed entities: those kept from run to run against what all their deliveries together say.

dbt compiles each model as for a full refresh; the statement is asked for the keys of the sample alone.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from ingestion.identifiers.duckdb_functions import Plugin
from ingestion.settings import PROJECT_ROOT
from ingestion.warehouse import attach_warehouse
from orchestration.layers import QUIET
from orchestration.remedies import death_of
from orchestration.verification.comparison import Compared, compared

if TYPE_CHECKING:
    from ingestion.settings import Settings

INCREMENTAL = "path:dbt_project/models/conformed,config.materialized:incremental"
KEY = "record_key"


class CompilationError(LifecycleError):
    """dbt could not say what a full refresh would do."""


def compared_events(settings: Settings, part: int, parts: int) -> Iterator[Compared]:
    """Compare every incremental model of the conformed layer.

    Args:
        settings: of the warehouse.
        part: which of the parts, from 0.
        parts: into how many parts keys fall.

    Raises:
        CompilationError: when dbt cannot compile the models.
    """
    with TemporaryDirectory(prefix="lifecycle-verification-") as folder:
        statements = _compiled(settings, Path(folder))
    with attach_warehouse(settings) as connection:
        Plugin("identifiers", {}).configure_connection(connection)
        is_chosen = f"hash({KEY}) % {parts} = {part}"
        for name, statement in statements.items():
            table = f"conformed.{name}"
            built = f"from warehouse.{table} where {is_chosen}"
            yield compared(connection, table, built, f"select * from ({statement}) where {is_chosen}")


def _compiled(settings: Settings, folder: Path) -> dict[str, str]:
    """The statement of a full refresh by model."""
    from orchestration.parsed_project import DBT_ONCE, dbt_environment, dbt_project

    # What the run compiled is left alone.
    places = {"DBT_TARGET_PATH": str(folder), "DBT_LOG_PATH": str(folder)}
    reading = dbt_project(settings).target_path
    result = subprocess.run(
        [
            *(*DBT_ONCE, reading, *QUIET, "compile", "--quiet", "--full-refresh", "--indirect-selection", "empty"),
            *("--select", INCREMENTAL),
            *("--profiles-dir", str(PROJECT_ROOT), "--project-dir", str(PROJECT_ROOT)),
        ],
        env={**os.environ, **dbt_environment(settings), **places},
        capture_output=True,
        text=True,
        check=False,
    )
    if how := death_of(result.returncode):
        raise CompilationError(f"dbt {how}; then compare again.")
    if result.returncode:
        raise CompilationError(f"dbt cannot compile the models as for a full refresh:\n{result.stdout}{result.stderr}")
    files = sorted((folder / "compiled").rglob("conformed/**/*.sql"))
    if not files:
        raise CompilationError("There is no model of events to compare; the project's files are not complete.")
    return {file.stem: file.read_text(encoding="utf-8") for file in files}
