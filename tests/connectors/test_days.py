"""Days of events as partitions: a range is read again in one run, and a day is shown as read only when it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import dagster as dg
import pytest

from ingestion.sandbox.server import faults
from ingestion.sandbox.server.hubspot import HubspotProtocol
from ingestion.sandbox.server.matomo import SITE, MatomoProtocol
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources.registry import CONNECTORS
from ingestion.warehouse import connect
from orchestration.source_days import days_completed
from tests.connectors.benches import SECRET
from tests.connectors.source_runs import run, sources_job

NOW = datetime(2026, 6, 30, tzinfo=UTC)
JUNE = ("2026-06-01", "2026-06-03")


def put_call(store, number, at):
    store.put("hubspot.calls", str(number), at, {"properties": {"hs_timestamp": at.isoformat()}, "contact_ids": []})


def put_visit(store, number, at):
    store.put("matomo.visits", str(number), at, {"visitorId": f"{number:016x}", "actionDetails": []})


@pytest.fixture
def sandbox():
    store = Store(NOW)
    store.put("hubspot.contacts", "1", NOW - timedelta(hours=6), {"properties": {"email": "a@example.org"}})
    put_call(store, 1, NOW - timedelta(hours=5))
    put_visit(store, 1, NOW - timedelta(hours=5))
    protocols = {"hubspot": HubspotProtocol(store, SECRET), "matomo": MatomoProtocol(store, SECRET)}
    with serving(Sandbox(store, protocols)) as served:
        yield served


@pytest.fixture
def settings(sandbox, tmp_path):
    return Settings(
        data_dir=tmp_path / "data",
        hubspot_base_url=sandbox.base_url("hubspot"),
        hubspot_token=SECRET,
        matomo_base_url=sandbox.base_url("matomo"),
        matomo_token=SECRET,
        matomo_site_id=SITE,
        _env_file=None,
    )


def late_events(sandbox):
    """Events the vendors have come to know of long after they happened: behind every cursor."""
    put_call(sandbox.store, 2, datetime(2026, 6, 2, 9, tzinfo=UTC))
    put_visit(sandbox.store, 2, datetime(2026, 6, 2, 9, tzinfo=UTC))


def counts(settings):
    with connect(settings, read_only=True) as connection:
        return connection.execute(
            "select (select count(*) from raw_hubspot.calls), (select count(*) from raw_matomo.visits)"
        ).fetchone()


def days_shown(result, table):
    """Days a run has shown as loaded; None stands for the table as a whole."""
    return [
        event.partition
        for event in result.get_asset_materialization_events()
        if event.asset_key.to_user_string() == table
    ]


def test_a_range_of_days_is_read_again_in_one_run_beside_what_is_new(settings, sandbox, tmp_path):
    run(settings, tmp_path)
    late_events(sandbox)
    sandbox.store.put("hubspot.contacts", "2", NOW, {"properties": {"email": "b@example.org"}})
    put_call(sandbox.store, 3, NOW)
    assert run(settings, tmp_path).success
    assert counts(settings) == (2, 1), "what is new is loaded, what lies behind the cursor is not"
    again = run(settings, tmp_path, JUNE)
    assert again.success
    assert counts(settings) == (3, 2)
    for table in ("raw_hubspot/calls", "raw_matomo/visits"):
        assert days_shown(again, table) == ["2026-06-01", "2026-06-02", "2026-06-03"]
    assert days_shown(again, "raw_hubspot/contacts") == [None]
    with connect(settings, read_only=True) as connection:
        assert connection.execute("select count(*) from raw_hubspot.contacts").fetchone() == (2,)


def test_days_outside_the_range_are_not_read(settings, sandbox, tmp_path):
    run(settings, tmp_path)
    late_events(sandbox)
    assert run(settings, tmp_path, ("2026-06-03", "2026-06-04")).success
    assert counts(settings) == (1, 1)


def test_a_source_that_fails_shows_none_of_the_days_and_the_others_show_theirs(settings, sandbox, tmp_path):
    run(settings, tmp_path)
    late_events(sandbox)
    refuse = faults.status(401)
    sandbox.faults.always = lambda request, protocol: (
        refuse(request, protocol) if request.base_url.endswith("/matomo") else protocol(request)
    )
    result = run(settings, tmp_path, JUNE)
    assert not result.success
    [failure] = [event for event in result.all_events if event.is_step_failure]
    assert "Days could not be read again: matomo" in failure.step_failure_data.error.message
    assert counts(settings) == (2, 1)
    assert len(days_shown(result, "raw_hubspot/calls")) == 3
    assert days_shown(result, "raw_matomo/visits") == []


def test_a_run_that_loads_what_is_new_shows_the_days_it_has_completed(settings, tmp_path):
    first = run(settings, tmp_path)
    shown = days_shown(first, "raw_matomo/visits")
    yesterday = settings.today() - timedelta(days=1)
    assert shown[-1] is None
    assert shown[-2] == yesterday.isoformat()
    assert len(shown) == 32
    assert days_shown(run(settings, tmp_path), "raw_matomo/visits") == [None], "no further day is over"
    assert days_shown(first, "raw_mailchimp/email_activity") == [None], "nothing was read where nothing is configured"


def test_a_backfill_of_days_from_the_ui_is_one_run_and_only_configured_events_have_days(settings):
    job = sources_job(settings)
    assert job.backfill_policy == dg.BackfillPolicy.single_run()
    with_days = {
        key.to_user_string()
        for key in job.asset_layer.executable_asset_keys
        if job.asset_layer.get(key).partitions_def is not None
    }
    assert with_days == {
        "raw_hubspot/calls",
        "raw_hubspot/feedback_submissions",
        "raw_hubspot/meetings",
        "raw_matomo/visits",
    }
    assert JUNE[0] in job.partitions_def.get_partition_keys()
    assert job.partitions_def.get_partition_keys()[-1] == settings.today().isoformat()


@pytest.mark.parametrize("connector", CONNECTORS, ids=lambda connector: connector.name)
def test_what_has_days_can_be_read_by_a_window(connector):
    for resource in connector.resources:
        if resource.is_by_day:
            assert resource.cursor or connector.files, resource.table.name


@pytest.mark.parametrize(
    ("before", "now", "completed"),
    [
        # Berlin is two hours ahead in June: 22:30 UTC is the next day.
        (datetime(2026, 6, 28, 3), datetime(2026, 6, 30, 3), ["2026-06-28", "2026-06-29"]),
        (datetime(2026, 6, 29, 22, 30), datetime(2026, 6, 30, 3), []),
        (datetime(2026, 6, 29, 21, 30), datetime(2026, 6, 30, 3), ["2026-06-29"]),
        (datetime(2020, 1, 2), datetime(2020, 1, 3), ["2020-01-02"]),
    ],
)
def test_a_day_is_completed_by_the_first_load_after_its_end(tmp_path, before, now, completed):
    settings = Settings(data_dir=tmp_path, timezone="Europe/Berlin", _env_file=None)
    assert [day.isoformat() for day in days_completed(settings, before, now)] == completed


def test_a_first_load_shows_no_more_than_a_month(tmp_path):
    settings = Settings(data_dir=tmp_path, timezone="Europe/Berlin", _env_file=None)
    shown = days_completed(settings, None, datetime(2026, 6, 30, 3))
    assert (shown[0], shown[-1], len(shown)) == (date(2026, 5, 30), date(2026, 6, 29), 31)
