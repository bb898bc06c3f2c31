"""What is worth an alert: one per failure with its cause, late data, a source that stopped; and nothing twice."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import dagster as dg
import pytest

from orchestration.alerts.outbox import read_alerts
from orchestration.causes import own_error_names
from orchestration.last_day import last_complete_day
from orchestration.maintenance.retention import drop_history
from orchestration.publish.pointer import DATABASE, GENERATIONS, PARQUET, point_to
from orchestration.remedies import remedy_of
from orchestration.report.document import latest_report, write_report
from orchestration.run_context import RunContextError
from orchestration.watch import report_failed_runs, report_late_publication, report_silent_sources
from tests.unit.failing_jobs import fail_with, run

PUBLISHED = datetime(2026, 7, 1, 5, 0, tzinfo=UTC)


@pytest.fixture
def instance():
    """An instance in memory: making one on disk takes longer than all the rest."""
    with dg.DagsterInstance.ephemeral() as opened:
        yield opened


def generation(settings, published_at, name="000001_2026-06-30"):
    folder = settings.serving / GENERATIONS / name
    (folder / PARQUET).mkdir(parents=True)
    (folder / DATABASE).touch()
    manifest = {"generation": name, "as_of": "2026-06-30", "run_id": "r", "published_at": published_at.isoformat()}
    (folder / "manifest.json").write_text(json.dumps(manifest | {"row_counts": {}, "fingerprints": {}}))
    point_to(settings.serving, name)
    return name


def report(settings, **changed):
    found = {
        "run_id": "3f2c9a1e-1111-4222-8333-123456789012",
        "job": "daily",
        "as_of": "2026-06-30",
        "started_at": PUBLISHED.isoformat(),
        "ended_at": PUBLISHED.isoformat(),
        "seconds": 60.0,
        "succeeded": True,
        "generation": "000001_2026-06-30",
        "reconciliation": {
            "expected_assets": 2,
            "materialised_assets": 2,
            "expected_checks": 1,
            "evaluated_checks": 1,
            "missing": [],
        },
        "causes": [],
        "steps": [{"step": "inbox", "status": "SUCCESS", "seconds": 1.5}],
        "peak_memory_bytes": {"run": 10**9, "largest_child": 10**9},
        "borders": {"delivered": 10_000},
        "quarantine": [],
        "deliveries": [],
        "changes": None,
    } | changed
    write_report(settings, found)
    return found


def test_a_failed_run_is_told_once_with_its_cause(settings, instance):
    run_id = run(instance, fail_with(RunContextError("Run the whole job for that date.")))
    now = datetime.now(UTC)
    assert report_failed_runs(settings, instance, now) == 1
    assert report_failed_runs(settings, instance, now) == 0
    [alert] = read_alerts(settings)
    assert alert.subject == "The run `daily` failed"
    assert "- work: Run the whole job for that date." in alert.text
    assert run_id in alert.text


def test_a_good_run_is_not_told(settings, instance):
    run(instance, lambda: None)
    assert report_failed_runs(settings, instance, datetime.now(UTC)) == 0


def test_what_a_library_said_stays_on_the_machine_and_only_its_kind_and_model_leave(settings, instance):
    said = "Conversion Error in model stg_files__crm_orders: could not convert 'Anna Muster' to INT"
    run(instance, fail_with(ArithmeticError(said)))
    report_failed_runs(settings, instance, datetime.now(UTC))
    [alert] = read_alerts(settings)
    assert "Anna" not in alert.text
    assert "ArithmeticError in stg_files__crm_orders" in alert.text


def test_every_error_of_the_project_may_be_told():
    assert {"PublicationRefusedError", "WarehouseLockedError", "IdentityBudgetError", "Failure"} <= own_error_names()
    assert "ValueError" not in own_error_names()


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("IO Error: Could not write file: No space left on device", "The disk is full"),
        ("Out of Memory Error: could not allocate block of size 256.0 KiB", "LIFECYCLE_MEMORY_LIMIT"),
        ('IO Error: Cannot open file "x": Permission denied', "cannot be written"),
        ("Binder Error: column not found", ""),
    ],
)
def test_what_the_machine_lacks_is_told_with_what_to_do(said, remedy):
    assert remedy in remedy_of(said)
    assert bool(remedy_of(said)) == bool(remedy)


def test_data_that_is_too_old_is_told_once_per_generation(settings):
    name = generation(settings, PUBLISHED)
    late = PUBLISHED + timedelta(hours=31)
    assert not report_late_publication(settings, PUBLISHED + timedelta(hours=30))
    assert report_late_publication(settings, late)
    assert not report_late_publication(settings, late + timedelta(hours=5))
    [alert] = read_alerts(settings)
    assert name in alert.text
    generation(settings, late, "000002_2026-07-01")
    assert not report_late_publication(settings, late)


def test_data_that_did_not_change_is_not_late_while_runs_confirm_it(settings):
    generation(settings, PUBLISHED)
    report(settings, ended_at=(PUBLISHED + timedelta(hours=24)).isoformat())
    assert not report_late_publication(settings, PUBLISHED + timedelta(hours=48))
    assert report_late_publication(settings, PUBLISHED + timedelta(hours=55))


def test_nothing_published_yet_is_not_late(settings):
    assert not report_late_publication(settings, PUBLISHED)


@pytest.mark.parametrize(
    ("usual", "longest", "hours", "told"),
    [
        (24.0, 24, 72, 0),
        (24.0, 24, 73, 1),
        (1.0, 1, 48, 0),
        (1.0, 1, 49, 1),
        (24.0, 72, 96, 0),
        (24.0, 72, 97, 1),
        (24.0, 120, 144, 0),
        (24.0, 500, 192, 0),
        (24.0, 500, 193, 1),
        (None, None, 10_000, 0),
    ],
)
def test_a_source_is_silent_when_it_rests_longer_than_it_used_to_and_is_told_once(
    settings, usual, longest, hours, told
):
    last = PUBLISHED.replace(tzinfo=None).isoformat()
    delivery = {"source": "shop", "entity": "orders", "last_new_rows_at": last}
    report(settings, deliveries=[delivery | {"usual_gap_hours": usual, "longest_gap_hours": longest}])
    now = PUBLISHED + timedelta(hours=hours)
    assert report_silent_sources(settings, now) == told
    assert report_silent_sources(settings, now) == 0


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 7, 1, 21, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 7, 1, 22, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 1, 1, 4, 0, tzinfo=UTC), date(2025, 12, 31)),
    ],
)
def test_the_last_complete_day_ends_at_midnight_of_the_business(instant, day):
    assert last_complete_day(instant, "Europe/Berlin") == day


def test_old_history_goes_but_the_latest_good_run_and_report_stay(settings, instance):
    failed = run(instance, fail_with(RunContextError("no")))
    good = [run(instance, lambda: None) for _ in range(2)]
    report(settings)
    report(settings, started_at=(PUBLISHED + timedelta(days=1)).isoformat(), run_id="3f2c9a1e-2")
    later = datetime.now(UTC) + timedelta(days=settings.history_days + 1)
    dropped = drop_history(settings, instance, later)
    assert (dropped.runs, dropped.reports) == (2, 1)
    assert [one.run_id for one in instance.get_runs()] == good[1:]
    assert failed not in {one.run_id for one in instance.get_runs()}
    assert latest_report(settings)["run_id"] == "3f2c9a1e-2"
