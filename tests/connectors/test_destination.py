"""The warehouse as dlt's destination: dlt's own DuckDB in everything but where its settings are looked for."""

from __future__ import annotations

import dlt
import duckdb
import pytest
from dlt.common.configuration import resolve
from dlt.common.destination import reference
from dlt.common.normalizers.naming import snake_case
from dlt.destinations.impl.duckdb.configuration import DuckDbCredentials

from ingestion.sources.destination import Warehouse


@pytest.fixture
def destinations():
    """Ours and dlt's own on one connection."""
    with duckdb.connect() as connection:
        yield tuple(kind(DuckDbCredentials(connection)) for kind in (Warehouse, dlt.destinations.duckdb))


def shown(value):
    """A value to compare; of an object made anew for each destination its kind."""
    return type(value) if " object at " in repr(value) else repr(value)


@pytest.mark.parametrize("naming", [None, snake_case.NamingConvention()], ids=["no naming", "naming"])
def test_it_can_do_what_dlt_says_duckdb_can(destinations, naming):
    ours, dlts = (dict(destination.capabilities(naming=naming)) for destination in destinations)
    assert len(ours) > 10
    assert {name: shown(value) for name, value in ours.items()} == {name: shown(value) for name, value in dlts.items()}


def test_it_is_noted_under_the_name_every_version_has_noted(destinations):
    ours, dlts = destinations
    assert (ours.destination_type, ours.destination_name) == (dlts.destination_type, dlts.destination_name)


def test_its_settings_are_looked_for_only_where_it_is_connected_to(destinations, monkeypatch):
    ours, dlts = destinations
    looked_for = []

    def noted(*arguments, **options):
        looked_for.append(arguments)
        return resolve.resolve_configuration(*arguments, **options)

    monkeypatch.setattr(reference, "resolve_configuration", noted)
    ours.capabilities()
    assert looked_for == []
    asked = ours.spec()
    asked.update({"dataset_name": "landing", "local_dir": "."})
    assert ours.configuration(asked).is_resolved()
    assert len(looked_for) == 1
    dlts.capabilities()
    assert len(looked_for) == 2, "dlt itself looks for them each time; without that the destination needs no class"
