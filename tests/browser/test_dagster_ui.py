"""The UI shows every layer from the sources to the publication, materialised, with its checks."""

import json
import time
import urllib.request

import pytest

from ingestion.warehouse import connect
from orchestration.publish.pointer import current_generation

pytestmark = pytest.mark.browser

FINAL = {"SUCCESS", "FAILURE", "CANCELED"}
ASSETS = """
{ assetNodes { assetKey { path } groupName isMaterializable assetMaterializations(limit: 1) { runId }
  assetChecksOrError { ... on AssetChecks { checks { name executionForLatestMaterialization {
    status evaluation { severity } } } } } } }
"""


def ask(url, query, **variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    request = urllib.request.Request(f"{url}/graphql", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        answer = json.load(response)
    assert "errors" not in answer, answer
    return answer["data"]


def test_every_asset_is_materialised_and_every_layer_is_a_group(dagster_url):
    nodes = [node for node in ask(dagster_url, ASSETS)["assetNodes"] if node["isMaterializable"]]
    assert {node["groupName"] for node in nodes} >= {
        "raw", "staging", "conformed", "identity", "lifecycle", "marts", "serving", "ops"
    }  # fmt: skip
    assert [node["assetKey"]["path"] for node in nodes if not node["assetMaterializations"]] == []


def test_required_checks_are_shown_as_passed(dagster_url):
    found = {
        (*node["assetKey"]["path"], check["name"]): check["executionForLatestMaterialization"] or {}
        for node in ask(dagster_url, ASSETS)["assetNodes"]
        for check in node["assetChecksOrError"].get("checks", [])
    }
    assert len(found) > 100
    assert {key for key, shown in found.items() if shown.get("status") not in ("SUCCEEDED", "FAILED")} == set()
    failed = {key: shown["evaluation"]["severity"] for key, shown in found.items() if shown["status"] == "FAILED"}
    assert set(failed.values()) <= {"WARN"}
    # What is compared with earlier runs has nothing to be compared with in the first one: no pass, but no error either.
    assert {key for key in failed if key[0] == "marts" and key[-1] != "g2b_population"} == set()


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


@pytest.mark.parametrize(
    ("mart", "key", "shown"),
    [
        ("customer_profile", "columns_are_made_of", "lifecycle.customer_value: order_count, revenue_amount"),
        ("kpi_stage_conversion", "stage_funnel", "first_time_buyer → repeat_buyer"),
        ("kpi_stage_conversion", "preview", "acquisition_channel"),
    ],
)
def test_the_page_of_a_mart_opens_what_it_is_made_of_its_first_rows_and_its_plot(dagster_url, page, mart, key, shown):
    page.goto(f"{dagster_url}/assets/marts/{mart}", wait_until="domcontentloaded")
    row = page.locator("tr").filter(has_text=key).last
    row.get_by_text("Show Markdown").click(timeout=60_000)
    assert shown in page.get_by_role("dialog").inner_text(timeout=60_000)


def test_what_was_not_believed_about_people_is_shown_as_warnings_on_the_page_of_identity(dagster_url, page):
    page.goto(f"{dagster_url}/assets/identity/violations?view=checks", wait_until="domcontentloaded")
    page.get_by_text("g2_profile", exact=False).first.click(timeout=60_000)
    page.get_by_text("No device was used by several known people", exact=False).first.wait_for(timeout=60_000)
    page.get_by_text("Show Markdown", exact=False).first.click(timeout=60_000)
    for doubt in ("every_device_is_of_one_person", "no_identifier_is_shared", "cut__shared_device"):
        row = page.get_by_role("row").filter(has_text=doubt)
        row.first.wait_for(timeout=60_000)
        assert "warn" in row.first.inner_text(), doubt
        assert "fail" in row.first.inner_text(), doubt


def test_the_page_of_checks_and_the_report_are_links_that_open(dagster_url, documents_url, page):
    page.goto(f"{dagster_url}/assets/serving/publication", wait_until="domcontentloaded")
    link = page.locator(f'a[href="{documents_url}/quality/index.html"]').first
    link.wait_for(timeout=60_000)
    # The report's address is that of the run which wrote it.
    page.locator('a[href="http://127.0.0.1:3080/report.html"]').first.wait_for(timeout=60_000)
    for address, heading in ((link.get_attribute("href"), "Quality gates"), (f"{documents_url}/report.html", "")):
        page.goto(address)
        assert heading in page.locator("h1").inner_text()
        assert page.locator("section").count() > 3


REPOSITORIES = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name location { name } } } } }"
LAUNCH = """
mutation($params: ExecutionParams!) { launchRun(executionParams: $params) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message } } }
"""
STATUS = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }"


def materialise_the_publication(url):
    """Publish as a person does who presses the button on the asset's page; how the run ended, and its id."""
    [node] = ask(url, REPOSITORIES)["repositoriesOrError"]["nodes"]
    selector = {
        "jobName": "daily",
        "repositoryName": node["name"],
        "repositoryLocationName": node["location"]["name"],
        "assetSelection": [{"path": ["serving", "publication"]}],
        "assetCheckSelection": [],
    }
    parameters = {"selector": selector, "runConfigData": {}, "mode": "default"}
    answer = ask(url, LAUNCH, params=parameters)["launchRun"]
    assert answer["__typename"] == "LaunchRunSuccess", answer
    run_id = answer["run"]["runId"]
    deadline = time.monotonic() + 120
    while (state := ask(url, STATUS, id=run_id)["runOrError"]["status"]) not in FINAL:
        assert time.monotonic() < deadline, state
        time.sleep(1)
    return state, run_id


def test_the_ui_can_materialise_and_a_second_publication_of_unchanged_data_is_no_new_one(dagster_url, ui_settings):
    before = current_generation(ui_settings.serving)
    assert materialise_the_publication(dagster_url)[0] == "SUCCESS"
    assert current_generation(ui_settings.serving) == before


def test_a_mart_changed_after_its_checks_is_not_published_from_the_ui_either(dagster_url, ui_settings, page):
    before = current_generation(ui_settings.serving)
    with connect(ui_settings) as connection:
        connection.execute("create table ops.kpi_summary_kept as from marts.kpi_summary")
        connection.execute("delete from marts.kpi_summary where hash(kpi, period_start, segment) % 2 = 0")
    try:
        state, run_id = materialise_the_publication(dagster_url)
    finally:
        with connect(ui_settings) as connection:
            connection.execute("delete from marts.kpi_summary")
            connection.execute("insert into marts.kpi_summary by name from ops.kpi_summary_kept")
            connection.execute("drop table ops.kpi_summary_kept")
    assert state == "FAILURE"
    assert current_generation(ui_settings.serving) == before
    page.goto(f"{dagster_url}/runs/{run_id}", wait_until="domcontentloaded")
    page.get_by_text("Not published", exact=False).first.wait_for(timeout=60_000)
