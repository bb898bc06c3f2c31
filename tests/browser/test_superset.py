"""Superset as `make bi` starts it: every dashboard shows data without an error, and its figures are those of the marts.

Superset's environment is large and is never made by the tests; `make bi-install` makes it. Where it does not exist they
are skipped and say so, and under CI they fail.
"""

import json
import os
import signal
import stat
import subprocess
import time
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.publish.pointer import DATABASE, point_to
from tests.browser.conftest import answers, free_port, require

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-bi" / "bin" / "python"
SERVER = ROOT / "bi" / "superset"
DASHBOARDS = sorted(path.stem for path in (SERVER / "dashboards").glob("*.yaml"))
EMPTY_IN_A_SMALL_COMPANY = {"Checks that did not pass, one by one"}

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIGURES = {
    "People": "select count(*) from marts.customer_profile",
    "Buyers": "select count(*) from marts.customer_profile where order_count > 0",
    "Revenue": "select sum(revenue_amount) from marts.customer_profile",
    "Not passed": "select count(*) from marts.data_quality where outcome <> 'pass'",
}


@pytest.fixture(scope="session", autouse=True)
def installed():
    """Superset's environment; asked for before the company is built in vain."""
    require(PYTHON.exists(), "Superset is not installed (.venv-bi); make bi-install installs it")


@pytest.fixture(scope="module")
def bi_settings(company, tmp_path_factory):
    return company.copy_to(tmp_path_factory.mktemp("bi") / "data")


@pytest.fixture(scope="module")
def superset(bi_settings):
    """Address of a Superset with metadata of its own."""
    port = free_port()
    arguments = [PYTHON, SERVER / "serve.py", "--data", bi_settings.data_dir, "--port", str(port)]
    log = (bi_settings.data_dir / "superset.log").open("w")
    process = subprocess.Popen(arguments, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 900
        while not answers(url, "/health"):
            assert process.poll() is None, Path(log.name).read_text()[-3000:]
            assert time.monotonic() < deadline, "Superset did not answer within a quarter of an hour"
            time.sleep(5)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        log.close()


@pytest.fixture(scope="module")
def visit(superset, bi_settings, page):
    """Opens a dashboard and gives what its charts got from the chart data API, by the chart's name."""
    page.set_default_timeout(300_000)
    page.goto(f"{superset}/login/")
    page.fill("#username", "admin")
    page.fill("#password", (bi_settings.data_dir / "superset" / "password").read_text())
    page.click("[type=submit], button.ant-btn-primary")
    page.wait_for_url("**/welcome/**")

    def opened(slug):
        wanted = charts_of(slug)
        got = {}

        def keep(response):
            if "/api/v1/chart/data" in response.url:
                assert response.status == 200, response.text()
                [result] = response.json()["result"][:1]
                number = json.loads(response.request.post_data)["form_data"]["slice_id"]
                got[name_of(number)] = result

        def name_of(number):
            return page.request.get(f"{superset}/api/v1/chart/{number}").json()["result"]["slice_name"]

        page.on("response", keep)
        page.goto(f"{superset}/superset/dashboard/{slug}/?standalone=1", wait_until="domcontentloaded")
        deadline = time.monotonic() + 300
        while not wanted <= got.keys():
            assert time.monotonic() < deadline, f"no data for {wanted - got.keys()}"
            page.mouse.wheel(0, 600)
            page.wait_for_timeout(2_000)
        page.remove_listener("response", keep)
        assert page.locator(".ant-alert-error").count() == 0
        return got

    return opened


def charts_of(slug):
    dashboard = yaml.safe_load((SERVER / "dashboards" / f"{slug}.yaml").read_text(encoding="utf-8"))
    return {
        part["meta"]["sliceName"]
        for part in dashboard["position"].values()
        if isinstance(part, dict) and part["type"] == "CHART"
    }


def asked(settings, query):
    with duckdb.connect(str(settings.serving / DATABASE), read_only=True) as connection:
        return connection.execute(query).fetchone()


@pytest.mark.parametrize("slug", DASHBOARDS)
def test_a_dashboard_shows_data_in_every_chart(visit, slug):
    got = visit(slug)
    assert [name for name, result in got.items() if result["error"]] == []
    assert {name for name, result in got.items() if not result["data"]} <= EMPTY_IN_A_SMALL_COMPANY


def test_figures_are_those_of_the_marts(visit, bi_settings):
    got = visit("lifecycle_overview") | visit("data_quality") | visit("acquisition") | visit("value")
    for name, query in FIGURES.items():
        [value] = [row[name] for result in got.values() for row in result["data"] if row.keys() == {name}]
        assert value == pytest.approx(float(asked(bi_settings, query)[0])), name
    shared = sum(row["Revenue"] for row in got["Revenue by channel and attribution model"]["data"])
    assert shared == pytest.approx(
        6 * float(asked(bi_settings, "select sum(revenue_amount) from marts.kpi_transactions")[0])
    )
    customers = sum(row["Customers"] for row in got["RFM grid"]["data"])
    assert customers == asked(bi_settings, "select count(*) from marts.kpi_rfm")[0]
    rates = asked(bi_settings, "select sum(converted_count) from marts.kpi_stage_conversion where is_mature")
    assert sum(row["Went on"] for row in got["Stage conversions"]["data"]) == rates[0]


def test_a_new_generation_is_seen_by_the_next_query_and_the_file_is_never_locked(visit, bi_settings):
    before = visit("lifecycle_overview")["People"]["data"]
    generations = bi_settings.serving / "generations"
    [name] = [path.name for path in generations.iterdir()]
    newer = generations / "000002_2026-06-30"
    newer.mkdir()
    (newer / "parquet").mkdir()
    (newer / DATABASE).write_bytes((generations / name / DATABASE).read_bytes())
    with duckdb.connect(str(newer / DATABASE)) as connection:
        connection.execute("update marts.segment_profile set people_count = people_count * 2")
    point_to(bi_settings.serving, newer.name)
    after = visit("lifecycle_overview")["People"]["data"]
    point_to(bi_settings.serving, name)
    assert after == [{"People": 2 * before[0]["People"]}]


def test_password_and_metadata_are_readable_by_their_owner_only(superset, bi_settings):
    home = bi_settings.data_dir / "superset"
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    for name in ("password", "secret_key", "superset.db"):
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600, name
