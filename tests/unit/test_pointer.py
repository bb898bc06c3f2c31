"""The pointer moves readers from one complete generation to another and survives a death in between."""

import shutil

import pytest

from orchestration.publish.generation import next_name
from orchestration.publish.pointer import current_generation, generation_names, point_to, served_generation, settle


@pytest.fixture
def serving(tmp_path):
    for name in ("000001_2026-01-01", "000002_2026-01-02"):
        folder = tmp_path / "generations" / name
        (folder / "parquet").mkdir(parents=True)
        (folder / "lifecycle.duckdb").write_text(name)
    (tmp_path / "generations" / ".building_000003_2026-01-03").mkdir()
    return tmp_path


def test_before_the_first_publication_there_is_no_generation(tmp_path):
    assert current_generation(tmp_path) is None
    assert generation_names(tmp_path) == []


def test_pointing_changes_what_both_links_lead_to(serving):
    point_to(serving, "000001_2026-01-01")
    point_to(serving, "000002_2026-01-02")
    assert current_generation(serving) == "000002_2026-01-02"
    assert (serving / "lifecycle.duckdb").read_text() == "000002_2026-01-02"
    assert (serving / "parquet").resolve() == serving / "generations" / "000002_2026-01-02" / "parquet"


def test_a_generation_being_built_is_no_generation(serving):
    assert generation_names(serving) == ["000001_2026-01-01", "000002_2026-01-02"]
    with pytest.raises(FileNotFoundError):
        point_to(serving, ".building_000003_2026-01-03")


def test_one_link_alone_moves_so_that_database_and_parquet_files_switch_together(serving):
    point_to(serving, "000001_2026-01-01")
    before = {name: (serving / name).lstat().st_ino for name in ("lifecycle.duckdb", "parquet")}
    point_to(serving, "000002_2026-01-02")
    assert before == {name: (serving / name).lstat().st_ino for name in before}


@pytest.mark.parametrize("missing", ["current", "parquet"])
def test_links_a_dead_publisher_left_unfinished_are_settled_in_favour_of_the_database(serving, missing):
    # Links of an earlier version led into the generation themselves, and a death left them in different ones.
    for name, generation in (("parquet", "000002_2026-01-02"), ("lifecycle.duckdb", "000001_2026-01-01")):
        (serving / name).symlink_to(f"generations/{generation}/{name}")
    (serving / "current").symlink_to("generations/000002_2026-01-02")
    (serving / missing).unlink()
    settle(serving)
    assert current_generation(serving) == "000001_2026-01-01"
    assert (serving / "parquet").resolve().parent.name == "000001_2026-01-01"
    assert (serving / "lifecycle.duckdb").readlink().parent.name == "current"


def test_before_the_database_link_is_there_nothing_is_published(serving):
    (serving / "current").symlink_to("generations/000001_2026-01-01")
    (serving / "parquet").symlink_to("current/parquet")
    assert current_generation(serving) is None


@pytest.mark.parametrize("lost", ["lifecycle.duckdb", "manifest.json", ""])
def test_a_generation_whose_files_are_gone_is_not_served(serving, lost):
    folder = serving / "generations" / "000002_2026-01-02"
    (folder / "manifest.json").touch()
    point_to(serving, folder.name)
    assert served_generation(serving) == folder.name
    if lost:
        (folder / lost).unlink()
    else:
        shutil.rmtree(folder)
    assert (current_generation(serving), served_generation(serving)) == (folder.name, None)


def test_names_count_up_and_carry_the_date():
    from datetime import date

    assert next_name([], date(2026, 1, 1)) == "000001_2026-01-01"
    assert next_name(["000001_2026-01-01", "000009_2025-01-01"], date(2026, 1, 2)) == "000010_2026-01-02"
