"""A copy of the warehouse with some people in it, built by the very models of the run, and gone afterwards.

Which rows belong to those people is said by `concerned_rows.py`. The copy lies in the data directory, for it holds what
people delivered; one that a killed process left is removed by the next.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from ingestion.left_behind import remove_folders_of_the_dead
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.warehouse import connect, make_private_directory
from orchestration.identity.concerned_rows import OF_EVERYBODY, copy_concerned
from orchestration.layers import QUIET
from orchestration.remedies import death_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from orchestration.identity.overrides import Override

# Names of copies, also of those an earlier version left; the process that made it follows.
COPY, FORMER_COPY = ".people_", ".preview_"
IDENTITY = "path:dbt_project/models/identity"
BESIDE_RESOLUTION = (
    *("sightings", "violations", "decision_violations", "link_decisions", "customers"),
    *("compared_customers", "log", "retired_customer_ids", "resolutions", "resolved_inputs"),
    *("matched_contacts", "contact_matches", "proposals"),
)
STAGES = "+stage_stays,path:dbt_project/models/lifecycle"


class CopyError(LifecycleError):
    """The people could not be resolved in a copy."""


@dataclass(frozen=True, slots=True)
class CopiedPeople:
    """People resolved anew.

    Args:
        settings: of the copy; its warehouse has their identities, and their stages when `has_stages`.
        customers: the customer each of their identifiers has in the warehouse.
        has_stages: whether the warehouse has stages to compare with.
    """

    settings: Settings
    customers: dict[str, str]
    has_stages: bool


@contextmanager
def copied_people(settings: Settings, keys: Sequence[str], overrides: Sequence[Override]) -> Iterator[CopiedPeople]:
    """Resolve the evidence groups of identifiers in a copy, from their sightings to the stages.

    Args:
        settings: of the warehouse.
        keys: identifiers of the people.
        overrides: decisions the copy knows beside those delivered.

    Raises:
        CopyError: when dbt fails on the copy.
        WarehouseLockedError: while a run writes.
    """
    make_private_directory(settings.data_dir)
    remove_folders_of_the_dead(settings.data_dir, COPY, FORMER_COPY)
    with TemporaryDirectory(prefix=f"{COPY}{os.getpid()}_", dir=settings.data_dir) as folder:
        copy = Settings(**{**settings.model_dump(), "data_dir": Path(folder)}, _env_file=None)
        customers = copy_concerned(settings, copy, keys, overrides)
        with connect(copy, read_only=True) as connection:
            has_stages = has_table(connection, "lifecycle", OF_EVERYBODY[0])
        _build(settings, copy, IDENTITY, *([STAGES] if has_stages else []))
        yield CopiedPeople(copy, customers, has_stages)


def has_table(connection: DuckDBPyConnection, schema: str, name: str) -> bool:
    """Whether a database has a table."""
    found = connection.execute(
        "select 1 from duckdb_tables() where schema_name = ? and table_name = ?", [schema, name]
    ).fetchone()
    return found is not None


def _build(settings: Settings, copy: Settings, *selection: str) -> None:
    from orchestration.parsed_project import DBT_ONCE, dbt_environment, dbt_project

    # The project as it was read for the warehouse itself: reading it takes longer than the rest.
    reading = dbt_project(settings).target_path
    result = subprocess.run(
        [
            *(*DBT_ONCE, reading, *QUIET, "run", "--quiet", "--select", *selection),
            *("--exclude", *BESIDE_RESOLUTION, *OF_EVERYBODY),
            *("--profiles-dir", str(PROJECT_ROOT), "--project-dir", str(PROJECT_ROOT)),
        ],
        env={**os.environ, **dbt_environment(copy)},
        capture_output=True,
        check=False,
    )
    if how := death_of(result.returncode):
        raise CopyError(f"The people concerned were not resolved: dbt {how}.")
    if result.returncode:
        raise CopyError(
            "The people concerned could not be resolved in a copy of their rows. `lifecycle doctor` says whether the "
            "installation is whole; `lifecycle run --full-refresh` builds what the copy is made of anew."
        )
