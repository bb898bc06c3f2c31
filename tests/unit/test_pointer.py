"""The pointer moves readers from one complete generation to another and survives a death in between."""

import pytest

from orchestration.publish.generation import next_name
from orchestration.publish.pointer import current_generation, generation_names, point_to, settle


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


def test_a_death_between_the_two_links_is_settled_in_favour_of_the_database(serving):
    point_to(serving, "000001_2026-01-01")
    (serving / "parquet").unlink()
    (serving / "parquet").symlink_to("generations/000002_2026-01-02/parquet")
    settle(serving)
    assert (serving / "parquet").resolve().parent.name == "000001_2026-01-01"


def test_names_count_up_and_carry_the_date():
    from datetime import date

    assert next_name([], date(2026, 1, 1)) == "000001_2026-01-01"
    assert next_name(["000001_2026-01-01", "000009_2025-01-01"], date(2026, 1, 2)) == "000010_2026-01-02"
