"""What is HubSpot's own: the history of a contact's lifecycle stage, told of contacts and kept change by change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingestion.sandbox.server.company.hubspot import put_hubspot
from ingestion.sandbox.server.hubspot import HubspotProtocol
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Request, Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources.hubspot import settings as hubspot
from ingestion.sources.loading import load_source
from ingestion.sources.registry import connector_named
from ingestion.warehouse import connect
from tests.connectors.benches import SECRET, START

HUBSPOT = connector_named("hubspot")
NOW = START + timedelta(days=30)


class Company:
    """A CRM that has contacts with stages and nothing else."""

    def __init__(self, contacts, changes):
        self._rows = {"crm_contacts": contacts, "crm_stage_changes": changes}

    def rows(self, table):
        return self._rows.get(table, [])


class Empty(dict):
    """A row whose other columns are null."""

    def __missing__(self, _column):
        return None


def contact(number):
    return Empty(contact_id=f"C{number}", created_at=START, email=f"person{number}@example.org")


def change(number, stage, *, after):
    return Empty(contact_id=f"C{number}", stage=stage, changed_at=START + after, changed_by="FORM")


@pytest.fixture
def sandbox():
    store = Store(NOW)
    with serving(Sandbox(store, {"hubspot": HubspotProtocol(store, SECRET)})) as sandbox:
        yield sandbox


@pytest.fixture
def load(sandbox, tmp_path):
    made = Settings(
        _env_file=None,
        data_dir=tmp_path / "data",
        hubspot_base_url=sandbox.base_url("hubspot"),
        hubspot_token=SECRET,
    )

    def loaded():
        done = load_source(made, HUBSPOT, tables=["stage_changes"])
        with connect(made, read_only=True) as connection:
            rows = connection.execute(
                "select contact_id::int - 100000, stage from raw_hubspot.stage_changes order by contact_id, changed_at"
            ).fetchall()
        return rows, done.request_count

    return loaded


def test_every_change_of_a_stage_is_read_once_also_those_that_come_later(sandbox, load, monkeypatch):
    monkeypatch.setattr(hubspot, "PAGE_SIZE", 3)
    monkeypatch.setattr(hubspot, "HISTORY_PAGE_SIZE", 2)
    later = [change(2, "customer", after=timedelta(days=31)), change(4, "opportunity", after=timedelta(days=31))]
    leads = [change(number, "lead", after=timedelta(0)) for number in range(1, 6)]
    early = change(1, "customer", after=timedelta(days=3))
    put_hubspot(sandbox.store, Company([contact(number) for number in range(1, 7)], [*leads, early, early, *later]))
    before = [(1, "lead"), (1, "customer"), (2, "lead"), (3, "lead"), (4, "lead"), (5, "lead")]
    assert load() == (before, 3)
    sandbox.store.move_to(NOW + timedelta(hours=1))
    assert load() == (before, 1)
    sandbox.store.move_to(NOW + timedelta(days=2))
    after, _ = load()
    assert after == sorted([*before, (2, "customer"), (4, "opportunity")], key=lambda row: row[0])


def test_a_stage_entered_after_the_contact_was_deleted_is_no_change_of_it(sandbox, load):
    gone = Empty(contact(1), deleted_at=START + timedelta(days=1), updated_at=START + timedelta(days=1))
    stages = [change(1, "lead", after=timedelta(0)), change(1, "customer", after=timedelta(days=2))]
    put_hubspot(sandbox.store, Company([contact(1), gone, contact(2)], stages))
    assert load() == ([], 1)
    assert [one.key for one in sandbox.store.by_key("hubspot.contacts", is_deleted=True)] == ["100001"]


def test_the_sandbox_refuses_more_contacts_with_their_history_than_hubspot_does():
    protocol = HubspotProtocol(Store(NOW), SECRET)
    headers = {"Authorization": f"Bearer {SECRET}"}
    listing = {"limit": "51", "propertiesWithHistory": "lifecyclestage"}
    batch = {"inputs": [{"id": "1"}] * 51, "properties": [], "propertiesWithHistory": ["lifecyclestage"]}
    assert protocol(Request("GET", "/crm/v3/objects/contacts", listing, headers, None, "")).status == 400
    assert protocol(Request("POST", "/crm/v3/objects/contacts/batch/read", {}, headers, batch, "")).status == 400
