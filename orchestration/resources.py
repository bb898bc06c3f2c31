"""What the steps are given besides their inputs: the settings, the run's clock and dbt.

Resources are made here and nowhere else; making them reads nothing.
"""

from __future__ import annotations

import os
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
from orchestration.dbt_server.client import ADDRESS
from orchestration.dbt_server.process import DbtServer
from orchestration.instance_state import clock_of
from orchestration.layers import LAYERS
from orchestration.parsed_project import dbt_environment
from orchestration.run_context import RunContext, begin_run, foresee_run
from orchestration.run_lock import hold_run_lock
from orchestration.sample_company import let_days_come
from orchestration.source_window import window_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingestion.settings import Settings
    from ingestion.sources.model import Window

DBT_CLIENT = Path(sys.executable).with_name("lifecycle-dbt")


# How the library has dbt print what it did.
LOGGED = {"DBT_LOG_FORMAT": "json"}


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


def dbt_resource(project: DbtProject, settings: Settings) -> DbtCliResource:
    """Dbt as the steps call it."""
    return DbtCommand(project_dir=project, dbt_executable=str(DBT_CLIENT), environment=dict(dbt_environment(settings)))
