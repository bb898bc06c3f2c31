"""The run report: nothing is skipped silently, and what has changed for readers is what differs between generations."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime

import dagster as dg
import duckdb
import pytest
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluationPlanned

from ingestion.raw import create_raw_tables
from ingestion.warehouse import connect
from orchestration.assets.run_report import LAST, run_report
from orchestration.publish.generation import Manifest
from orchestration.publish.pointer import DATABASE, GENERATIONS, MANIFEST, PARQUET, point_to
from orchestration.report.changes import changes_for_readers
from orchestration.report.document import latest_report, report_of
from orchestration.report.figures import read_figures
from orchestration.report.reconciliation import UnreconciledRunError, reconcile
from orchestration.resources import RunClock
from orchestration.run_context import RunContext

RUN = RunContext("run", date(2026, 6, 30), datetime(2026, 6, 30, 22))


@dg.asset(key=["raw_files", "crm_orders"])
def orders() -> None:
    """Done."""


@dg.multi_asset(specs=[dg.AssetSpec(["marts", "kpi_support"], skippable=True)])
def silent():
    """Yields nothing, although it was asked for."""
    yield from ()


@dg.asset(key=["serving", "publication"], deps=[["marts", "kpi_support"]])
def publication() -> None:
    """Skipped with what it depends on."""


@dg.asset(key=["marts", "kpi_support"])
def support() -> None:
    """Done."""


@dg.asset(key=["marts", "kpi_support"])
def broken() -> None:
    """Fails, and says so."""
    raise ValueError("no")


def materialise(settings, *assets):
    """The assets with the run report in one run; what became of the run and what it left."""
    job = dg.Definitions(
        assets=[*assets, run_report],
        jobs=[dg.define_asset_job("daily")],
        resources={"settings": settings, "clock": RunClock(as_of="2026-06-30")},
        executor=dg.in_process_executor,
    ).resolve_job_def("daily")
    with dg.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False)
    return result, report_of(settings, result.run_id)


def test_the_report_of_a_good_run_stands_beside_it_and_comes_last(settings):
    result, report = materialise(settings, orders, publication, support)
    assert result.success
    assert report["succeeded"]
    assert report["reconciliation"]["expected_assets"] == report["reconciliation"]["materialised_assets"] == 3
    assert {step["step"] for step in report["steps"]} == {
        "raw_files__crm_orders",
        "marts__kpi_support",
        "serving__publication",
    }
    assert report["as_of"] == "2026-06-30"
    assert report == latest_report(settings)
    assert next(settings.run_reports.glob("*.md")).read_text().startswith("# Run ")


def test_a_silent_skip_fails_the_run_and_is_named(settings):
    result, report = materialise(settings, orders, silent, publication)
    assert not result.success
    [failure] = [event for event in result.all_events if event.is_step_failure]
    assert failure.step_key == "ops__run_report"
    assert not report["succeeded"]
    assert report["reconciliation"]["missing"] == ["marts/kpi_support", "serving/publication"]
    assert "marts/kpi_support, serving/publication" in str(failure.step_failure_data.error.to_string())


def test_a_failed_run_leaves_a_report_with_its_cause_and_no_second_failure(settings):
    result, report = materialise(settings, orders, broken, publication)
    assert [event.step_key for event in result.all_events if event.is_step_failure] == ["marts__kpi_support"]
    assert not report["succeeded"]
    assert report["causes"] == [
        {"place": "marts__kpi_support", "message": "ValueError; what was said stands in the log of the run"}
    ]


def test_the_report_waits_for_everything_else_that_can_run():
    assert int(LAST["dagster/priority"]) < 0
    assert run_report.op.tags["dagster/priority"] == LAST["dagster/priority"]


def test_a_check_that_did_not_run_is_missing():
    planned = dg.AssetKey(["marts", "kpi_support"])
    event = dg.DagsterEvent(
        event_type_value="ASSET_CHECK_EVALUATION_PLANNED",
        job_name="daily",
        event_specific_data=AssetCheckEvaluationPlanned(asset_key=planned, check_name="g3_marts"),
    )
    found = reconcile([event])
    assert found.missing == ("check marts/kpi_support:g3_marts",)
    with pytest.raises(UnreconciledRunError, match="kpi_support:g3_marts"):
        found.require_complete()


def generation(settings, name, people, stages, kpis):
    folder = settings.serving / GENERATIONS / name
    (folder / PARQUET).mkdir(parents=True)
    with duckdb.connect(str(folder / DATABASE)) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.customer_profile (is_identified boolean)")
        connection.executemany("insert into marts.customer_profile values (?)", [[known] for known in people])
        connection.execute(
            "create table marts.customer_stage_history (model varchar, stage varchar, is_current boolean)"
        )
        connection.executemany("insert into marts.customer_stage_history values (?, ?, ?)", stages)
        connection.execute(
            "create table marts.kpi_summary (kpi varchar, period_start date, segment varchar, value double,"
            " is_mature boolean)"
        )
        connection.executemany("insert into marts.kpi_summary values (?, ?, ?, ?, ?)", kpis)
    (folder / MANIFEST).write_text(json.dumps(asdict(Manifest(name, "2026-06-30", "run", "", {}, {}))))
    point_to(settings.serving, name)


def test_changes_are_the_differences_between_the_served_generation_and_the_one_before(settings):
    assert changes_for_readers(settings) is None
    generation(
        settings,
        "000001_2026-06-29",
        [True, False],
        [("three_r", "customer", True), ("three_r", "lost", True), ("three_r", "lead", False)],
        [("nps", date(2026, 5, 1), "all", 10.0, True), ("churn_rate", date(2026, 5, 1), "all", 0.1, True)],
    )
    assert changes_for_readers(settings) is None
    generation(
        settings,
        "000002_2026-06-30",
        [True, True, False],
        [("three_r", "customer", True), ("three_r", "customer", True), ("three_r", "vip", True)],
        [
            ("nps", date(2026, 5, 1), "all", 10.0, True),
            ("nps", date(2026, 6, 1), "all", 12.0, True),
            ("nps", date(2026, 7, 1), "all", None, True),
            ("nps", date(2026, 8, 1), "all", 99.0, False),
            ("nps", date(2026, 6, 1), "new", 90.0, True),
            ("churn_rate", date(2026, 5, 1), "all", 0.1, True),
        ],
    )
    found = changes_for_readers(settings)
    assert found["compared_with"] == "000001_2026-06-29"
    assert found["people"] == {"all": {"before": 2, "after": 3}, "identified": {"before": 1, "after": 2}}
    assert found["stages"] == [
        {"model": "three_r", "stage": "customer", "before": 1, "after": 2},
        {"model": "three_r", "stage": "lost", "before": 1, "after": 0},
        {"model": "three_r", "stage": "vip", "before": 0, "after": 1},
    ]
    assert found["kpis"] == [{"kpi": "nps", "before": 10.0, "after": 12.0}]


def test_a_source_has_a_rhythm_from_its_fourth_day_of_deliveries_on_once_a_week_has_passed(settings):
    with connect(settings) as connection:
        create_raw_tables(connection)
        for entity, days in (("orders", (1, 2, 5, 6, 8)), ("deals", (1, 5, 9)), ("leads", (1, 2, 3, 7))):
            for day in days:
                connection.execute(
                    "insert into ops.loads (source, entity, status, delivered_count, accepted_count, "
                    "quarantined_count, unchanged_count, loaded_at) values ('files', ?, 'loaded', 5, 4, 1, 0, ?)",
                    [entity, datetime(2026, 6, day, 5)],
                )
    figures = read_figures(settings, RUN)
    assert {one["entity"]: one["usual_gap_hours"] for one in figures["deliveries"]} == {
        "orders": 36.0,
        "deals": None,
        "leads": None,
    }
    assert {one["entity"]: one["longest_gap_hours"] for one in figures["deliveries"]}["orders"] == 72
    assert figures["borders"] | {"raw": 0} == {
        "delivered": 60,
        "accepted": 48,
        "quarantined": 12,
        "discarded": 0,
        "unchanged": 0,
        "raw": 0,
        "conformed": 0,
        "touchpoints": 0,
        "people": 0,
        "marts": 0,
    }


def test_the_report_is_json_a_program_can_read(settings):
    _, report = materialise(settings, orders)
    [path] = settings.run_reports.glob("*.json")
    assert json.loads(path.read_text()) == report
    assert datetime.fromisoformat(report["started_at"]) <= datetime.now(UTC)
