"""The semantic layer: what `mf query` answers is what the marts hold."""

import csv
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.checkout import copy_checkout

BIN = Path(sys.executable).parent
KPI_METRICS = (
    *("retention_rate", "churn_rate", "win_back_rate", "subscription_churn_rate", "average_transaction_value"),
    *("purchase_frequency", "repeat_purchase_rate", "returning_buyer_rate", "nps"),
)


class Project:
    """A copy of the checkout in which mf finds its artifacts, on the ten people's warehouse."""

    def __init__(self, folder, company):
        self.company, self.checkout = company, copy_checkout(folder)
        self.file = folder / "answer.csv"
        self.variables = {"LIFECYCLE_DATA_DIR": company.settings.data_dir}
        self.options = ("--decimals", "9", "--csv", str(self.file))
        parsed = self.checkout.run(".venv/bin/dbt parse", **self.variables)
        assert parsed.returncode == 0, parsed.stdout + parsed.stderr

    def answer(self, result):
        """Rows of an answer of `mf query` as mappings of column to text; empty is null."""
        assert result.returncode == 0, result.stdout + result.stderr
        with self.file.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def query(self, metrics, group_by):
        line = f".venv/bin/mf query --metrics {metrics} --group-by {group_by}"
        return self.answer(self.checkout.run(line, *self.options, **self.variables))


@pytest.fixture(scope="module")
def project(ten_people_today, tmp_path_factory):
    return Project(tmp_path_factory.mktemp("semantic") / "checkout", ten_people_today)


def number(text):
    return None if text in ("", "nan", "None") else round(float(text), 6)


def by_month(rows, metric):
    return {date.fromisoformat(row["metric_time__month"][:10]): number(row[metric]) for row in rows}


@pytest.fixture(scope="module")
def kpis_by_month(project):
    return project.query(",".join(KPI_METRICS), "metric_time__month")


def test_the_retention_rate_agrees_with_the_movement_of_customers(project):
    result = project.checkout.run(
        ".venv/bin/mf query --metrics retention_rate --group-by metric_time__month",
        *project.options,
        **project.variables,
    )
    expected = dict(
        project.company.rows("""
            select period_start, round(retention_rate, 6) from marts.kpi_customer_movement
            where segment_dimension = 'all'
        """)
    )
    answered = by_month(project.answer(result), "retention_rate")
    assert {month: answered.get(month) for month in expected} == expected
    assert expected[date(2024, 6, 1)] == 1.5


@pytest.mark.parametrize("metric", KPI_METRICS)
def test_every_kpi_agrees_with_the_summary(project, kpis_by_month, metric):
    expected = dict(
        project.company.rows(
            "select period_start, round(value, 6) from marts.kpi_summary "
            f"where kpi = '{metric}' and segment = 'all' and is_mature"
        )
    )
    answered = by_month(kpis_by_month, metric)
    assert expected
    assert {month: answered.get(month) for month in expected} == expected
    assert [month for month, value in answered.items() if value is not None and month not in expected] == []


def test_no_kpi_mixes_in_a_month_that_is_not_over(manifest):
    ratios = {
        name.rsplit(".", 1)[-1]: metric["filter"]["where_filters"][0]["where_sql_template"]
        for name, metric in manifest["metrics"].items()
        if metric["type"] == "ratio" and metric["type_params"]["numerator"]["name"] == "kpi_numerator"
    }
    assert set(ratios) > set(KPI_METRICS)
    assert [name for name, condition in ratios.items() if "kpi_value__is_mature" not in condition] == []


def test_conversion_rates_are_those_of_mature_cohorts(project):
    rows = project.query(
        "stage_conversion_rate", "stage_conversion__model,stage_conversion__from_stage,stage_conversion__to_stage"
    )
    answered = {
        (
            row["stage_conversion__model"],
            row["stage_conversion__from_stage"],
            row["stage_conversion__to_stage"],
        ): number(row["stage_conversion_rate"])
        for row in rows
    }
    expected = project.company.rows("""
        select model, from_stage, to_stage, round(sum(converted_count) / sum(entered_count), 6)
        from marts.kpi_stage_conversion where is_mature group by all
    """)
    assert answered == {(model, start, end): rate for model, start, end, rate in expected}


def test_occasions_and_drop_offs_can_be_asked_for(project):
    candidates = project.query("contact_candidates,contactable_share", "candidate__trigger")
    expected = project.company.rows("""
        select trigger, count(*), round(count(*) filter (where is_contactable) / count(*), 6)
        from marts.trigger_candidates group by all
    """)
    assert {
        row["candidate__trigger"]: (number(row["contact_candidates"]), number(row["contactable_share"]))
        for row in candidates
    } == {trigger: (count, share) for trigger, count, share in expected}
    rows = project.query("journey_drop_off_rate", "journey_touchpoint__model,journey_touchpoint__touchpoint")
    expected = project.company.rows("""
        select model, touchpoint, round(sum(drop_off_count) / nullif(sum(continued_count + drop_off_count), 0), 6)
        from marts.journey_map where segment_dimension = 'all' group by all
    """)
    assert {
        (row["journey_touchpoint__model"], row["journey_touchpoint__touchpoint"]): number(row["journey_drop_off_rate"])
        for row in rows
    } == {(model, touchpoint): rate for model, touchpoint, rate in expected}


def test_every_kpi_of_the_summary_is_a_metric(project, manifest):
    named = {metric["name"] for metric in manifest["metrics"].values()}
    assert [
        kpi for (kpi,) in project.company.rows("select distinct kpi from marts.kpi_summary") if kpi not in named
    ] == []


def test_every_mart_is_read_by_a_dashboard(manifest):
    read = {node for exposure in manifest["exposures"].values() for node in exposure["depends_on"]["nodes"]}
    marts = {
        name
        for name, node in manifest["nodes"].items()
        if node["schema"] == "marts" and node["resource_type"] == "model"
    }
    assert marts - read == set()


def test_every_dashboard_names_the_marts_it_reads(manifest):
    exposures = manifest["exposures"].values()
    assert {exposure["name"] for exposure in exposures} >= {"management_overview", "customer_card", "customer_journey"}
    for exposure in exposures:
        read = [manifest["nodes"][node] for node in exposure["depends_on"]["nodes"]]
        assert read and {node["schema"] for node in read} == {"marts"}, exposure["name"]
