"""The statements dbt makes of our models, to run many times without dbt: a build of a tiny company in a second.

dbt compiles the models once as for an incremental build and once as for a full refresh. What it would put in as a
literal at the time of a build, the clock and the watermarks, is compiled as an expression with the same value. How a
statement becomes a table is repeated here in a line per strategy; a strategy this module does not know is an error.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from graphlib import TopologicalSorter
from types import SimpleNamespace
from typing import Any

import duckdb

from ingestion.identifiers.duckdb_functions import Plugin
from ingestion.settings import PROJECT_ROOT
from orchestration.run_context import end_of_day
from tests.integration.tiny_company import TinyCompany, environment, parsed_manifest

AT_RUN_TIME = {
    "as_of": "{% macro as_of() %} getvariable('as_of') {% endmacro %}",
    "as_of_end": "{% macro as_of_end() %} getvariable('as_of_end') {% endmacro %}",
    "is_reprocessed": "{% macro is_reprocessed(entity) %} {{ is_told_by_another_file(entity)"
    " if is_incremental() and replacing_sources(entity) else 'false' }} {% endmacro %}",
    "is_replaced_since_last_build": "{% macro is_replaced_since_last_build() %} {{ return(true) }} {% endmacro %}",
    "is_scope_enough": "{% macro is_scope_enough() %} {{ return(false) }} {% endmacro %}",
    "watermark": "{% macro watermark(seen) %} (select coalesce(max(load_seq), -1) from {{ seen }}) {% endmacro %}",
}
BEFORE = "/* what runs before the model */"


@dataclass(frozen=True)
class Model:
    """One model as dbt would build it.

    Args:
        name: its name.
        table: `schema.name`.
        strategy: materialization, of an incremental build with its strategy.
        before: statements that run before it, or nothing.
        statement: its query; of a Python model the path of its file.
        unique_key: column by which an incremental build replaces rows.
        parents: names of the models it reads.
        config: what a Python model asks for.
    """

    name: str
    table: str
    strategy: str
    before: str
    statement: str
    unique_key: str | None
    parents: tuple[str, ...]
    config: Any


class _Configuration:
    """A Python model's `dbt.config`: called to set what is set already, asked for values."""

    def __init__(self, config: Any) -> None:
        self.get = config.get

    def __call__(self, **_settings: object) -> None:
        """Nothing to do: dbt has read the settings when it parsed the model."""


class CompiledModels:
    """Models compiled in both ways, over the warehouse of a company that has been built before.

    Args:
        company: whose warehouse the models run in; it is left as it was.
        select: dbt selections.
    """

    def __init__(self, company: TinyCompany, *select: str) -> None:
        self.company, self.select = company, select
        self.incremental = _compile(company, select)

    @cached_property
    def refresh(self) -> list[Model]:
        """The models as of a full refresh; compiled when asked for first, which has to be outside of `warehouse`."""
        return _compile(self.company, self.select, "--full-refresh")

    @contextmanager
    def warehouse(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A connection in which every table of the models is empty; what is done in it is undone at the end."""
        with duckdb.connect(str(self.company.settings.warehouse)) as connection:
            Plugin("identifiers", {}).configure_connection(connection)
            connection.execute("set timezone = 'UTC'")
            connection.execute("begin")
            raw = "select table_name from duckdb_tables() where schema_name = 'raw_files'"
            for (table,) in connection.execute(raw).fetchall():
                connection.execute(f"delete from raw_files.{table}")
            for model in self.incremental:
                if model.strategy == "view":
                    connection.execute(f"create or replace view {model.table} as {model.statement}")
                elif model.strategy != "python":
                    connection.execute(f"delete from {model.table}")
            yield connection
            connection.execute("rollback")

    @property
    def tables(self) -> list[str]:
        """The tables of the models, in the order they are built."""
        return [model.table for model in self.incremental if model.strategy != "view"]


def build(connection: duckdb.DuckDBPyConnection, models: list[Model], as_of: date, timezone: str) -> None:
    """Run the models for a date."""
    connection.execute(f"set variable as_of = date '{as_of}'")
    connection.execute(f"set variable as_of_end = timestamp '{end_of_day(as_of, timezone)}'")
    for model in models:
        if model.before:
            connection.execute(model.before)
        BUILD[model.strategy](connection, model)


def _create(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    connection.execute(f"create or replace table {model.table} as {model.statement}")


def _view(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    connection.execute(f"create or replace view {model.table} as {model.statement}")


def _append(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    connection.execute(f"create or replace temp table new_rows as {model.statement}")
    connection.execute(f"insert into {model.table} by name from new_rows")


def _replace_rows(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    connection.execute(f"create or replace temp table new_rows as {model.statement}")
    key = model.unique_key
    connection.execute(f"delete from {model.table} where {key} in (select {key} from new_rows)")
    connection.execute(f"insert into {model.table} by name from new_rows")


def _call(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    spec = importlib.util.spec_from_file_location(model.name, model.statement)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    find = "select table_schema || '.' || table_name from information_schema.tables where table_name = ?"
    found = {name: f"{connection.execute(find, [name]).fetchone()[0]}" for name in model.parents}
    dbt = SimpleNamespace(config=_Configuration(model.config), ref=lambda name: connection.sql(f"from {found[name]}"))
    answer = module.model(dbt, connection)  # noqa: F841 - read by the statement below
    connection.execute(f"create or replace table {model.table} as from answer")


BUILD: dict[str, Callable[[duckdb.DuckDBPyConnection, Model], None]] = {
    "table": _create,
    "view": _view,
    "python": _call,
    "append": _append,
    "delete+insert": _replace_rows,
}


def _compile(company: TinyCompany, select: tuple[str, ...], *arguments: str) -> list[Model]:
    """The models in the order of their dependencies."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    manifest = parsed_manifest().deepcopy()
    for name, text in AT_RUN_TIME.items():
        manifest.macros[f"macro.customer_lifecycle.{name}"].macro_sql = text
    for node in manifest.nodes.values():
        if node.config.get("materialized") == "ephemeral":
            node.config.materialized = "view"
        hooks = [hook.sql for hook in node.config.get("pre_hook", [])]
        node.raw_code = "".join(f"{hook}{BEFORE}" for hook in hooks) + node.raw_code
    frame = ("--quiet", "--log-path", str(company.directory / "logs"), "--no-write-json")
    where = ("--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT))
    where += ("--target-path", str(company.directory / "target"))
    with environment(LIFECYCLE_DATA_DIR=str(company.settings.data_dir)):
        chosen = ("--select", *select, "--exclude", "resource_type:test", "resource_type:unit_test")
        result = dbtRunner(manifest=manifest).invoke([*frame, "compile", *where, *arguments, *chosen])
    DuckDBConnectionManager.close_all_connections()
    assert result.success, result.exception
    nodes = {one.node.unique_id: one.node for one in result.result.results if one.node.resource_type == "model"}
    parents = {name: [up for up in node.depends_on.nodes if up in nodes] for name, node in nodes.items()}
    return [_model(nodes[name], "--full-refresh" in arguments) for name in TopologicalSorter(parents).static_order()]


def _model(node: Any, full_refresh: bool) -> Model:
    config, strategy = node.config, node.config.materialized
    if node.language == "python":
        strategy, statement = "python", str(PROJECT_ROOT / node.original_file_path)
    else:
        statement = node.compiled_code
    if strategy == "incremental":
        keeps_rows = not full_refresh or config.full_refresh is False
        strategy = config.incremental_strategy if keeps_rows else "table"
    *before, query = statement.split(BEFORE)
    parents = tuple(name.split(".")[-1] for name in node.depends_on.nodes)
    table = f"{node.schema}.{node.name}"
    return Model(node.name, table, strategy, ";".join(before), query, config.unique_key, parents, config)
