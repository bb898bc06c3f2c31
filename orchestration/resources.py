"""What the steps are given besides their inputs: the settings, the run's clock and dbt.

Resources are made here and nowhere else; making them reads nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from dagster_dbt import DbtCliResource, DbtProject
from packaging.version import Version
from pydantic import Field, PrivateAttr

from ingestion.errors import LifecycleError
from ingestion.settings import PROJECT_ROOT, Settings
from orchestration.dbt_server.client import ADDRESS
from orchestration.dbt_server.process import DbtServer
from orchestration.instance_state import clock_of
from orchestration.layers import LAYERS
from orchestration.run_context import RunContext, begin_run, foresee_run
from orchestration.run_lock import hold_run_lock
from orchestration.sample_company import let_days_come
from orchestration.source_window import window_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ingestion.sources.model import Window

DBT = Path(sys.executable).with_name("dbt")
DBT_CLIENT = Path(sys.executable).with_name("lifecycle-dbt")
# Of this dbt alone: what another version has read it may read differently.
PARSED = PROJECT_ROOT / "target" / f"parsed-{metadata.version('dbt-core')}"
ARTIFACTS = ("partial_parse.msgpack", "manifest.json")


# How the library has dbt print what it did.
LOGGED = {"DBT_LOG_FORMAT": "json"}


class DbtProjectError(LifecycleError):
    """dbt cannot read its project; the message is dbt's own."""


class RunConfigurationError(LifecycleError):
    """A value of the run's configuration cannot be read; the message names the format."""


class RunClock(dg.ConfigurableResource):
    """The one clock of a run: which date it looks at the world from, and whether everything is built anew."""

    as_of: str = Field(
        default="",
        description="Date YYYY-MM-DD in the business time zone; data up to its end counts. Empty: today, or for a run "
        "that does not load its sources, the date its input was built for.",
    )
    full_refresh: bool = Field(default=False, description="Build incremental models anew.")
    since: str = Field(
        default="", description="Date YYYY-MM-DD: read again what changed at the sources from then on; see `until`."
    )
    until: str = Field(
        default="",
        description="Last date YYYY-MM-DD of what is read again. Empty both: only what is new since last time.",
    )

    def date_asked(self) -> date | None:
        """The date asked for, or None. Raises RunConfigurationError with the format when it cannot be read."""
        return _date("as_of", self.as_of)

    def window(self, settings: Settings) -> Window | None:
        """What of the sources is read again, or None for what is new. Raises RunConfigurationError."""
        since, until = _date("since", self.since), _date("until", self.until)
        return window_of(settings, since, until) if since or until else None

    def begin(self, settings: Settings, run_id: str, *, loads: bool = False) -> RunContext:
        """Take the run lock and write the run's parameters, unless a step has; a demo comes to its day."""
        hold_run_lock(settings, run_id)
        run = begin_run(settings, run_id, as_of=self.date_asked(), loads=loads)
        if loads:
            let_days_come(settings, run.as_of)
        return run

    def foresee(self, settings: Settings, run_id: str, *, loads: bool = False) -> RunContext:
        """The same without writing parameters, for a step that may yet refuse the date or that comes after it did."""
        hold_run_lock(settings, run_id)
        run = foresee_run(settings, run_id, as_of=self.date_asked(), loads=loads)
        if loads:
            let_days_come(settings, run.as_of)
        return run


def _date(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise RunConfigurationError(f"{name} {text!r} is not a date; write it as YYYY-MM-DD") from None


class DbtCommand(DbtCliResource):
    """dbt as a command and nothing else, held in memory from the run's first step to its last.

    The library also opens a handle on the adapter, for row counts and lineage read from the warehouse. Nothing here
    uses it, and making it parses all macros again in every step.
    """

    environment: dict[str, str] = Field(description="What dbt reads from its environment.")
    _server: DbtServer | None = PrivateAttr(default=None)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Start the server; it reads the project while the run loads its data."""
        super().setup_for_execution(context)
        os.environ.update(self.environment)
        self._server = DbtServer({**self.environment, **LOGGED}, expected_invocations(context.run))
        os.environ[ADDRESS] = str(self._server.address)

    def teardown_after_execution(self, context: dg.InitResourceContext) -> None:
        """End the server with the run."""
        if self._server:
            self._server.stop()

    @cached_property
    def _cli_version(self) -> Version:
        """The installed version, without starting dbt to ask for it."""
        return Version(metadata.version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> None:
        return None


def expected_invocations(run: dg.DagsterRun | None) -> list[list[str]]:
    """What a run will ask of dbt: all layers in order; of a run of chosen assets nothing is foretold."""
    if run is None or run.asset_selection:
        return []
    full_refresh = bool(clock_of(run).get("full_refresh"))
    return [[*layer.dbt_arguments(full_refresh=full_refresh), *layer.selection] for layer in LAYERS]


def dbt_project(settings: Settings) -> DbtProject:
    """The dbt project at the repository's root; its artifacts lie in the data directory.

    The manifest is made when it is missing or older than the project's files; no database is opened for that. What was
    read for one data directory is kept with the project and serves all others: the project is the same everywhere.
    """
    target = settings.data_dir / "dbt"
    if not _is_current(target):
        target.mkdir(parents=True, exist_ok=True)
        if _is_current(PARSED):
            _copy_artifacts(PARSED, target)
        else:
            _parse(settings)
            if os.access(PROJECT_ROOT, os.W_OK):
                _copy_artifacts(target, PARSED)
    return DbtProject(project_dir=PROJECT_ROOT, profiles_dir=PROJECT_ROOT, target_path=target)


def dbt_resource(project: DbtProject, settings: Settings) -> DbtCliResource:
    """Dbt as the steps call it."""
    return DbtCommand(project_dir=project, dbt_executable=str(DBT_CLIENT), environment=dict(dbt_environment(settings)))


def dbt_environment(settings: Settings) -> Mapping[str, str]:
    """What dbt's subprocess reads from its environment: the profile's values and where artifacts go."""
    return {
        "LIFECYCLE_DATA_DIR": str(settings.data_dir),
        "LIFECYCLE_MEMORY_LIMIT": settings.memory_limit,
        "LIFECYCLE_SPILL_LIMIT": settings.spill_limit,
        "LIFECYCLE_THREADS": str(settings.threads),
        "LIFECYCLE_IDENTITY_PROPOSALS": str(settings.identity_proposals).lower(),
        "DBT_PROJECT_DIR": str(PROJECT_ROOT),
        "DBT_PROFILES_DIR": str(PROJECT_ROOT),
        "DBT_TARGET_PATH": str(settings.data_dir / "dbt"),
        "DBT_LOG_PATH": str(settings.data_dir / "logs"),
        "DBT_INDIRECT_SELECTION": "buildable",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


def _parse(settings: Settings) -> None:
    result = subprocess.run(
        [DBT, "parse", "--quiet"],
        env={**os.environ, **dbt_environment(settings)},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise DbtProjectError(f"dbt cannot read the project:\n{result.stdout}{result.stderr}")


def _copy_artifacts(source: Path, folder: Path) -> None:
    """Copy what dbt keeps of a project it has read; the manifest comes last, for its age is that of all."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ARTIFACTS:
        unfinished = folder / f"{name}.{os.getpid()}.part"
        shutil.copy2(source / name, unfinished)
        unfinished.replace(folder / name)


def _is_current(target: Path) -> bool:
    manifest = target / "manifest.json"
    if not manifest.exists():
        return False
    made = manifest.stat().st_mtime
    files = (PROJECT_ROOT / "dbt_project").rglob("*")
    roots = (PROJECT_ROOT / "dbt_project.yml", PROJECT_ROOT / "profiles.yml")
    return all(path.stat().st_mtime <= made for path in (*roots, *files))
