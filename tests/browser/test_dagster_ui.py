"""The UI shows every layer from the sources to the publication, materialised, with its checks."""

import json
import urllib.request

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("company")]

ASSETS = """
{ assetNodes { assetKey { path } groupName isMaterializable assetMaterializations(limit: 1) { runId }
  assetChecksOrError { ... on AssetChecks { checks { name executionForLatestMaterialization { status } } } } } }
"""


def ask(url, query):
    request = urllib.request.Request(
        f"{url}/graphql", json.dumps({"query": query}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        answer = json.load(response)
    assert "errors" not in answer, answer
    return answer["data"]


def test_every_asset_is_materialised_and_every_layer_is_a_group(dagster_url):
    nodes = [node for node in ask(dagster_url, ASSETS)["assetNodes"] if node["isMaterializable"]]
    assert {node["groupName"] for node in nodes} >= {
        "raw", "staging", "conformed", "identity", "lifecycle", "marts", "serving"
    }  # fmt: skip
    assert [node["assetKey"]["path"] for node in nodes if not node["assetMaterializations"]] == []


def test_required_checks_are_shown_as_passed(dagster_url):
    checks = [
        (node["assetKey"]["path"], check["name"], (check["executionForLatestMaterialization"] or {}).get("status"))
        for node in ask(dagster_url, ASSETS)["assetNodes"]
        for check in node["assetChecksOrError"].get("checks", [])
    ]
    assert len(checks) > 100
    assert [check for check in checks if check[2] not in ("SUCCEEDED", "FAILED")] == []
    assert [check for check in checks if check[2] == "FAILED" and check[0][0] == "marts"] == []


def test_the_graph_page_shows_the_layers(dagster_url, page, tmp_path):
    page.goto(f"{dagster_url}/asset-groups", wait_until="domcontentloaded")
    page.get_by_text("serving", exact=False).first.wait_for(timeout=60_000)
    page.screenshot(path=tmp_path / "graph.png")
    assert (tmp_path / "graph.png").stat().st_size > 20_000


def test_the_profile_page_shows_its_columns_and_checks(dagster_url, page):
    page.goto(f"{dagster_url}/assets/marts/customer_profile", wait_until="domcontentloaded")
    page.get_by_text("One row per", exact=False).first.wait_for(timeout=60_000)
    page.goto(f"{dagster_url}/assets/marts/customer_profile?view=checks", wait_until="domcontentloaded")
    page.get_by_text("Passed", exact=False).first.wait_for(timeout=60_000)
