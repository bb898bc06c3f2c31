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
from decimal import Decimal
from functools import cache
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.publish.pointer import DATABASE, point_to
from tests.browser.conftest import answers, free_port
from tests.needed import require

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".venv-bi" / "bin" / "python"
SERVER = ROOT / "bi" / "superset"
DASHBOARDS = sorted(path.stem for path in (SERVER / "dashboards").glob("*.yaml"))
EMPTY_IN_A_SMALL_COMPANY = {"Checks that did not pass, one by one"}

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Big numbers: the one figure each shows.
FIGURES = {
    "People": "select count(*) from marts.customer_profile",
    "Buyers": "select count(*) from marts.customer_profile where order_count > 0",
    "Revenue": "select sum(revenue_amount) from marts.customer_profile",
    "Not passed": "select count(*) from marts.data_quality where outcome <> 'pass'",
}


# All other charts that are tested: every figure each shows but 0, which stands where a pivot has nothing to show.
CHARTS = {
    "lifecycle_overview": {
        "Customers won, won back and lost": """select unnest([new_count, reactivated_count, -lost_count])
            from marts.kpi_customer_movement where segment_dimension = 'all' and is_complete""",
    },
    "retention": {
        "Cohort retention": """select active_count / cohort_size from marts.kpi_cohort_retention
            where months_since_first_order between 1 and 12 and is_complete""",
        "Retention and churn": """select unnest([retention_rate, churn_rate]) from marts.kpi_customer_movement
            where segment_dimension = 'all' and is_complete""",
        "Win-back rate": """select win_back_rate from marts.kpi_customer_movement
            where segment_dimension = 'all' and is_complete""",
    },
    "satisfaction": {
        "Net promoter score": """select unnest([score, ci_low, ci_high]) from marts.kpi_satisfaction
            where survey_type = 'nps' and touchpoint = 'all' and segment = 'all' and is_complete""",
        "Answers by survey": """select sum(response_count) from marts.kpi_satisfaction
            where touchpoint = 'all' and segment = 'all' group by survey_type""",
        "Tickets by channel": "select ticket_count from marts.kpi_support where is_complete",
    },
    "journeys": {
        "From touchpoint to touchpoint": """select sum(transition_count) as moves from marts.journey_transitions
            where model = 'six_phase' and from_touchpoint <> to_touchpoint
            group by from_touchpoint, to_touchpoint order by moves desc limit 30""",
        "People by touchpoint and stage": """select people_count from marts.journey_map
            where model = 'six_phase' and segment_dimension = 'all' and people_count >= 20""",
        "Where journeys break off": """select unnest([sum(continued_count), sum(drop_off_count),
                sum(drop_off_count) / nullif(sum(continued_count + drop_off_count), 0)])
            from marts.journey_map where model = 'six_phase' and segment_dimension = 'all' group by touchpoint""",
    },
    "engagement": {
        "Engagement by channel": "select engagement_rate from marts.kpi_engagement where is_complete",
        "Campaigns": """select unnest([member_count, response_count / nullif(delivered_count, 0),
                buyer_count / member_count, revenue_amount, buyer_rate_lift]) from marts.campaign_evaluation
            where member_group = 'treated' and segment_dimension = 'all' and is_mature""",
        "Occasions to contact people": """select unnest([count(*) filter (where is_contactable),
            count(*) filter (where not is_contactable)]) from marts.trigger_candidates group by trigger""",
    },
}
# Axes, and the column by which Superset colours a heat map.
NO_FIGURES = {"months_since_first_order", "period_start", "started_at", "rank"}


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


@pytest.fixture(scope="module")
def shown(visit):
    """What a dashboard shows, opened once for all tests while nothing is published."""
    return cache(visit)


def charts_of(slug):
    dashboard = yaml.safe_load((SERVER / "dashboards" / f"{slug}.yaml").read_text(encoding="utf-8"))
    return {
        part["meta"]["sliceName"]
        for part in dashboard["position"].values()
        if isinstance(part, dict) and part["type"] == "CHART"
    }


def all_asked(settings, query):
    with duckdb.connect(str(settings.serving / DATABASE), read_only=True) as connection:
        return connection.execute(query).fetchall()


def asked(settings, query):
    return all_asked(settings, query)[0]


def figures(values):
    """Numbers other than 0, in order; text, dates and what is missing are none."""
    return sorted(float(value) for value in values if isinstance(value, int | float | Decimal) and value)


@pytest.mark.parametrize("slug", CHARTS)
def test_every_figure_of_a_chart_is_one_of_the_marts(shown, bi_settings, slug):
    got = shown(slug)
    for name, query in CHARTS[slug].items():
        found = [value for row in got[name]["data"] for column, value in row.items() if column not in NO_FIGURES]
        expected = figures(value for (value,) in all_asked(bi_settings, query))
        assert expected, name
        assert figures(found) == pytest.approx(expected), name


@pytest.mark.parametrize("slug", DASHBOARDS)
def test_a_dashboard_shows_data_in_every_chart(shown, slug):
    got = shown(slug)
    assert [name for name, result in got.items() if result["error"]] == []
    assert {name for name, result in got.items() if not result["data"]} <= EMPTY_IN_A_SMALL_COMPANY


def test_figures_are_those_of_the_marts(shown, bi_settings):
    got = shown("lifecycle_overview") | shown("data_quality") | shown("acquisition") | shown("value")
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
