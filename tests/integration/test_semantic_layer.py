"""The semantic layer: what `mf query` answers is what the marts hold."""

import csv
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from ingestion.settings import PROJECT_ROOT

BIN = Path(sys.executable).parent
KPI_METRICS = (
    *("retention_rate", "churn_rate", "win_back_rate", "subscription_churn_rate", "average_transaction_value"),
    *("purchase_frequency", "repeat_purchase_rate", "returning_buyer_rate", "nps"),
)


class Project:
    """A copy of the dbt project in which mf finds its artifacts, on the ten people's warehouse."""

    def __init__(self, directory, company):
        self.directory, self.company = directory, company
        shutil.copytree(PROJECT_ROOT / "dbt_project", directory / "dbt_project")
        for name in ("dbt_project.yml", "profiles.yml"):
            shutil.copy(PROJECT_ROOT / name, directory / name)
        self.run("dbt", "parse")

    def run(self, *command):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DBT_")}
        environment["LIFECYCLE_DATA_DIR"] = str(self.company.settings.data_dir)
        result = subprocess.run(
            [BIN / command[0], *command[1:]],
            cwd=self.directory,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stdout + result.stderr

    def query(self, metrics, group_by):
        """Rows of `mf query` as mappings of column to text; empty is null."""
        answer = self.directory / "answer.csv"
        self.run("mf", "query", "--metrics", metrics, "--group-by", group_by, "--decimals", "9", "--csv", str(answer))
        with answer.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def project(ten_people_today, tmp_path_factory):
    return Project(tmp_path_factory.mktemp("semantic"), ten_people_today)


def number(text):
    return None if text in ("", "nan", "None") else round(float(text), 6)


def by_month(rows, metric):
    return {date.fromisoformat(row["metric_time__month"][:10]): number(row[metric]) for row in rows}


@pytest.fixture(scope="module")
def kpis_by_month(project):
    return project.query(",".join(KPI_METRICS), "metric_time__month")


def test_the_retention_rate_agrees_with_the_movement_of_customers(project, kpis_by_month):
    expected = dict(
        project.company.rows("""
            select period_start, round(retention_rate, 6)
            from marts.kpi_customer_movement where segment_dimension = 'all'
        """)
    )
    answered = by_month(kpis_by_month, "retention_rate")
    assert {month: answered.get(month) for month in expected} == expected
    assert expected[date(2024, 6, 1)] == 1.5


@pytest.mark.parametrize("metric", KPI_METRICS)
def test_every_kpi_agrees_with_the_summary(project, kpis_by_month, metric):
    expected = dict(
        project.company.rows(
            f"select period_start, round(value, 6) from marts.kpi_summary where kpi = '{metric}' and segment = 'all'"
        )
    )
    answered = by_month(kpis_by_month, metric)
    assert expected
    assert {month: answered.get(month) for month in expected} == expected
    assert [month for month, value in answered.items() if value is not None and month not in expected] == []


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


def test_every_dashboard_names_the_marts_it_reads(manifest):
    exposures = manifest["exposures"].values()
    assert {exposure["name"] for exposure in exposures} >= {"management_overview", "customer_card", "customer_journey"}
    for exposure in exposures:
        read = [manifest["nodes"][node] for node in exposure["depends_on"]["nodes"]]
        assert read and {node["schema"] for node in read} == {"marts"}, exposure["name"]
