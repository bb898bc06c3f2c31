"""The connectors in Dagster: what is shown beside a raw table, what a failing source does, what is never stored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingestion.sandbox.server import faults
from ingestion.sandbox.server.hubspot import HubspotProtocol
from ingestion.sandbox.server.shopify import ShopifyProtocol
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Sandbox, serving
from ingestion.settings import Settings
from ingestion.warehouse import connect
from tests.connectors.benches import SECRET
from tests.connectors.source_runs import run

NOW = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture
def sandbox():
    store = Store(NOW)
    store.put("hubspot.contacts", "1", NOW - timedelta(hours=6), {"properties": {"email": "a@example.org"}})
    store.put("shopify.customers", "1", NOW - timedelta(hours=6), {"email": "a@example.org"})
    protocols = {"hubspot": HubspotProtocol(store, SECRET), "shopify": ShopifyProtocol(store, SECRET)}
    with serving(Sandbox(store, protocols)) as served:
        yield served


@pytest.fixture
def settings(sandbox, tmp_path):
    return Settings(
        data_dir=tmp_path / "data",
        hubspot_base_url=sandbox.base_url("hubspot"),
        hubspot_token=SECRET,
        shopify_base_url=sandbox.base_url("shopify"),
        shopify_token=SECRET,
        _env_file=None,
    )


def test_each_raw_table_shows_source_rows_cursor_and_lag(settings, tmp_path):
    result = run(settings, tmp_path)
    assert result.success
    shown = {
        event.asset_key.to_user_string(): event.step_materialization_data.materialization.metadata
        for event in result.get_asset_materialization_events()
    }
    contacts = {name: value.value for name, value in shown["raw_hubspot/contacts"].items()}
    assert contacts["source"] == "hubspot"
    assert contacts["dagster/row_count"] == 1
    assert contacts["accepted"] == 1
    assert contacts["cursor"] == "2026-06-29T18:00:00"
    assert contacts["lag_hours"] > 0
    assert shown["raw_stripe/customers"]["configured"].value is False


def test_a_source_that_fails_leaves_the_others_alone_and_the_run_is_not_green(settings, sandbox, tmp_path):
    refuse = faults.status(401)
    sandbox.faults.always = lambda request, protocol: (
        refuse(request, protocol) if request.base_url.endswith("/hubspot") else protocol(request)
    )
    result = run(settings, tmp_path)
    assert not result.success
    assert [event.step_key for event in result.all_events if event.is_step_failure] == [
        "ops__loads_every_source_was_loaded"
    ]
    with connect(settings, read_only=True) as connection:
        assert connection.execute("select count(*) from raw_shopify.customers").fetchone() == (1,)


def test_secrets_stand_neither_in_run_configuration_nor_in_the_event_log(settings, sandbox, tmp_path):
    sandbox.faults.plan(faults.status(401))
    run(settings, tmp_path)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in files)
    assert [path.name for path in files if SECRET.encode() in path.read_bytes()] == []
