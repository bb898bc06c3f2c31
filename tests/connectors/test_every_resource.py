"""Every resource of every vendor with an interface, on the sample company: nothing missing, doubled or stored twice.

`test_every_connector_*.py` try one resource of each vendor thoroughly; here all of them are loaded, in one pass over
one sandbox: at first, again an hour later, and from accounts that hold nothing. What goes wrong while they are read is
in `test_every_resource_endures.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from ingestion.sandbox.server.account import account_settings, empty_sandbox
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources.client import Client
from ingestion.sources.loading import load_source
from ingestion.sources.model import Connector, Page, Resource, Window
from ingestion.sources.promotion import Promotion
from ingestion.warehouse import connect
from tests.connectors.vendor_accounts import (
    APIS,
    COUNTED,
    KEY,
    NIGHT,
    TABLES,
    Table,
    company_sandbox,
    held_at_the_vendor,
)

REQUESTS_OF_AN_UNCHANGED_RESOURCE = 3

# What these vendors tell of an account is told of one that holds nothing, too: how many follow it.
TOLD_OF_EVERY_ACCOUNT = {("linkedin", "followers"): 1, ("meta_graph", "accounts"): 2}

# Typeform has no address that answers for the responses to several forms: the list of forms, then form by form.
ASKED_FORM_BY_FORM = ("typeform", "responses")


@dataclass
class Reads:
    """What came of loading every vendor: what was promoted by table, first, again, and of empty accounts."""

    store: Store
    first: dict[Table, Promotion] = field(default_factory=dict)
    again: dict[Table, Promotion] = field(default_factory=dict)
    empty: dict[Table, Promotion] = field(default_factory=dict)
    requests: Counter[Table] = field(default_factory=Counter)
    held: dict[Table, int] = field(default_factory=dict)
    keys: dict[Table, list[tuple[object, ...]]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def reads(tmp_path_factory):
    """All vendors, read once for all tests of this module."""
    folder = tmp_path_factory.mktemp("resources")
    sandbox = company_sandbox(folder)
    held = {table: len(held_at_the_vendor(sandbox.store, table)) for table in TABLES - COUNTED}
    found = Reads(sandbox.store, held=held)
    with serving(sandbox):
        settings = settings_for(sandbox, folder / "data")
        found.first = load_all(settings, Counter())
        sandbox.store.move_to(NIGHT + timedelta(hours=1))
        found.again = load_all(settings, found.requests)
    found.keys = stored_keys(settings)
    with serving(empty_sandbox(NIGHT, KEY)) as nobody:
        found.empty = load_all(settings_for(nobody, folder / "empty"), Counter())
    return found


def settings_for(sandbox: Sandbox, folder: Path) -> Settings:
    """Settings that point the connectors at the sandbox alone."""
    known = account_settings(sandbox, KEY, folder)
    apis = {name: value for name, value in known.items() if not name.endswith("_folder")}
    return Settings(data_dir=folder, _env_file=None, **apis)


def load_all(settings: Settings, requests: Counter[Table]) -> dict[Table, Promotion]:
    """Load every vendor; how many requests each table cost is added up."""
    outcomes = [load_source(settings, counted(connector, requests)) for connector in APIS]
    return {(one.source, done.table): done.promotion for one in outcomes for done in one.resources}


def counted(connector: Connector, requests: Counter[Table]) -> Connector:
    """The connector, with the requests of each resource counted."""

    def watched(resource: Resource) -> Resource:
        def read(client: Client, window: Window) -> Iterator[Page]:
            before = client.request_count
            for page in resource.read(client, window):
                requests[connector.name, resource.table.name] += client.request_count - before
                yield page
                before = client.request_count
            requests[connector.name, resource.table.name] += client.request_count - before

        return replace(resource, read=read)

    return replace(connector, resources=tuple(map(watched, connector.resources)))


def stored_keys(settings: Settings) -> dict[Table, list[tuple[object, ...]]]:
    """The keys of all rows of every table."""
    with connect(settings, read_only=True) as connection:
        return {
            (one.name, resource.table.name): connection.execute(
                f"select {', '.join(resource.table.key)} from {one.schema}.{resource.table.name}"
            ).fetchall()
            for one in APIS
            for resource in one.resources
        }


def test_every_resource_has_records_and_all_of_them_fit_the_declared_schema(reads):
    assert set(reads.first) == TABLES
    assert {table for table, done in reads.first.items() if done.accepted == 0} == set()
    assert {table: done.quarantined for table, done in reads.first.items() if done.quarantined} == {}
    assert {table: done.new_members for table, done in reads.first.items() if done.new_members} == {}


def test_the_first_read_of_every_resource_is_complete(reads):
    missing = {table: count - len(set(reads.keys[table])) for table, count in reads.held.items()}
    assert {table: count for table, count in missing.items() if count > 0} == {}
    assert {table for table, count in reads.held.items() if count == 0} == set()


def test_the_keys_of_every_resource_are_filled_and_no_two_rows_share_one(reads):
    assert {table for table, keys in reads.keys.items() if None in {part for key in keys for part in key}} == set()
    assert {table for table, keys in reads.keys.items() if len(keys) != len(set(keys))} == set()


@pytest.mark.parametrize("table", sorted(TABLES), ids=".".join)
def test_an_unchanged_resource_stores_nothing_and_costs_few_requests(reads, table):
    again = reads.again[table]
    assert (again.accepted, again.quarantined) == (0, 0)
    forms = len(reads.store.by_key("typeform.forms")) if table == ASKED_FORM_BY_FORM else 0
    assert 1 <= reads.requests[table] <= max(REQUESTS_OF_AN_UNCHANGED_RESOURCE, 1 + forms)


def test_accounts_that_hold_nothing_are_loaded_as_nothing(reads):
    assert set(reads.empty) == TABLES
    assert {table: done.delivered for table, done in reads.empty.items() if done.delivered} == TOLD_OF_EVERY_ACCOUNT
