"""The semantic layer: what `mf query` answers is what the marts hold."""

import csv
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.checkout import copy_checkout

BIN = Path(sys.executable).parent


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

    def query(self, metrics, group_by, company=None):
        """What mf answers about the ten people, or about another company's warehouse."""
        line = f".venv/bin/mf query --metrics {metrics} --group-by {group_by}"
        variables = {"LIFECYCLE_DATA_DIR": (company or self.company).settings.data_dir}
        return self.answer(self.checkout.run(line, *self.options, **variables))


@pytest.fixture(scope="module")
def project(ten_people_today, tmp_path_factory):
    return Project(tmp_path_factory.mktemp("semantic") / "checkout", ten_people_today)


def number(text):
    return None if text in ("", "nan", "None") else round(float(text), 6)


def by_month(rows, metric):
    return {date.fromisoformat(row["metric_time__month"][:10]): number(row[metric]) for row in rows}


def kpis_of(company, condition="true"):
    return {kpi for (kpi,) in company.rows(f"select distinct kpi from marts.kpi_summary where {condition}")}


def kpi_metrics(manifest):
    """Metrics that are a KPI of the summary, with the condition that picks its rows."""
    return {
        metric["name"]: metric["filter"]["where_filters"][0]["where_sql_template"]
        for metric in manifest["metrics"].values()
        if metric["type"] == "ratio" and metric["type_params"]["numerator"]["name"] == "kpi_numerator"
    }


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


@pytest.mark.parametrize("name", ["ten_people_today", "prospects"])
def test_every_kpi_agrees_with_the_summary(project, name, request):
    company = request.getfixturevalue(name)
    metrics = sorted(kpis_of(company))
    rows = project.query(",".join(metrics), "metric_time__month", company)
    answered = {kpi: by_month(rows, kpi) for kpi in metrics}
    expected = company.rows("""
        select kpi, period_start, round(value, 6) from marts.kpi_summary
        where segment = 'all' and is_mature and value is not null
    """)
    assert {
        (kpi, month, value) for kpi, found in answered.items() for month, value in found.items() if value is not None
    } == set(expected)


def test_every_kpi_has_a_value_in_one_of_the_companies_but_the_forecast_that_takes_many(
    ten_people_today, prospects, manifest
):
    companies = (ten_people_today, prospects)
    compared = set().union(*(kpis_of(company, "segment = 'all' and value is not null") for company in companies))
    assert compared == set(kpi_metrics(manifest)) - {"predicted_clv_36m"}
    assert set().union(*(kpis_of(company) for company in companies)) == set(kpi_metrics(manifest))


def test_no_kpi_mixes_in_a_month_that_is_not_over(manifest):
    found = kpi_metrics(manifest)
    assert found
    assert [name for name, condition in found.items() if "kpi_value__is_mature" not in condition] == []


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
