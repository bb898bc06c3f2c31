"""The dbt side of the layout, read from the manifest: layering, descriptions, keys, contracts, one clock."""

import re
from pathlib import Path

import pytest

from ingestion.contract import ENTITIES

ROOT = Path(__file__).resolve().parents[2]
ORDER = ("staging", "conformed", "identity", "lifecycle", "marts")
CLOCK = re.compile(r"\b(now\(|current_date|current_timestamp|today\(|get_current_time|localtimestamp|run_started_at)")


@pytest.fixture(scope="module")
def nodes(manifest):
    return {
        unique_id: node
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["package_name"] == "customer_lifecycle"
    }


def layer(node):
    return node["path"].split("/")[0]


def test_there_are_models_in_every_layer(nodes):
    assert {layer(node) for node in nodes.values()} == set(ORDER)


def test_models_read_only_the_layers_before_them(nodes):
    wrong = [
        f"{node['name']} ({layer(node)}) reads {nodes[parent]['name']} ({layer(nodes[parent])})"
        for node in nodes.values()
        for parent in node["depends_on"]["nodes"]
        if parent in nodes and ORDER.index(layer(nodes[parent])) > ORDER.index(layer(node))
    ]
    assert wrong == []


def test_only_staging_reads_raw_and_marts_never_read_staging(nodes):
    wrong = [
        f"{node['name']} reads {parent}"
        for node in nodes.values()
        for parent in node["depends_on"]["nodes"]
        if (parent.startswith("source.") and layer(node) != "staging" and ".ops." not in parent)
        or (parent in nodes and layer(nodes[parent]) == "staging" and layer(node) != "conformed")
    ]
    assert wrong == []


def test_schema_is_folder(nodes):
    assert [node["name"] for node in nodes.values() if node["schema"] != layer(node)] == []


def test_every_model_says_one_row_per(nodes):
    assert [node["name"] for node in nodes.values() if not node["description"].startswith("One row per")] == []


def test_every_stored_model_has_a_key_test(nodes, manifest):
    tested = {
        test["attached_node"]
        for test in manifest["nodes"].values()
        if test["resource_type"] == "test"
        and test.get("test_metadata", {}).get("name") in ("unique", "unique_key", "primary_key")
    }
    stored = [
        unique_id for unique_id, node in nodes.items() if node["config"]["materialized"] not in ("view", "ephemeral")
    ]
    assert [unique_id for unique_id in stored if unique_id not in tested] == []


def test_marts_have_enforced_contracts_and_describe_every_column(nodes):
    for node in nodes.values():
        if layer(node) == "marts":
            assert node["config"]["contract"]["enforced"], node["name"]
            undescribed = [name for name, column in node["columns"].items() if not column["description"]]
            assert undescribed == [], node["name"]
            assert "as_of" in node["columns"], node["name"]


def test_models_and_macros_stay_short_and_never_read_a_clock(nodes):
    for node in nodes.values():
        text = (ROOT / node["original_file_path"]).read_text(encoding="utf-8")
        assert text.count("\n") <= 100, node["name"]
        assert not CLOCK.search(text.lower()), f"{node['name']} reads a clock; take as_of()"
    for path in (ROOT / "dbt_project" / "macros").rglob("*.sql"):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 100, path.name
        assert not CLOCK.search(text.lower()), path.name


def test_what_is_read_of_files_that_are_replaced_can_be_withdrawn(nodes, manifest):
    read = {
        tuple(node["name"].removeprefix("stg_").split("__"))
        for node in nodes.values()
        if "current_exports(" in node["raw_code"]
    }
    lists = manifest["macros"]["macro.customer_lifecycle.replacing_sources"]["macro_sql"]
    known = {
        (vendor, entity)
        for entity, vendors in re.findall(r"'(\w+)': \[(.*?)\]", lists)
        for vendor in re.findall(r"\w+", vendors)
    }
    assert read == known != set()
    for name in ("stg_exports__deliveries", "stg_exports__superseded_events"):
        code = next(node["raw_code"] for node in nodes.values() if node["name"] == name)
        named = set(re.findall(r"'(\w+)'", code)) - {"raw_", "events", "message_id", "event_id"}
        assert named == {vendor for vendor, _ in known}, name


def test_every_entity_of_the_contract_has_a_staging_and_a_conformed_model(nodes):
    names = {node["name"] for node in nodes.values()}
    assert {entity.table for entity in ENTITIES} <= names
    assert {f"stg_files__{entity.table}" for entity in ENTITIES} <= names


def test_conformed_models_carry_every_column_of_the_contract(nodes):
    by_name = {node["name"]: node for node in nodes.values()}
    for entity in ENTITIES:
        documented = set(by_name[entity.table]["columns"])
        missing = {column.name for column in entity.columns} - documented
        assert missing == set(), f"conformed.{entity.table} lacks {sorted(missing)}"


def test_the_data_dictionary_is_up_to_date(manifest):
    from orchestration.data_dictionary import TARGET, render

    assert TARGET.read_text(encoding="utf-8") == render(manifest), "run `make docs`"


def test_there_are_no_dbt_packages():
    assert not (ROOT / "packages.yml").exists()
