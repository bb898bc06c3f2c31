"""Where a gate bounds a column, lists its values or wants it filled, dbt does not: each test costs a run some 40 ms.

Exceptions are what nothing may be built on: keys, and that a record names itself and its load. dbt stops the build for
these before the next layer keeps the rows, a gate what is delivered onwards.
"""

import pytest

from ingestion.contract import ENTITIES
from quality.suites import GATES, checks_of


@pytest.fixture(scope="module")
def stated():
    """Table and name of every check of the gates."""
    return {(check.table, check.name) for gate in GATES for check in checks_of(gate)}


@pytest.fixture(scope="module")
def tested(manifest):
    """Dbt's tests of single columns: table, kind and column."""
    found = [
        (f"{node['schema']}.{node['alias']}", test["test_metadata"]["name"], arguments["column_name"])
        for test in manifest["nodes"].values()
        if test["resource_type"] == "test"
        and (arguments := test.get("test_metadata", {}).get("kwargs", {})).get("column_name")
        and (node := manifest["nodes"].get(test["attached_node"]))
    ]
    assert {kind for _, kind, _ in found} >= {"accepted_range", "not_null", "accepted_values"}
    return found


def test_records_without_a_key_or_a_load_stop_the_build_whatever_source_they_come_from(manifest):
    parents = {
        test["name"]: set(test["depends_on"]["nodes"])
        for test in manifest["nodes"].values()
        if test["resource_type"] == "test" and "test_metadata" not in test
    }
    named = {entity.table for entity in ENTITIES}
    models = {id_: node for id_, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    staged = {
        id_ for id_, node in models.items() if node["schema"] == "staging" and node["name"].split("__")[-1] in named
    }
    conformed = {id_ for id_, node in models.items() if node["name"] in named}
    assert len(conformed) == len(named)
    assert parents["every_staged_record_names_itself_and_its_load"] == staged
    assert parents["every_conformed_record_names_its_load"] == conformed


@pytest.mark.parametrize(
    ("kind", "check"), [("accepted_range", "within"), ("not_null", "filled"), ("accepted_values", "accepted")]
)
def test_what_a_gate_states_of_a_column_is_not_tested_by_dbt_again(stated, tested, kind, check):
    twice = [
        f"{table}.{column}" for table, of, column in tested if of == kind and (table, f"{check}__{column}") in stated
    ]
    assert twice == []
