"""A connector as `lifecycle sources new` writes it: it passes the common suite and its staging model reads its table.

The tests of the suite are the other modules' own, played here with the new connector's bench.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import jinja2
import pytest
import yaml
from pydantic import SecretStr

import ingestion.sandbox.server
import ingestion.sources
import tests.connectors
from ingestion.settings import Settings
from ingestion.sources import registry
from ingestion.sources.scaffold import Scaffold, ScaffoldError, write_connector
from tests.connectors import bench as benches
from tests.connectors.bench import Bench
from tests.connectors.test_every_connector_endures import (  # noqa: F401 (tests: pytest plays what it finds here)
    test_a_lasting_failure_ends_with_one_error_and_the_next_load_brings_everything,
    test_a_load_killed_between_landing_and_promotion_is_finished_by_the_next_one,
    test_a_page_that_repeats_itself_ends_the_read,
    test_refused_credentials_are_one_error_that_names_the_setting_and_no_storm,
)
from tests.connectors.test_every_connector_reads import (  # noqa: F401 (the same)
    test_a_changed_type_is_quarantined_with_its_record_and_the_others_are_loaded,
    test_a_full_read_is_complete_and_a_second_one_adds_nothing_for_three_requests_at_most,
    test_a_record_dated_in_the_future_does_not_hide_what_changes_until_then,
    test_a_required_field_that_vanished_is_an_error_and_nothing_moves,
    test_an_update_between_two_pages_is_neither_lost_nor_doubled,
    test_checking_a_source_reads_one_page_of_each_resource_and_loads_nothing,
    test_records_of_one_instant_are_all_read_also_when_they_fill_several_pages,
)

NAME = "corner_shop"
STAGING = Path("dbt_project/models/staging") / NAME


class WithCornerShop(Settings):
    """What `source_settings.py` gains with the connector."""

    corner_shop_base_url: str = ""
    corner_shop_token: SecretStr | None = None


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("repository")


@pytest.fixture(scope="module")
def begun(root: Path) -> Scaffold:
    return write_connector(NAME, root)


@pytest.fixture(scope="module")
def bench(begun: Scaffold, root: Path) -> Iterator[Bench]:
    """The new connector's bench, with the lines that are still to be written by hand."""
    patch = pytest.MonkeyPatch()
    for package in (ingestion.sources, ingestion.sandbox.server, tests.connectors):
        patch.setattr(package, "__path__", [*package.__path__, str(root / package.__name__.replace(".", "/"))])
    patch.setattr(benches, "Settings", WithCornerShop)
    before = set(sys.modules)
    connector = import_module(f"ingestion.sources.{NAME}").CORNER_SHOP
    patch.setattr(registry, "CONNECTORS", (*registry.CONNECTORS, connector))
    yield import_module(f"tests.connectors.{NAME}_bench").CORNER_SHOP
    for name in set(sys.modules) - before:
        if NAME in name:
            del sys.modules[name]
    patch.undo()


def test_a_connector_is_written_once_and_only_with_a_name_that_is_one(begun, root):
    assert all(path.is_file() for path in begun.written)
    with pytest.raises(ScaffoldError, match="exists"):
        write_connector(NAME, root)
    with pytest.raises(ScaffoldError, match="snake_case"):
        write_connector("Corner Shop", root)


def test_what_is_still_to_be_written_by_hand_names_files_there_are(begun):
    assert begun.missing
    assert all(Path(place).is_file() for place in begun.missing)
    assert not [text for text in (*begun.missing.values(), *map(_text, begun.written)) if "VENDOR" in text]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_its_staging_model_reads_what_was_loaded_as_its_unit_test_says(trial, root):
    trial.people(2)
    trial.load()
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 - SQL
    sql = environment.from_string(_text(root / STAGING / f"stg_{NAME}__crm_contacts.sql")).render(
        source=lambda schema, table: f"{schema}.{table}",
        utc=lambda column: f"cast(cast({column} as timestamptz) at time zone 'UTC' as timestamp)",
    )
    assert trial.rows(f"select record_key, email, first_name from ({sql}) order by all") == [
        ("corner_shop:1", "person1@example.org", "first"),
        ("corner_shop:2", "person2@example.org", "first"),
    ]
    [unit_test] = yaml.safe_load(_text(root / STAGING / f"_{NAME}__unit_tests.yml"))["unit_tests"]
    [model] = yaml.safe_load(_text(root / STAGING / f"_{NAME}__models.yml"))["models"]
    assert unit_test["model"] == model["name"] == f"stg_{NAME}__crm_contacts"
