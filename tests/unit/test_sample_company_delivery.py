"""The sample company goes into an empty data directory once, and never among somebody's own files."""

from datetime import date

import pytest

from ingestion.sandbox.server.account import EXPORTS
from orchestration.sample_company import ForeignDataError, deliver_sample_company, is_demo, place_of

END = date(2026, 6, 30)


def contents(settings):
    return {path: path.read_bytes() for path in sorted(settings.inbox.rglob("*")) if path.is_file()}


def test_a_second_delivery_on_a_later_day_changes_no_file(settings):
    deliver_sample_company(settings, people=100, seed=7, end=END)
    before = contents(settings)
    again = deliver_sample_company(settings, people=100, seed=7, end=date(2026, 7, 15))
    assert again.end == END.isoformat()
    assert contents(settings) == before
    assert is_demo(settings)


def test_it_stays_out_of_an_inbox_with_other_files(settings):
    own = settings.inbox / "crm" / "orders" / "mine.csv"
    own.parent.mkdir(parents=True)
    own.write_text("order_id\n", encoding="utf-8")
    with pytest.raises(ForeignDataError, match="LIFECYCLE_DATA_DIR"):
        deliver_sample_company(settings, people=100, seed=7, end=END)
    assert list(contents(settings)) == [own]
    assert not is_demo(settings)


def test_another_size_in_the_same_directory_is_refused(settings):
    deliver_sample_company(settings, people=100, seed=7, end=END)
    with pytest.raises(ForeignDataError, match="100 people"):
        deliver_sample_company(settings, people=200, seed=7, end=END)


def test_a_vendor_whose_export_has_no_file_yet_has_its_folder_all_the_same(settings):
    """The smallest company has no visit that Google Analytics saw; its connector refused the missing folder."""
    deliver_sample_company(settings, people=100, seed=7, end=END)
    assert {folder.name for folder in place_of(settings).exports.iterdir()} == set(EXPORTS)
