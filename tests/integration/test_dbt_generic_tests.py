"""Our generic dbt tests are tested themselves: each with rows that must fail it and rows that must pass.

They run as dbt runs them, in a project that holds nothing but these rows.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros" / "tests"
PERIODS = {"partition_by": ["k"], "starts_at": "a", "ends_at": "b"}
WITHOUT_GAPS = PERIODS | {"without_gaps": True}
PARENT = {"column_name": "k", "to": "(select unnest([1, 2, null]) as id)", "field": "id"}

# test, claim, arguments, columns, rows
MUST_FAIL = [
    ("primary_key", "a_value_twice", {"column_name": "k"}, "k", "(1), (2), (2)"),
    ("primary_key", "a_single_null", {"column_name": "k"}, "k", "(1), (null)"),
    ("primary_key", "a_pair_twice", {"columns": ["k", "a"]}, "k, a", "(1, 1), (1, 1), (1, 2)"),
    ("primary_key", "a_pair_with_a_null_part", {"columns": ["k", "a"]}, "k, a", "(1, 1), (1, null)"),
    ("unique_key", "a_pair_twice", {"columns": ["k", "a"]}, "k, a", "(1, 1), (1, 1)"),
    ("unique_key", "a_null_part_twice", {"columns": ["k", "a"]}, "k, a", "(1, null), (1, null)"),
    ("accepted_range", "too_small", {"column_name": "k", "at_least": 0}, "k", "(0), (-0.01)"),
    ("accepted_range", "too_large", {"column_name": "k", "at_most": 1}, "k", "(1), (1.01)"),
    ("accepted_range", "exactly_the_open_bound", {"column_name": "k", "below": 1}, "k", "(0.99), (1)"),
    ("accepted_range", "one_bound_of_two", {"column_name": "k", "at_least": 0, "at_most": 1}, "k", "(-1), (null)"),
    ("not_overlapping", "two_that_overlap", PERIODS, "k, a, b", "(1, 1, 3), (1, 2, 4)"),
    ("not_overlapping", "one_inside_another", PERIODS, "k, a, b", "(1, 1, 9), (1, 2, 3)"),
    ("not_overlapping", "the_same_twice", PERIODS, "k, a, b", "(1, 1, 3), (1, 1, 3)"),
    ("not_overlapping", "an_open_one_before_another", PERIODS, "k, a, b", "(1, 1, null), (1, 2, 3)"),
    ("not_overlapping", "an_end_before_the_start", PERIODS, "k, a, b", "(1, 3, 1)"),
    ("not_overlapping", "a_gap", WITHOUT_GAPS, "k, a, b", "(1, 1, 3), (1, 4, 5)"),
    ("row_counts_agree", "a_row_too_few", {"compare_to": "(select unnest([1, 2]))"}, "k", "(1)"),
    ("row_counts_agree", "a_row_too_many", {"compare_to": "(select unnest([1, 2]))"}, "k", "(1), (2), (3)"),
    (
        "row_counts_agree",
        "unequal_parts_of_equal_tables",
        {"compare_to": "(select unnest([1, 2]) as id)", "where": "k > 1", "compare_where": "id > 0"},
        "k",
        "(1), (2)",
    ),
    ("values_among", "an_unknown_value", PARENT, "k", "(1), (3)"),
]
MUST_PASS = [
    ("primary_key", "different_values", {"column_name": "k"}, "k", "(1), (2)"),
    ("primary_key", "pairs_that_share_a_part", {"columns": ["k", "a"]}, "k, a", "(1, 1), (1, 2), (2, 1)"),
    ("unique_key", "a_null_part_once", {"columns": ["k", "a"]}, "k, a", "(1, null), (2, null), (1, 1)"),
    ("accepted_range", "the_closed_bounds", {"column_name": "k", "at_least": 0, "at_most": 1}, "k", "(0), (1), (null)"),
    ("accepted_range", "just_below", {"column_name": "k", "below": 1}, "k", "(0.99)"),
    ("not_overlapping", "one_that_starts_where_another_ends", PERIODS, "k, a, b", "(1, 1, 3), (1, 3, 5)"),
    ("not_overlapping", "an_open_last_one_and_a_gap", PERIODS, "k, a, b", "(1, 1, 3), (1, 4, null)"),
    ("not_overlapping", "an_empty_one_at_the_start_of_another", PERIODS, "k, a, b", "(1, 1, 1), (1, 1, 3)"),
    ("not_overlapping", "those_of_somebody_else", PERIODS, "k, a, b", "(1, 1, 3), (2, 2, 4)"),
    ("not_overlapping", "no_gap", WITHOUT_GAPS, "k, a, b", "(1, 1, 3), (1, 3, null), (2, 7, 8)"),
    ("row_counts_agree", "as_many_rows", {"compare_to": "(select unnest([1, 2]))"}, "k", "(7), (null)"),
    (
        "row_counts_agree",
        "equal_parts_of_unequal_tables",
        {"compare_to": "(select unnest([1, 2, 3]) as id)", "where": "k > 1", "compare_where": "id > 2"},
        "k",
        "(1), (2)",
    ),
    ("values_among", "known_values_and_null", PARENT, "k", "(1), (2), (2), (null)"),
]
CASES = [*MUST_FAIL, *MUST_PASS]


def name_of(case):
    return f"{case[0]}_{case[1]}"


def write_project(folder):
    """A dbt project with one model per case and our tests."""
    models = folder / "models"
    models.mkdir(parents=True)
    described = []
    for case in CASES:
        test, _, arguments, columns, rows = case
        name = name_of(case)
        (models / f"{name}.sql").write_text(f"select * from (values {rows}) as given ({columns})")
        described.append({"name": name, "data_tests": [{test: {"name": f"{name}_test", "arguments": arguments}}]})
    project = {"name": "rows", "profile": "rows", "macro-paths": [str(MACROS)]}
    profile = {"rows": {"target": "main", "outputs": {"main": {"type": "duckdb", "path": str(folder / "rows.duckdb")}}}}
    for name, content in {
        "models/models.yml": {"models": described},
        "dbt_project.yml": project,
        "profiles.yml": profile,
    }.items():
        (folder / name).write_text(yaml.safe_dump(content))


@pytest.fixture(scope="module")
def statuses(tmp_path_factory):
    """What dbt says about the test of every case."""
    folder = tmp_path_factory.mktemp("generic_tests")
    write_project(folder)
    dbt = Path(sys.executable).with_name("dbt")
    folders = ["--project-dir", folder, "--profiles-dir", folder, "--target-path", folder / "target"]
    built = subprocess.run(
        [dbt, "build", *folders, "--log-path", folder / "logs"], capture_output=True, text=True, check=False
    )
    results = folder / "target" / "run_results.json"
    assert results.exists(), built.stdout
    return {
        result["unique_id"].split(".")[2]: result["status"] for result in json.loads(results.read_text())["results"]
    }


@pytest.mark.parametrize("case", MUST_FAIL, ids=name_of)
def test_rows_that_break_the_rule_fail(statuses, case):
    assert statuses[f"{name_of(case)}_test"] == "fail"


@pytest.mark.parametrize("case", MUST_PASS, ids=name_of)
def test_rows_that_keep_the_rule_pass(statuses, case):
    assert statuses[f"{name_of(case)}_test"] == "pass"


def test_every_generic_test_of_ours_is_tested_in_both_ways():
    ours = {path.stem for path in MACROS.glob("*.sql")}
    assert {case[0] for case in MUST_FAIL} == {case[0] for case in MUST_PASS} == ours
