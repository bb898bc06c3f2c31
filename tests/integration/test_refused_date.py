"""A date before all data is refused, and nothing is left that says anything was built for it."""

from datetime import date

import dagster as dg
import pytest

from ingestion.settings import load_settings
from ingestion.warehouse import connect
from orchestration.assets.raw import inbox
from orchestration.assets.run_report import run_report
from orchestration.assets.sources import source_assets
from orchestration.instance import open_instance
from orchestration.report.document import latest_report
from orchestration.resources import RunClock
from orchestration.run_context import read_run_context
from orchestration.run_lock import release_run_lock
from orchestration.status import read_status
from tests.integration.inbox_tools import ORDERS_HEADER, Inbox

BUILT, REFUSED = date(2026, 6, 30), date(2026, 4, 30)
ORDER = f"{ORDERS_HEADER}\n{{}},{{}}T10:00:00Z,paid,10,EUR\n"


@pytest.fixture
def company(settings):
    """A company whose first order is of May 2026."""
    Inbox(settings).put("crm/orders/may.csv", ORDER.format("o1", "2026-05-02"))
    return settings


def load(settings, as_of, *, with_inbox=True):
    """Loading and reporting as of that date, as a run does them; returns the steps that failed."""
    resources = {"settings": settings, "clock": RunClock(as_of=as_of.isoformat())}
    sources = source_assets(settings)
    chosen = None if with_inbox else dg.AssetSelection.assets(sources)
    assets = [inbox, sources, run_report] if with_inbox else [inbox, sources]
    with open_instance(settings) as instance:
        result = dg.materialize(assets, resources=resources, instance=instance, raise_on_error=False, selection=chosen)
    release_run_lock(settings, result.run_id)
    return [event.step_key for event in result.all_events if event.is_step_failure]


def built_for(settings):
    with connect(settings, read_only=True) as connection:
        context = read_run_context(connection)
    return context.as_of if context else None


def test_a_refused_date_leaves_the_date_of_what_is_built(company):
    """It once stayed until the next run, and `lifecycle status` and `publish` spoke of it."""
    assert load(company, BUILT) == []
    assert load(company, REFUSED) == ["inbox"]
    assert built_for(company) == read_status(company)["built_as_of"] == BUILT
    report = latest_report(company)
    assert (report["as_of"], report["succeeded"]) == (str(REFUSED), False)
    assert "All data lies after 2026-04-30" in report["causes"][0]["message"]


def test_a_first_run_that_is_refused_leaves_no_date_at_all(company):
    assert load(company, REFUSED) == ["inbox"]
    assert built_for(company) is None
    assert load(company, BUILT) == []
    assert built_for(company) == BUILT


def test_a_date_is_no_longer_refused_once_the_inbox_holds_something_of_it(company):
    assert load(company, REFUSED) == ["inbox"]
    Inbox(company).put("crm/orders/april.csv", ORDER.format("o0", "2026-04-02"))
    assert load(company, REFUSED) == []
    assert built_for(company) == REFUSED


def loading_job():
    """Inbox and sources as a job another process can find."""
    settings = load_settings()
    return dg.Definitions(
        assets=[inbox, source_assets(settings)],
        jobs=[dg.define_asset_job("loading", executor_def=dg.in_process_executor)],
        resources={"settings": settings, "clock": RunClock.configure_at_launch()},
    ).resolve_job_def("loading")


def test_a_run_that_is_started_again_after_its_inbox_writes_the_date_all_the_same(company, monkeypatch):
    monkeypatch.setenv("LIFECYCLE_DATA_DIR", str(company.data_dir))
    config = {"resources": {"clock": {"config": {"as_of": str(BUILT)}}}}
    with open_instance(company) as instance:
        first = dg.execute_job(dg.reconstructable(loading_job), instance, run_config=config)
        release_run_lock(company, first.run_id)
        again = dg.ReexecutionOptions(first.run_id, step_selection=["sources"])
        second = dg.execute_job(dg.reconstructable(loading_job), instance, run_config=config, reexecution_options=again)
        release_run_lock(company, second.run_id)
    assert first.success and second.success
    with connect(company, read_only=True) as connection:
        assert read_run_context(connection).run_id == second.run_id


def test_a_run_of_the_sources_alone_is_for_the_date_asked_for_whatever_the_files_hold(company):
    """What vendors have may be older than every file."""
    assert load(company, BUILT) == []
    assert load(company, REFUSED, with_inbox=False) == []
    assert built_for(company) == REFUSED
