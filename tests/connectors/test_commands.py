"""The commands about sources, as the README writes them, against the sandbox."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from ingestion.sandbox.server.hubspot import HubspotProtocol
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Sandbox, serving
from tests.checkout import copy_checkout
from tests.connectors.benches import SECRET

NOW = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    return copy_checkout(tmp_path_factory.mktemp("sources"))


@pytest.fixture
def hubspot():
    store = Store(NOW)
    for number in range(1, 6):
        at = NOW - timedelta(days=60 - 10 * number)
        store.put("hubspot.contacts", str(number), at, {"properties": {"email": f"person{number}@example.org"}})
    with serving(Sandbox(store, {"hubspot": HubspotProtocol(store, SECRET)})) as sandbox:
        yield {"LIFECYCLE_HUBSPOT_BASE_URL": sandbox.base_url("hubspot"), "LIFECYCLE_HUBSPOT_TOKEN": SECRET}


def test_a_source_is_checked_with_nothing_but_address_and_token(checkout, hubspot, tmp_path):
    done = checkout.run(".venv/bin/lifecycle sources check hubspot", **hubspot, LIFECYCLE_DATA_DIR=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "contacts                 5 records on the first page" in done.stdout


def test_a_source_that_is_not_configured_says_what_to_set(checkout, tmp_path):
    done = checkout.run(".venv/bin/lifecycle sources check hubspot", LIFECYCLE_DATA_DIR=tmp_path)
    assert done.returncode == 4
    assert "LIFECYCLE_HUBSPOT_TOKEN" in done.stderr


def test_a_range_of_days_is_loaded_and_listed(checkout, hubspot, tmp_path):
    done = checkout.run(
        ".venv/bin/lifecycle sources load hubspot --since 2026-06-01", **hubspot, LIFECYCLE_DATA_DIR=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert "hubspot.contacts: 2 new, 0 unchanged, 0 quarantined" in done.stdout
    listed = checkout.run(".venv/bin/lifecycle sources list", **hubspot, LIFECYCLE_DATA_DIR=tmp_path)
    assert listed.returncode == 0, listed.stderr
    assert any("contacts" in line and "yes" in line and " 2 " in line for line in listed.stdout.splitlines())
    missing = [line.split() for line in listed.stdout.splitlines() if line.startswith("  ")]
    assert ["stripe", "LIFECYCLE_STRIPE_KEY"] in missing
    assert "hubspot" not in {line[0] for line in missing}, "it is configured"
    assert SECRET not in done.stdout + done.stderr + listed.stdout + listed.stderr


def test_a_refused_source_ends_the_command_with_one_clear_line(checkout, hubspot, tmp_path):
    wrong = hubspot | {"LIFECYCLE_HUBSPOT_TOKEN": "expired-0815"}
    done = checkout.run(".venv/bin/lifecycle sources check hubspot", **wrong, LIFECYCLE_DATA_DIR=tmp_path)
    assert done.returncode == 1
    assert "LIFECYCLE_HUBSPOT_TOKEN" in done.stderr
    assert "expired-0815" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_load_is_told_as_json_with_what_became_of_every_table_and_why_a_source_failed(checkout, hubspot, tmp_path):
    load = ".venv/bin/lifecycle sources load --json"
    done = checkout.run(load, **hubspot, LIFECYCLE_DATA_DIR=tmp_path)
    assert done.returncode == 0, done.stderr
    [source] = json.loads(done.stdout)
    loaded = {one["table"]: one["promotion"] for one in source["resources"]}
    assert (source["source"], source["problem"], loaded["contacts"]["accepted"]) == ("hubspot", None, 5)
    wrong = hubspot | {"LIFECYCLE_HUBSPOT_TOKEN": "expired-0815"}
    failed = checkout.run(load, **wrong, LIFECYCLE_DATA_DIR=tmp_path)
    assert failed.returncode == 1
    [source] = json.loads(failed.stdout)
    assert "LIFECYCLE_HUBSPOT_TOKEN" in source["problem"]
    assert source["resources"] == []
    assert "expired-0815" not in failed.stdout + failed.stderr
