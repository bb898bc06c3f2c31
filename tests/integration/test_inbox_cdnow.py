"""The CDNOW delivery: the published log, complete or not at all."""

import os
import zipfile

import pytest

from ingestion.examples import cdnow
from ingestion.files.report import RowCounts
from tests.integration.inbox_tools import Inbox


def log_of(lines):
    return " customer_id  date number_of_cds  dollar_value\r\n" + "".join(f" {line}\r\n" for line in lines)


def put_wheel(settings, text):
    cache = settings.data_dir / "cache"
    cache.mkdir(parents=True)
    with zipfile.ZipFile(cache / "lifetimes-0.11.3.whl", "w") as archive:
        archive.writestr("lifetimes/datasets/CDNOW_master.txt", text)


def test_the_published_log_arrives_as_contacts_and_orders(settings):
    files = cdnow.deliver_cdnow(settings)
    assert [path.relative_to(settings.inbox).as_posix() for path in files] == [
        "crm/contacts/cdnow_contacts.csv",
        "crm/orders/cdnow_orders.csv",
    ]
    first = [path.read_bytes() for path in files]
    inbox = Inbox(settings)
    assert inbox.load().rows == RowCounts(93_229, 93_229, 0)
    assert inbox.query(
        "select count(*), count(distinct order_id), count(distinct contact_id), sum(net_amount)::varchar, "
        "count(*) filter (net_amount = 0), min(ordered_at)::date::varchar from raw_files.crm_orders"
    ) == [(69_659, 69_659, 23_570, "2500315.6300", 80, "1996-12-31")]
    assert [path.read_bytes() for path in cdnow.deliver_cdnow(settings)] == first
    assert inbox.load().loaded == 0


def test_a_log_that_is_not_the_published_one_is_refused(settings):
    put_wheel(settings, log_of(["00001 19970101  1   11.77", "00002 19970112  1   12.00"]))
    with pytest.raises(cdnow.ExampleUnavailableError, match="has 2 customers, 2 orders and 2377 cents"):
        cdnow.deliver_cdnow(settings)
    assert not settings.inbox.exists()


def test_a_damaged_package_in_the_cache_is_named(settings):
    put_wheel(settings, "")
    wheel = settings.data_dir / "cache" / "lifetimes-0.11.3.whl"
    wheel.write_bytes(b"PK")
    with pytest.raises(cdnow.ExampleUnavailableError, match=f"{wheel} is damaged"):
        cdnow.deliver_cdnow(settings)


def test_an_index_that_does_not_answer_leaves_nothing_in_the_inbox(settings, monkeypatch):
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:1/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(cdnow.ExampleUnavailableError, match=r"could not be downloaded.*index-url"):
        cdnow.deliver_cdnow(settings)
    assert not settings.inbox.exists()
    assert list((settings.data_dir / "cache").iterdir()) == []
