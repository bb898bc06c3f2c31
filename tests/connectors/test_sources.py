"""The sources together: one that fails leaves the others alone, all raw tables exist, all are registered everywhere."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime, timedelta

import pytest
import yaml

from ingestion.raw import create_raw_tables
from ingestion.sandbox.company import VendorRows, write_company
from ingestion.sandbox.server import faults
from ingestion.sandbox.server.account import EXPORTS, account_settings, empty_sandbox, fill, write_exports
from ingestion.sandbox.server.web import serving
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.sources import source_load
from ingestion.sources.errors import NotConfiguredError, SourceError
from ingestion.sources.loading import load_source, load_sources
from ingestion.sources.registry import CONNECTORS, UnknownSourceError, connector_named
from ingestion.sources.status import failed_sources, read_source_status
from ingestion.warehouse import connect

END = date(2026, 6, 30)
NIGHT = datetime(2026, 6, 30, 22, tzinfo=UTC)
KEY = "s3same"


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    """The rows of a company with vendors."""
    folder = tmp_path_factory.mktemp("company")
    files = {"inbox": folder / "inbox", "truth": folder / "truth"}
    write_company(people=200, seed=7, end=END, **files, vendors=VendorRows(folder / "rows"))
    return folder / "rows"


def company_sandbox(rows, now):
    sandbox = empty_sandbox(now, KEY)
    fill(sandbox, rows)
    return sandbox


def settings_for(sandbox, folder):
    """Settings that point the connectors at the sandbox alone."""
    found = account_settings(sandbox, KEY, folder)
    apis = {name: value for name, value in found.items() if not name.endswith("_folder")}
    return Settings(data_dir=folder, _env_file=None, **apis)


def test_the_company_is_at_every_vendor_and_a_failing_vendor_leaves_the_others_alone(rows, tmp_path):
    with serving(company_sandbox(rows, NIGHT)) as sandbox:
        settings = settings_for(sandbox, tmp_path / "data")
        refuse = faults.status(401)
        sandbox.faults.always = lambda request, protocol: (
            refuse(request, protocol) if request.base_url.endswith("/stripe") else protocol(request)
        )
        outcomes = {outcome.source: outcome for outcome in load_sources(settings)}
        assert {name for name, outcome in outcomes.items() if outcome.problem} == {"stripe"}
        with connect(settings, read_only=True):
            assert set(failed_sources(settings)) == {"stripe"}, "whoever asks writes nothing"
        sandbox.faults.clear()
        load_source(settings, connector_named("stripe"))
        assert failed_sources(settings) == {}
        found = {(one.source, one.table): one for one in read_source_status(settings)}
        for table in (
            ("hubspot", "contacts"),
            ("shopify", "orders"),
            ("stripe", "subscriptions"),
            ("mailchimp", "members"),
            ("brevo", "contacts"),
            ("google_ads", "campaign_days"),
            ("klaviyo", "events"),
            ("linkedin", "share_days"),
            ("matomo", "visits"),
            ("meta_ads", "campaign_days"),
            ("meta_graph", "comments"),
            ("meta_graph", "media_comments"),
            ("salesforce", "leads"),
            ("typeform", "responses"),
        ):
            assert found[table].row_count > 0, table
            assert found[table].cursor, table
        with connect(settings, read_only=True) as connection:
            assert connection.execute("select count(*) from quarantine.rejected_rows").fetchone() == (0,)
            shared = connection.execute(
                "select count(distinct lower(hubspot.email)) from raw_hubspot.contacts as hubspot "
                "inner join raw_shopify.customers as shopify on lower(shopify.email) = lower(hubspot.email) "
                "where hubspot.id <> shopify.id::varchar"
            ).fetchone()
        assert shared[0] > 0, "the same people under other numbers"


@pytest.mark.parametrize("step", ["prepare", "store"])
def test_a_source_that_cannot_be_prepared_or_stored_leaves_the_others_alone(rows, tmp_path, monkeypatch, step):
    whole = getattr(source_load.SourceLoad, step)

    def broken(load, argument):
        if load.name == "stripe":
            raise SourceError("stripe: a record got lost.")
        return whole(load, argument)

    monkeypatch.setattr(source_load.SourceLoad, step, broken)
    with serving(company_sandbox(rows, NIGHT)) as sandbox:
        settings = settings_for(sandbox, tmp_path / "data")
        outcomes = load_sources(settings, [connector_named(name) for name in ("shopify", "stripe", "typeform")])
    assert [(one.source, one.problem) for one in outcomes] == [
        ("shopify", None),
        ("stripe", "stripe: a record got lost."),
        ("typeform", None),
    ]
    assert set(failed_sources(settings)) == {"stripe"}


def test_an_interruption_does_not_wait_for_what_is_being_read(rows, tmp_path, monkeypatch):
    with serving(company_sandbox(rows, NIGHT)) as sandbox:
        settings = settings_for(sandbox, tmp_path / "data")
        is_asked = threading.Event()
        come_later = faults.too_many_requests(retry_after="200")

        def stall(request, protocol):
            if request.base_url.endswith("/stripe"):
                is_asked.set()
                return come_later(request, protocol)
            return protocol(request)

        def interrupt(*_):
            assert is_asked.wait(60)
            raise KeyboardInterrupt

        sandbox.faults.always = stall
        monkeypatch.setattr(source_load.SourceLoad, "store", interrupt)
        begun = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            load_sources(settings, [connector_named("typeform"), connector_named("stripe")])
    assert time.monotonic() - begun < 100


def test_the_company_exports_its_web_events_and_mails_to_folders(rows, tmp_path):
    write_exports(rows, tmp_path / "exports", END)
    folders = {f"{vendor}_folder": tmp_path / "exports" / vendor for vendor in EXPORTS}
    outcomes = load_sources(Settings(data_dir=tmp_path / "data", _env_file=None, **folders))
    assert {one.source for one in outcomes} == {"ga4", "segment", "sendgrid", "snowplow"}
    assert {one.source for one in outcomes if one.resources[0].promotion.accepted == 0} == set()
    assert {one.resources[0].promotion.quarantined for one in outcomes} == {0}


def test_what_happens_later_is_seen_when_the_vendors_time_has_moved(rows, tmp_path):
    sandbox = company_sandbox(rows, NIGHT - timedelta(days=400))
    with serving(sandbox):
        settings = settings_for(sandbox, tmp_path / "data")
        connector = connector_named("hubspot")
        first = load_source(settings, connector, tables=["contacts"]).resources[0].promotion.accepted
        sandbox.store.move_to(NIGHT)
        second = load_source(settings, connector, tables=["contacts"]).resources[0].promotion.accepted
    assert first > 0
    assert second > 0


def test_all_raw_tables_exist_without_any_credentials(settings):
    with connect(settings) as connection:
        create_raw_tables(connection)
        present = set(connection.execute("select schema_name, table_name from duckdb_tables()").fetchall())
    assert {(one.schema, resource.table.name) for one in CONNECTORS for resource in one.resources} <= present
    assert load_sources(settings) == []


def test_a_source_without_credentials_says_what_to_set(settings):
    with pytest.raises(NotConfiguredError, match="LIFECYCLE_SHOPIFY_BASE_URL"):
        load_source(settings, connector_named("shopify"))
    with pytest.raises(UnknownSourceError, match="hubspot"):
        connector_named("hubspott")


def test_dbt_knows_the_same_connectors():
    project = yaml.safe_load((PROJECT_ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    assert project["vars"]["connectors"] == [connector.name for connector in CONNECTORS]


def test_every_connector_has_its_four_files_and_says_what_it_was_tested_against():
    for connector in CONNECTORS:
        folder = PROJECT_ROOT / "ingestion" / "sources" / connector.name
        assert {path.name for path in folder.iterdir()} >= {"settings.py", "source.py", "records.py", "README.md"}
        readme = (folder / "README.md").read_text(encoding="utf-8")
        assert "| Tested against |" in readme
        assert connector.api_version.removeprefix("v") in readme
