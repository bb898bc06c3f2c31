"""A company small enough to read: files by hand, the whole of dbt on them, questions to the warehouse."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import uuid4

import duckdb

from ingestion.files.inbox import load_inbox
from ingestion.settings import PROJECT_ROOT, Settings
from orchestration.dbt_server.reading import read_project
from orchestration.parsed_project import dbt_project
from orchestration.run_context import begin_run

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest


class TinyCompany:
    """One warehouse in a directory of its own, built by dbt inside this process."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.settings = Settings(data_dir=directory / "data", _env_file=None)

    def deliver(self, **tables: str) -> None:
        """Put one file per entity into the inbox (`crm__orders="a,b\\n1,2"`) and load them."""
        for name, table in tables.items():
            folder = self.settings.inbox / name.replace("__", "/")
            folder.mkdir(parents=True, exist_ok=True)
            lines = (",".join(cell.strip() for cell in line.split("|")) for line in table.strip().splitlines())
            (folder / f"{len(list(folder.iterdir()))}.csv").write_text("\n".join(lines) + "\n")
        load_inbox(self.settings)

    def build(self, as_of: date, *arguments: str) -> None:
        """Run dbt for `as_of`; without arguments seeds and every model."""
        begin_run(self.settings, str(uuid4()), as_of=as_of, loads=True)
        self.dbt(*(arguments or ("build", "--exclude", "resource_type:test", "resource_type:unit_test")))

    def dbt(self, *arguments: str) -> None:
        """Invoke dbt on this warehouse; raises with dbt's own words when a node fails."""
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        frame = ("--quiet", "--log-path", str(self.directory / "logs"), "--no-write-json")
        where = ("--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT))
        with environment(LIFECYCLE_DATA_DIR=str(self.settings.data_dir)):
            result = dbtRunner(manifest=parsed_manifest()).invoke(
                [*frame, *arguments, *where, "--target-path", str(self.directory / "target")]
            )
        # dbt keeps the warehouse open in this process, with settings of its own.
        DuckDBConnectionManager.close_all_connections()
        if not result.success:
            outcomes = getattr(result.result, "results", [])
            failed = [f"{outcome.node.name}: {outcome.message}" for outcome in outcomes if outcome.status == "error"]
            raise AssertionError("\n".join(failed) or result.exception)

    def rows(self, query: str) -> list[tuple]:
        with duckdb.connect(str(self.settings.warehouse)) as connection:
            connection.execute("set timezone = 'UTC'")
            return connection.execute(query).fetchall()

    def customers_of(self, *identifier_keys: str) -> list[str]:
        """The customers of those identifiers that somebody has, one for each."""
        listed = ", ".join(f"'{key}'" for key in identifier_keys)
        found = self.rows(
            f"select customer_id from identity.customer_identifiers_map where identifier_key in ({listed})"
        )
        return [customer for (customer,) in found]

    def execute(self, *statements: str) -> None:
        with duckdb.connect(str(self.settings.warehouse)) as connection:
            for statement in statements:
                connection.execute(statement)


def parsed_manifest() -> Manifest:
    """The parsed project; parsing takes longer than most of what the tests run.

    dbt leaves ephemeral models out of what it compiles a second time, for it remembers to have put them in.
    """
    manifest = _parse()
    for node in manifest.nodes.values():
        if "extra_ctes_injected" in vars(node):
            node.extra_ctes_injected, node.extra_ctes = False, []
    return manifest


@cache
def _parse() -> Manifest:
    with TemporaryDirectory() as directory:
        project = dbt_project(Settings(data_dir=Path(directory), _env_file=None))
        manifest = read_project(project.target_path)
    assert manifest
    return manifest


@contextmanager
def environment(**values: str):
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name)
            else:
                os.environ[name] = value
