"""What a gate states is not stated by dbt again: every statement has one home, and a run asks it once.

Keys are the exception: dbt proves what "one row per …" means of every stored table, a gate what is delivered onwards.
"""

import pytest

from quality.suites import GATES, checks_of


@pytest.fixture(scope="module")
def stated():
    """Arguments of every check of the gates by table and name."""
    return {(check.table, check.name): check.arguments for gate in GATES for check in checks_of(gate)}


@pytest.fixture(scope="module")
def tested(manifest):
    """Dbt's tests of single columns: table, kind, column and arguments."""
    return [
        (f"{node['schema']}.{node['alias']}", test["test_metadata"]["name"], arguments["column_name"], arguments)
        for test in manifest["nodes"].values()
        if test["resource_type"] == "test"
        and (arguments := test.get("test_metadata", {}).get("kwargs", {})).get("column_name")
        and (node := manifest["nodes"].get(test["attached_node"]))
    ]


def test_no_bound_of_a_gate_is_tested_by_dbt_again(stated, tested):
    twice = [
        f"{table}.{column}"
        for table, kind, column, bounds in tested
        if kind == "accepted_range" and (check := stated.get((table, f"within__{column}")))
        if (check["min_value"], check["max_value"]) == (bounds.get("at_least"), bounds.get("at_most"))
    ]
    assert twice == []


def test_no_column_a_gate_finds_filled_is_tested_by_dbt_again(stated, tested):
    of_deliveries = {table for table, name in stated if name == "records_name_themselves_and_their_load"}
    twice = [
        f"{table}.{column}"
        for table, kind, column, _ in tested
        if kind == "not_null"
        if (table, f"filled__{column}") in stated or (table in of_deliveries and column in ("record_key", "load_seq"))
    ]
    assert twice == []


def test_no_list_of_values_of_a_gate_is_tested_by_dbt_again(stated, tested):
    twice = [
        f"{table}.{column}"
        for table, kind, column, _ in tested
        if kind == "accepted_values" and (table, f"accepted__{column}") in stated
    ]
    assert twice == []
