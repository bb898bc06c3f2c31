"""What a generation's files are: durable, of a form every reader knows, and exactly what the warehouse holds."""

from dataclasses import fields
from pathlib import Path

import duckdb
import pytest

from ingestion.warehouse import connect
from orchestration.publish import generation
from orchestration.publish.generation import GenerationMismatchError
from orchestration.publish.pointer import GENERATIONS, current_generation
from quality.verdicts import Verdict, store_verdicts
from tests.integration.publishing import AS_OF, publish, seen


@pytest.fixture
def published(settings):
    """A generation with the number 2."""
    publish(settings, 2)
    return settings


def test_every_driver_since_duckdb_1_0_reads_the_database_and_the_parquet_files_are_compressed_with_zstd(published):
    with duckdb.connect(str(published.serving / "lifecycle.duckdb"), read_only=True) as connection:
        (tags,) = connection.execute(
            "select tags from duckdb_databases() where database_name = current_database()"
        ).fetchone()
        compressions = connection.execute(
            f"select distinct file_name, compression from parquet_metadata('{published.serving}/parquet/*.parquet')"
        ).fetchall()
    assert tags["storage_version"] == "v1.0.0+"
    assert {compression for _, compression in compressions} == {"ZSTD"}
    assert {Path(name).stem for name, _ in compressions} == {"left_mart", "right_mart"}, "no check has run yet"


def store_a_failure(settings):
    """One verdict, so that there is something to publish beside the marts."""
    row = {field.name: "" for field in fields(Verdict)} | {"gate": "g3_marts", "outcome": "fail"}
    row |= {"unexpected_count": 1, "row_count": 1, "is_blocking": False, "as_of": AS_OF, "evaluated_at": AS_OF}
    with connect(settings) as connection:
        store_verdicts(connection, "g3_marts", "run", [Verdict(**row)])


@pytest.mark.parametrize(
    ("step", "damage"),
    [
        ("_write_meta", "update lifecycle.marts.left_mart set number = 0 where rowid = 7"),
        ("_write_parquet", "copy (select 3 as number from range(499)) to '{}' (format parquet)"),
        ("_write_parquet", "copy (select n // 499 + 3 as number from range(500) as rows (n)) to '{}' (format parquet)"),
        ("_write_quality", "update lifecycle.marts.data_quality set outcome = 'pass'"),
    ],
    ids=["a value of the database", "a row of a Parquet file", "a value of a Parquet file", "a verdict"],
)
def test_what_is_read_back_different_is_never_published(published, monkeypatch, step, damage):
    store_a_failure(published)
    original = getattr(generation, step)

    def damaged(connection, *arguments):
        original(connection, *arguments)
        connection.execute(damage.format(arguments[-1]))

    monkeypatch.setattr(generation, step, damaged)
    with pytest.raises(GenerationMismatchError, match="differs from the warehouse"):
        publish(published, 3)
    assert seen(published.serving) == 2


def test_all_files_of_a_generation_and_the_folders_that_name_them_are_durable_before_it_has_its_name(
    published, monkeypatch
):
    # The names in the generation's own folder were once not made durable: after a power cut it could be empty.
    durable, make_durable = [], generation.fsync_path
    monkeypatch.setattr(generation, "fsync_path", lambda path: (durable.append(path), make_durable(path)))
    publish(published, 3)
    folder = published.serving / GENERATIONS
    written = folder / current_generation(published.serving)
    building = folder / f".building_{written.name}"
    inside = {building / path.relative_to(written) for path in written.rglob("*")}
    assert {"lifecycle.duckdb", "manifest.json", "parquet", "left_mart.parquet"} <= {path.name for path in inside}
    # A manifest is made durable under another name and then takes its own; what it follows is told when readers saw it.
    told_anew = {written / "manifest.json", written / "parquet" / "manifest.json"}
    named = {path.with_name("manifest.json") if path.name == ".manifest.json.new" else path for path in durable}
    assert named == {building} | inside | told_anew
