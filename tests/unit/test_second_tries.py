"""A run that died is started again once: by the daemon, or in its stead; and what people are told about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin

from orchestration.alerts.outbox import read_alerts
from orchestration.instance import open_instance
from orchestration.jobs import run_config
from orchestration.missed_days import AS_OF
from orchestration.run_context import RunContextError
from orchestration.run_lock import hold_run_lock, release_run_lock
from orchestration.sensors import retry_not_begun
from orchestration.watch import end_runs_without_process, report_failed_runs, retries_not_begun
from tests.unit.failing_jobs import fail_with, job_that, run


@pytest.fixture
def configured_instance(settings):
    """The instance as the pipeline configures it."""
    with open_instance(settings) as opened:
        yield opened


SERVICE = RemoteJobOrigin(
    RemoteRepositoryOrigin(GrpcServerCodeLocationOrigin(host="localhost", port=1, location_name="here"), "jobs"),
    "daily",
)


def started_run(instance, origin=SERVICE):
    run = instance.create_run_for_job(job_that(lambda: None), remote_job_origin=origin)
    instance.report_dagster_event(
        dg.DagsterEvent(event_type_value="PIPELINE_START", job_name="daily", message="began"), run.run_id
    )
    return run.run_id


def test_a_run_without_a_process_is_ended_and_started_again_one_that_failed_is_not(settings, configured_instance):
    instance = configured_instance
    failed = run(instance, fail_with(RunContextError("no")))
    run_id = started_run(instance)
    now = datetime.now(UTC)
    assert end_runs_without_process(settings, instance, now) == []
    later = now + timedelta(minutes=4)
    hold_run_lock(settings, "somebody")
    assert end_runs_without_process(settings, instance, later) == []
    release_run_lock(settings, "somebody")
    assert end_runs_without_process(settings, instance, later) == [run_id]
    ended = instance.get_run_by_id(run_id)
    assert ended.status is dg.DagsterRunStatus.FAILURE
    assert ended.tags["dagster/will_retry"] == "true"
    report_failed_runs(settings, instance, later)
    assert instance.get_run_by_id(failed).tags.get("dagster/will_retry", "false") == "false"
    [alert] = [one for one in read_alerts(settings) if run_id in one.text]
    assert "process of this run ended before the run did" in alert.text
    assert "starts it again once" in alert.text


def test_the_second_try_that_fails_too_is_told_with_an_alert_of_its_own(settings, configured_instance):
    instance = configured_instance
    first = started_run(instance)
    later = datetime.now(UTC) + timedelta(minutes=4)
    end_runs_without_process(settings, instance, later)
    assert report_failed_runs(settings, instance, later) == 1
    again = instance.create_run_for_job(
        job_that(lambda: None),
        parent_run_id=first,
        root_run_id=first,
        tags={"dagster/parent_run_id": first, "dagster/root_run_id": first, "dagster/retry_number": "1"},
    )
    instance.report_run_failed(again, "The process ended.")
    assert report_failed_runs(settings, instance, later) == 1
    [alert] = [one for one in read_alerts(settings) if again.run_id in one.text]
    assert alert.subject == "The run `daily` failed again"
    assert "second try" in alert.text
    assert "starts it again once" not in alert.text


@pytest.mark.parametrize("begins", ["nothing", "a second try that was not submitted", "another run"])
def test_a_second_try_that_the_daemon_did_not_begin_is_begun_in_its_stead(settings, configured_instance, begins):
    instance = configured_instance
    dead = started_run(instance)
    now = datetime.now(UTC)
    end_runs_without_process(settings, instance, now + timedelta(minutes=4))
    if begins != "nothing":
        later = instance.create_run_for_job(job_that(lambda: None), tags={"dagster/parent_run_id": dead})
        if begins == "another run":
            instance.report_run_failed(later, "no")
    assert retries_not_begun(instance, ["daily"], now + timedelta(minutes=10)) == []
    assert retries_not_begun(instance, ["full_refresh"], now + timedelta(minutes=30)) == []
    found = [one.dagster_run.run_id for one in retries_not_begun(instance, ["daily"], now + timedelta(minutes=30))]
    assert found == ([] if begins == "another run" else [dead])
    assert retries_not_begun(instance, ["daily"], now + timedelta(days=2)) == []


@pytest.fixture
def begun_in_place_of(settings, configured_instance, monkeypatch):
    """What is begun half an hour later in place of a run that died."""

    def ask():
        assert isinstance(
            retry_not_begun(dg.build_sensor_context(configured_instance), settings=settings), dg.SkipReason
        )
        monkeypatch.setattr("orchestration.sensors.utc_now", lambda: datetime.now(UTC) + timedelta(minutes=30))
        [request] = retry_not_begun(dg.build_sensor_context(configured_instance), settings=settings)
        return request

    return ask


@pytest.mark.parametrize("job", ["daily", "full_refresh", "backfill"])
def test_what_is_begun_in_its_stead_is_asked_for_the_same(begun_in_place_of, configured_instance, job):
    config = run_config(
        "2026-06-30", full_refresh=job == "full_refresh", since="2026-06-01" if job == "backfill" else ""
    )
    days = {"dagster/asset_partition_range_start": "2026-06-29", "dagster/asset_partition_range_end": "2026-06-30"}
    dead = configured_instance.add_run(
        dg.DagsterRun(
            job,
            run_config=config,
            tags={AS_OF: "2026-06-30", **days, "dagster/will_retry": "true", "dagster/run_failure_reason": "UNKNOWN"},
            status=dg.DagsterRunStatus.FAILURE,
            remote_job_origin=SERVICE,
        )
    )
    request = begun_in_place_of()
    assert (request.run_config, request.tags) == (config, {AS_OF: "2026-06-30", **days})
    assert dead.run_id in request.run_key


def test_what_is_begun_in_its_stead_looks_from_the_day_it_ran_on_when_it_had_no_other(
    settings, begun_in_place_of, configured_instance
):
    started_run(configured_instance)
    end_runs_without_process(settings, configured_instance, datetime.now(UTC) + timedelta(minutes=4))
    [record] = configured_instance.get_run_records()
    day = datetime.fromtimestamp(record.start_time, ZoneInfo(settings.timezone)).date()
    assert begun_in_place_of().run_config["resources"]["clock"]["config"]["as_of"] == day.isoformat()


def test_nothing_is_begun_in_its_stead_after_a_later_run_of_any_job(settings, configured_instance):
    dead = started_run(configured_instance)
    now = datetime.now(UTC)
    assert end_runs_without_process(settings, configured_instance, now + timedelta(minutes=4)) == [dead]
    configured_instance.add_run(dg.DagsterRun("backfill", status=dg.DagsterRunStatus.SUCCESS))
    assert retries_not_begun(configured_instance, ["daily", "backfill"], now + timedelta(minutes=30)) == []


def test_a_run_from_the_command_line_that_died_is_left_to_whoever_began_it(settings, configured_instance):
    instance = configured_instance
    dead = started_run(instance, origin=None)
    later = datetime.now(UTC) + timedelta(minutes=30)
    assert end_runs_without_process(settings, instance, later) == [dead]
    assert retries_not_begun(instance, ["daily"], later + timedelta(minutes=30)) == []
    report_failed_runs(settings, instance, later)
    [alert] = read_alerts(settings)
    assert "Nothing starts it again by itself" in alert.text
