"""One generation: a new DuckDB file and Parquet files with all marts, written, made durable and read back.

A generation is complete when its folder has its final name; until then the name starts with a dot and readers, rollback
and history ignore it. `manifest.json` in the folder is the truth about what was published; a copy lies beside the
Parquet files, and `meta.generation` in the database says the same in short.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from ingestion.warehouse import attach_warehouse, limits_beside
from orchestration.publish.damage import DamagedGenerationError
from orchestration.publish.pointer import (
    DATABASE,
    GENERATIONS,
    MANIFEST,
    PARQUET,
    fsync_directory,
)
from orchestration.publish.quality_tables import QUALITY_TABLES
from orchestration.publish.readers import open_generation

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pyarrow as pa
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

MEMORY = "1500MB"
BUILDING, LEAVING = ".building_", ".leaving_"
STORAGE_VERSION = "v1.0.0"  # readable by every DuckDB driver since 1.0


class GenerationMismatchError(LifecycleError):
    """What was read back from a new generation is not what the warehouse holds."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds.

    Args:
        generation: its name, `<number>_<as_of>`.
        as_of: the date the marts look at the world from.
        run_id: the run that published it.
        published_at: wall clock, UTC, ISO 8601.
        row_counts: rows by table.
        fingerprints: content fingerprint by table, without the check results.
        contract_version: version of the contract of the marts; None in generations older than it.
        gate_runs: the run whose verdicts at each gate it was published with; None in generations older than it.
        follows: the generation readers saw before it, empty for the first one; None where nobody knows: until readers
            are switched to it, and in generations older than this entry.
    """

    generation: str
    as_of: str
    run_id: str
    published_at: str
    row_counts: Mapping[str, int]
    fingerprints: Mapping[str, str]
    contract_version: str | None = None
    gate_runs: Mapping[str, str] | None = None
    follows: str | None = None


def read_manifest(serving: Path, generation: str) -> Manifest:
    """The manifest of a complete generation.

    Raises:
        DamagedGenerationError: when it is there and holds no manifest.
    """
    path = serving / GENERATIONS / generation / MANIFEST
    try:
        return Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise DamagedGenerationError(
            f"{path} cannot be read: it is damaged. `lifecycle publish` writes a new generation, `lifecycle rollback` "
            "shows the one before it."
        ) from error


def manifest_if_readable(serving: Path, generation: str) -> Manifest | None:
    """The manifest of a generation; None when it is missing or damaged."""
    try:
        return read_manifest(serving, generation)
    except (OSError, DamagedGenerationError):
        return None


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write a manifest into the folder of its generation and beside the Parquet files: each whole or not at all."""
    for place in (folder / PARQUET, folder):
        new = place / f".{MANIFEST}.new"
        new.write_text(json.dumps(asdict(manifest), indent=2), encoding="utf-8")
        fsync_path(new)
        new.replace(place / MANIFEST)
        fsync_directory(place)


def next_name(names: Sequence[str], as_of: date) -> str:
    """Name of the generation after `names`: a running number, then the date."""
    number = max((int(name.split("_")[0]) for name in names), default=0) + 1
    return f"{number:06d}_{as_of}"


def write_generation(settings: Settings, manifest: Manifest, quality: Mapping[str, pa.Table]) -> None:
    """Write the generation `manifest` describes, make it durable and give it its final name.

    Args:
        settings: where warehouse and serving folder are; memory limit.
        manifest: name, tables and their fingerprints in the warehouse.
        quality: the check results to publish beside the marts, by the name of their table.

    Raises:
        GenerationMismatchError: when the file read back differs from the warehouse; nothing is published.
        ReadersGroupError: when it cannot be given to the readers' group; nothing is published.
    """
    folder = settings.serving / GENERATIONS
    building = folder / f"{BUILDING}{manifest.generation}"
    for leftover in (*folder.glob(f"{BUILDING}*"), *folder.glob(f"{LEAVING}*")):
        delete_folder(leftover)
    (building / PARQUET).mkdir(parents=True)
    with attach_warehouse(settings) as connection:
        limit_memory(connection)
        connection.execute(f"attach '{building / DATABASE}' as lifecycle (storage_version '{STORAGE_VERSION}')")
        connection.execute("create schema lifecycle.marts")
        for table in manifest.fingerprints:
            connection.execute(f"create table lifecycle.marts.{table} as select * from warehouse.marts.{table}")
        # One commit for the hundreds of small statements: each would wait for the disk.
        connection.execute("begin")
        _describe_tables(connection, manifest.fingerprints)
        for table in QUALITY_TABLES:
            _write_quality(connection, table, quality.get(table))
        _write_meta(connection, manifest)
        connection.execute("commit")
        for table in (*manifest.fingerprints, *QUALITY_TABLES):
            _write_parquet(connection, table, building / PARQUET / f"{table}.parquet")
        connection.execute("checkpoint lifecycle")
        connection.execute("detach lifecycle")
    _compare(settings, building, manifest, quality)
    write_manifest(building, manifest)
    open_generation(settings, building)
    for path in (building, *sorted(building.rglob("*"))):
        fsync_path(path)
    building.rename(folder / manifest.generation)
    fsync_directory(folder)


def limit_memory(connection: DuckDBPyConnection) -> None:
    """Let a connection stream: marts of any size pass through little memory, and the rest is left to the readers."""
    from pydantic import ByteSize, TypeAdapter

    (present,) = connection.execute("select current_setting('memory_limit')").fetchall()[0]
    if TypeAdapter(ByteSize).validate_python(present) > TypeAdapter(ByteSize).validate_python(MEMORY):
        connection.execute(f"set memory_limit = '{MEMORY}'")


def remove_generation(serving: Path, generation: str) -> None:
    """Delete a generation; it loses its name first, so that a half deleted one is never taken for a complete one."""
    folder = serving / GENERATIONS
    leaving = (folder / generation).rename(folder / f"{LEAVING}{generation}")
    delete_folder(leaving)


def delete_folder(folder: Path) -> None:
    """Delete a folder that is no generation (any more)."""
    shutil.rmtree(folder)


def fsync_path(path: Path) -> None:
    """Make a file's content or a directory's names durable."""
    if path.is_dir():
        fsync_directory(path)
        return
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _describe_tables(connection: DuckDBPyConnection, tables: Collection[str]) -> None:
    """Give the copies the comments of the marts. DuckDB lists its catalogue slowly, so it is asked once for all."""
    comments = connection.execute(
        "select table_name, column_name, comment from duckdb_columns() where database_name = 'warehouse' "
        "and schema_name = 'marts' and comment is not null union all "
        "select table_name, null, comment from duckdb_tables() where database_name = 'warehouse' "
        "and schema_name = 'marts' and comment is not null"
    ).fetchall()
    for table, column, comment in comments:
        if table in tables:
            kind, name = ("column", f"{table}.{column}") if column else ("table", table)
            connection.execute(f"comment on {kind} lifecycle.marts.{name} is {_literal(comment)}")


def _write_quality(connection: DuckDBPyConnection, name: str, rows: pa.Table | None) -> None:
    """Create a table of check results with its comments; all rows in one statement, for one each would take seconds."""
    table, target = QUALITY_TABLES[name], f"lifecycle.marts.{name}"
    declared = ", ".join(f'"{column}" {kind}' for column, kind in table.types.items())
    connection.execute(f"create table {target} ({declared})")
    if rows is not None and rows.num_rows:
        connection.register("quality_rows", rows)
        connection.execute(f"insert into {target} by name select * from quality_rows")
        connection.unregister("quality_rows")
    connection.execute(f"comment on table {target} is {_literal(table.description)}")
    for column, (_, description) in table.columns.items():
        connection.execute(f'comment on column {target}."{column}" is {_literal(description)}')


def _write_meta(connection: DuckDBPyConnection, manifest: Manifest) -> None:
    """What the generation is, for readers who have the database only: one row."""
    connection.execute("create schema lifecycle.meta")
    connection.execute(
        "create table lifecycle.meta.generation as select ?::varchar as generation, ?::date as as_of, "
        "?::varchar as contract_version, ?::varchar as run_id, ?::timestamptz::timestamp as published_at",
        [manifest.generation, manifest.as_of, manifest.contract_version, manifest.run_id, manifest.published_at],
    )


def _write_parquet(connection: DuckDBPyConnection, table: str, path: Path) -> None:
    connection.execute(f"copy lifecycle.marts.{table} to '{path}' (format parquet, compression zstd)")


def _compare(settings: Settings, building: Path, manifest: Manifest, quality: Mapping[str, pa.Table]) -> None:
    """Read everything back by content: the database as it was in the warehouse, the Parquet files as the database."""
    import duckdb

    from quality.fingerprint import copy_fingerprint, table_fingerprint

    path = building / DATABASE
    with duckdb.connect(str(path), read_only=True, config=limits_beside(settings)) as connection:
        limit_memory(connection)
        expected: dict[str, str | None] = dict(manifest.fingerprints)
        for table in QUALITY_TABLES:
            if not _holds_quality(connection, table, quality.get(table)):
                raise _mismatch(f"marts.{table} read back from the new generation")
            expected[table] = table_fingerprint(connection, f"marts.{table}")
        for table, fingerprint in expected.items():
            if table_fingerprint(connection, f"marts.{table}") != fingerprint:
                raise _mismatch(f"marts.{table} read back from the new generation")
            parquet = building / PARQUET / f"{table}.parquet"
            read = f"read_parquet({_literal(str(parquet))})"
            if copy_fingerprint(connection, f"marts.{table}", read) != fingerprint:
                raise _mismatch(f"{parquet.name} of the new generation")


def _holds_quality(connection: DuckDBPyConnection, name: str, rows: pa.Table | None) -> bool:
    """Whether a table of check results holds exactly these rows."""
    held = f"from marts.{name}"
    if rows is None or not rows.num_rows:
        return connection.execute(f"select count(*) {held}").fetchone() == (0,)
    columns = ", ".join(f'"{column}"::{kind}' for column, kind in QUALITY_TABLES[name].types.items())
    held, given = f"select {columns} {held}", f"select {columns} from quality_rows"
    connection.register("quality_rows", rows)
    differing = connection.execute(f"({held} except all {given}) union all ({given} except all {held})").fetchone()
    connection.unregister("quality_rows")
    return differing is None


def _mismatch(what: str) -> GenerationMismatchError:
    return GenerationMismatchError(
        f"{what} differs from the warehouse; nothing was published. Check the disk, then run `lifecycle publish` again."
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
