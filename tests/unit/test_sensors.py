"""The sensors as the daemon evaluates them: each looks, raises what it found, and fails when alerting does."""

from __future__ import annotations

import dagster as dg
import pytest
from pydantic import SecretStr

from orchestration import sensors
from orchestration.alerts.outbox import AlertsNotSentError, raise_alert, read_alerts
from orchestration.instance import open_instance
from orchestration.run_context import RunContextError
from orchestration.wall_clock import utc_now
from tests.unit.failing_jobs import fail_with, run


@pytest.fixture
def instance(settings):
    with open_instance(settings) as opened:
        yield opened


def tick(name, instance, settings):
    """What the sensor says; a failure of the sensor is raised."""
    with dg.build_sensor_context(instance, resources={"settings": settings}) as context:
        found = getattr(sensors, name).evaluate_tick(context)
    assert not found.run_requests
    return found.skip_message


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("failed_run", "0 alerts raised"),
        ("dead_run", "no dead run"),
        ("retry_not_begun", "every second try has begun"),
        ("publication_late", "nothing new"),
        ("source_silent", "0 alerts raised"),
        ("waiting_alerts", "0 alerts sent"),
        ("new_files", "no new file"),
    ],
)
def test_where_nothing_has_happened_a_sensor_says_so(name, said, instance, settings):
    assert tick(name, instance, settings) == said


def test_a_failed_run_raises_one_alert_however_often_one_looks(instance, settings):
    run(instance, fail_with(RunContextError("no")))
    assert [tick("failed_run", instance, settings) for _ in range(2)] == ["1 alerts raised", "0 alerts raised"]
    assert len(read_alerts(settings)) == 1


def test_a_channel_that_fails_fails_the_sensor(instance, settings):
    posted = settings.model_copy(update={"alert_webhook_url": SecretStr("http://127.0.0.1:9/hook")})
    # The present: the sensor sends what is new and drops what is old by the clock of the machine.
    raise_alert(posted, "run 1", "The run failed", "why", utc_now())
    with pytest.raises(AlertsNotSentError):
        tick("waiting_alerts", instance, posted)
