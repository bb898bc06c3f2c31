"""When the verification starts, and that it is red when anything differs."""

import json

import dagster as dg
import pytest

from orchestration.run_lock import hold_run_lock, release_run_lock
from orchestration.verification.comparison import Compared
from orchestration.verification.job import verification_job, verification_sensor
from orchestration.verification.sample import IncrementalDriftError


@dg.op
def nothing():
    pass


@dg.job(name="daily")
def daily():
    nothing()


@pytest.fixture
def instance():
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


def tick(instance, settings):
    return verification_sensor(running=True)(dg.build_sensor_context(instance=instance), settings=settings)


def leave_report(settings, run_id):
    settings.run_reports.mkdir(parents=True, exist_ok=True)
    report = {"run_id": run_id, "succeeded": True}
    (settings.run_reports / f"20260101T000000Z_{run_id}.json").write_text(json.dumps(report))


def test_each_daily_run_that_succeeded_is_verified_once(instance, settings):
    assert "no daily run" in tick(instance, settings).skip_message
    run_id = daily.execute_in_process(instance=instance).run_id
    leave_report(settings, run_id)
    assert tick(instance, settings).run_key == run_id == tick(instance, settings).run_key


def test_nothing_starts_while_a_run_goes_on_or_after_another_one(instance, settings):
    leave_report(settings, daily.execute_in_process(instance=instance).run_id)
    hold_run_lock(settings, "going on")
    assert "in progress" in tick(instance, settings).skip_message
    release_run_lock(settings, "going on")
    daily.execute_in_process(instance=instance)
    assert "another run" in tick(instance, settings).skip_message


@pytest.mark.parametrize("is_drift", [False, True])
def test_the_job_tells_what_it_compared_and_fails_when_anything_differs(instance, settings, monkeypatch, is_drift):
    def verified(_):
        if is_drift:
            raise IncrementalDriftError("differs")
        return (Compared("conformed.web_events", 7, 0),)

    monkeypatch.setattr("orchestration.verification.job.verify", verified)
    done = verification_job.execute_in_process(
        instance=instance, resources={"settings": settings}, raise_on_error=False
    )
    assert done.success is not is_drift
    release_run_lock(settings, done.run_id)
