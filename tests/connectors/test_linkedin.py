"""What is LinkedIn's own: addresses with brackets in them, days at midnight UTC, followers counted as of now."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from ingestion.sandbox.server.linkedin import ORGANIZATION, URN, LinkedinProtocol
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Request, Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources.client import Client
from ingestion.sources.errors import CredentialError
from ingestion.sources.linkedin import settings as linkedin
from ingestion.sources.linkedin.records import day_range, first_day, network_address, statistics_address
from ingestion.sources.model import Window
from ingestion.sources.registry import connector_named
from tests.connectors.benches import SECRET, START

LINKEDIN = connector_named("linkedin")
MIDNIGHT = 1_772_409_600_000  # 2 March 2026, the day of START


@pytest.fixture
def sandbox():
    store = Store(START + timedelta(hours=1))
    with serving(Sandbox(store, {"linkedin": LinkedinProtocol(store, SECRET)})) as sandbox:
        yield sandbox


@pytest.fixture
def read(sandbox):
    def records(table, window=Window(), organization=ORGANIZATION):  # noqa: B008 - a window is frozen
        address = {"linkedin_base_url": sandbox.base_url("linkedin"), "linkedin_token": SECRET}
        made = Settings(_env_file=None, **address, linkedin_organization_id=organization)
        client = Client(LINKEDIN, made, sleep=lambda _seconds: None)
        try:
            return [record for page in LINKEDIN.resource(table).read(client, window) for record in page]
        finally:
            client.close()

    return records


def put_day(store, kind, day, record):
    begin = datetime.combine(day, time(), UTC)
    store.put(f"linkedin.{kind}", str(int(begin.timestamp() * 1000)), begin, record)


def test_brackets_are_sent_as_they_are_and_names_in_code():
    days = day_range(date(2026, 3, 2), None)
    assert days == f"(timeRange:(start:{MIDNIGHT}),timeGranularityType:DAY)"
    assert statistics_address("organizationPageStatistics", "organization", URN, days, 0, 100) == (
        "/rest/organizationPageStatistics?q=organization&organization=urn%3Ali%3Aorganization%3A2414183"
        f"&timeIntervals=(timeRange:(start:{MIDNIGHT}),timeGranularityType:DAY)&start=0&count=100"
    )
    assert network_address(URN) == (
        "/rest/networkSizes/urn%3Ali%3Aorganization%3A2414183?edgeType=COMPANY_FOLLOWED_BY_MEMBER"
    )


def test_a_range_ends_behind_the_last_day_that_began_before_its_end():
    day = timedelta(days=1) // timedelta(milliseconds=1)
    midnight = datetime(2026, 3, 3, tzinfo=UTC)
    assert f"end:{MIDNIGHT + day})" in day_range(date(2026, 3, 2), midnight)
    assert f"end:{MIDNIGHT + 2 * day})" in day_range(date(2026, 3, 2), midnight + timedelta(microseconds=1))


def test_the_first_day_is_the_windows_in_utc_or_the_earliest_that_is_kept():
    since = datetime.fromisoformat("2026-03-02T00:30:00+01:00")
    assert first_day(Window(since=since), date.max, timedelta(days=364)) == date(2026, 3, 1)
    assert first_day(Window(), date(2026, 3, 2), timedelta(days=364)) == date(2025, 3, 3)


def test_posts_page_and_new_followers_are_read_by_day_to_the_last_page(sandbox, read, monkeypatch):
    monkeypatch.setattr(linkedin, "PAGE_SIZE", 2)
    for number in range(5):
        day = START.date() - timedelta(days=number)
        views = {"allPageViews": {"pageViews": number, "uniquePageViews": 1}}
        put_day(sandbox.store, "share_days", day, {"totalShareStatistics": {"impressionCount": number}})
        put_day(sandbox.store, "page_days", day, {"totalPageStatistics": {"views": views}})
        put_day(sandbox.store, "follower_days", day, {"followerGains": {"organicFollowerGain": number}})
    assert [one["totalShareStatistics"]["impressionCount"] for one in read("share_days")] == [4, 3, 2, 1, 0]
    window = Window(since=START - timedelta(days=2), until=START)
    assert [one["totalPageStatistics"]["views"]["allPageViews"]["pageViews"] for one in read("page_days", window)] == [
        2,
        1,
        0,
    ]
    assert [one["followerGains"]["organicFollowerGain"] for one in read("follower_days")] == [4, 3, 2, 1, 0]


def test_followers_are_those_of_the_vendors_day(sandbox, read):
    sandbox.store.put("linkedin.followers", ORGANIZATION, START, {"firstDegreeSize": 1200})
    assert read("followers") == [{"organization": URN, "day": "2026-03-02", "firstDegreeSize": 1200}]


def test_a_page_somebody_else_administers_is_an_error_that_names_the_setting(read):
    with pytest.raises(CredentialError, match="LIFECYCLE_LINKEDIN_ORGANIZATION_ID"):
        read("share_days", Window(since=START), organization="1")


def test_the_sandbox_refuses_a_request_without_a_version_as_linkedin_does():
    request = Request(
        "GET", "/rest/networkSizes/x", {}, {"Authorization": f"Bearer {SECRET}"}, None, "http://127.0.0.1"
    )
    assert LinkedinProtocol(Store(START), SECRET)(request).status == 400
