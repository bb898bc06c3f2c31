"""What Meta has that others have not: errors told by a code, limits told by headers, expanded fields, batches."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import orjson
import pytest

from ingestion.sandbox.server.meta_graph import INSTAGRAM, PAGE, MetaGraphProtocol
from ingestion.sandbox.server.meta_graph_figures import ACCOUNT_DAYS, PAGE_DAYS, end_of
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Response, Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources.client import Client
from ingestion.sources.errors import CredentialError, ProtocolError, UnavailableError
from ingestion.sources.meta import pause_told, status_meant
from ingestion.sources.meta_graph import settings as meta_graph
from ingestion.sources.meta_graph.records import figures_of_account
from ingestion.sources.model import Window
from ingestion.sources.registry import connector_named
from tests.connectors.bench import SECRET

META_GRAPH = connector_named("meta_graph")
NOON = datetime(2026, 3, 20, 19, tzinfo=UTC)


@pytest.fixture
def sandbox():
    store = Store(NOON)
    with serving(Sandbox(store, {"meta_graph": MetaGraphProtocol(store, SECRET)})) as sandbox:
        yield sandbox


@pytest.fixture
def waits():
    return []


@pytest.fixture
def client(sandbox, waits):
    settings = Settings(
        _env_file=None,
        meta_graph_base_url=sandbox.base_url("meta_graph"),
        meta_graph_token=SECRET,
        meta_graph_page_id=PAGE,
        meta_graph_instagram_id=INSTAGRAM,
    )
    made = Client(META_GRAPH, settings, sleep=waits.append, clock=lambda: 0.0)
    yield made
    made.close()


def read(client, table, window=None):
    return [record for page in META_GRAPH.resource(table).read(client, window or Window()) for record in page]


def error(code):
    return orjson.dumps({"error": {"message": "no", "type": "OAuthException", "code": code}})


@pytest.mark.parametrize(
    ("status", "content", "meant"),
    [
        *[(400, error(code), 429) for code in (4, 17, 32, 613, 80001, 80002)],
        *[(500, error(code), 503) for code in (1, 2)],
        *[(400, error(code), 401) for code in (10, 190, 200, 299)],
        (400, error(100), 400),
        (403, error(4), 429),
        (400, b'{"error": "text"}', 400),
        (502, b"<html>", 502),
    ],
)
def test_an_error_means_what_its_code_says(status, content, meant):
    assert status_meant(status, content) == meant


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0.0),
        ({"X-App-Usage": '{"call_count":75,"total_cputime":10,"total_time":2}'}, 0.0),
        ({"X-App-Usage": '{"call_count":10,"total_cputime":80,"total_time":2}'}, 60.0),
        ({"X-App-Usage": '{"call_count":130,"total_cputime":80,"total_time":2}'}, 300.0),
        ({"X-App-Usage": "cut {off"}, 0.0),
        (
            {
                "X-Business-Use-Case-Usage": '{"17": [{"type": "pages", "call_count": 100, "total_cputime": 1,'
                ' "total_time": 1, "estimated_time_to_regain_access": 4}]}'
            },
            240.0,
        ),
        ({"X-Ad-Account-Usage": '{"acc_id_util_pct": 95.0, "reset_time_duration": 100}'}, 240.0),
    ],
)
def test_the_more_of_a_limit_is_used_the_longer_is_waited(headers, seconds):
    assert pause_told(headers) == pytest.approx(seconds)


def test_throttling_is_waited_out_as_long_as_the_headers_say(sandbox, client, waits):
    throttled = Response(orjson.loads(error(32)), 400, {"X-App-Usage": '{"call_count":85}'})
    sandbox.faults.plan(lambda _request, _protocol: throttled)
    assert read(client, "posts") == []
    assert waits == [pytest.approx(120.0)]


def test_a_limit_that_is_nearly_used_up_slows_the_next_request_down(sandbox, client, waits):
    def busy(request, protocol):
        return Response(protocol(request).body, 200, {"X-App-Usage": '{"call_count":80}'})

    sandbox.faults.plan(busy)
    client.get(f"/v26.0/{PAGE}", {"fields": "id"})
    assert waits == []
    client.get(f"/v26.0/{PAGE}", {"fields": "id"})
    assert waits == [pytest.approx(60.0)]


def test_an_expired_token_is_one_error_though_its_status_is_400(sandbox, client, waits):
    sandbox.faults.always = lambda _request, _protocol: Response(orjson.loads(error(190)), 400)
    with pytest.raises(CredentialError, match="LIFECYCLE_META_GRAPH_TOKEN"):
        read(client, "posts")
    assert (len(sandbox.requests), waits) == (1, [])


def test_the_days_of_a_page_are_read_once_although_every_answer_points_on(sandbox, client):
    for number in range(100):
        day = date(2025, 12, 10) + timedelta(days=number)
        sandbox.store.put(PAGE_DAYS, day.isoformat(), end_of(day), {"page_media_view": number, "page_follows": 7})
    found = read(client, "page_insights")
    views = {record["end_time"]: record["value"] for record in found if record["name"] == "page_media_view"}
    assert len(found) == 200
    assert sorted(views.values()) == list(range(100))
    # Summer time begins on 8 March: midnight in Los Angeles moves.
    assert (views["2026-03-08T08:00:00+0000"], views["2026-03-09T07:00:00+0000"]) == (87, 88)
    again = read(client, "page_insights", Window(since=NOON - timedelta(days=7)))
    assert sorted(record["value"] for record in again if record["name"] == "page_media_view") == list(range(92, 100))


def test_the_days_of_an_instagram_account_are_asked_for_in_batches(sandbox, client):
    for number in range(120):
        day = date(2025, 11, 20) + timedelta(days=number)
        sandbox.store.put(ACCOUNT_DAYS, day.isoformat(), end_of(day), {"views": number, "followers_count": 500})
    found = read(client, "account_insights")
    assert len(sandbox.requests) == 3, "one for the vendor's clock, two batches of at most 50 days"
    assert {record["day"]: record["total_value"]["value"] for record in found} == {
        (date(2025, 11, 20) + timedelta(days=number)).isoformat(): number for number in range(30, 120)
    }
    sandbox.requests.clear()
    assert len(read(client, "account_insights", Window(since=NOON - timedelta(days=7)))) == 8
    assert len(sandbox.requests) == 1


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (None, UnavailableError),
        ({"code": 400, "body": error(4).decode()}, UnavailableError),
        ({"code": 400, "body": error(100).decode()}, ProtocolError),
    ],
)
def test_a_call_of_a_batch_that_failed_fails_the_read(answer, kind):
    with pytest.raises(kind, match="batch"):
        figures_of_account([answer], INSTAGRAM, [date(2026, 3, 2)])


def put_thread(store, count):
    post = f"{PAGE}_1"
    store.put("meta_graph.posts", post, NOON - timedelta(days=3), {"message": "a post"})
    for number in range(count):
        at = NOON - timedelta(days=2) + timedelta(minutes=number)
        person = {"id": str(number), "name": "Anna"}
        store.put("meta_graph.comments", f"1_{number}", at, {"post_id": post, "from": person, "message": "hello"})


def test_comments_beyond_those_that_come_with_their_post_are_read_too(sandbox, client, monkeypatch):
    monkeypatch.setattr(meta_graph, "COMMENTS", 4)
    put_thread(sandbox.store, 11)
    found = read(client, "comments")
    assert sorted(record["id"] for record in found) == sorted(f"1_{number}" for number in range(11))
    assert {(record["post_id"], record["page_id"]) for record in found} == {(f"{PAGE}_1", PAGE)}
    sandbox.requests.clear()
    read(client, "comments", Window(since=NOON - timedelta(hours=1)))
    assert len(sandbox.requests) == 1, "nothing is new behind the newest four"


def test_a_comment_on_a_post_from_before_the_last_load_is_read(sandbox, client):
    put_thread(sandbox.store, 2)
    sandbox.store.put("meta_graph.comments", "1_late", NOON, {"post_id": f"{PAGE}_1", "message": "late"})
    assert "1_late" in {record["id"] for record in read(client, "comments", Window(since=NOON - timedelta(hours=1)))}


def test_replies_on_instagram_come_beside_their_comments(sandbox, client, monkeypatch):
    monkeypatch.setattr(meta_graph, "COMMENTS", 2)
    store = sandbox.store
    store.put("meta_graph.media", "1800", NOON - timedelta(days=3), {"media_type": "IMAGE"})
    for number in range(5):
        at = NOON - timedelta(days=2) + timedelta(minutes=number)
        store.put("meta_graph.media_comments", f"c{number}", at, {"media_id": "1800", "username": "anna", "text": "a"})
        reply = {"media_id": "1800", "parent_id": "c0", "username": "ben", "text": "b"}
        store.put("meta_graph.media_comments", f"r{number}", at + timedelta(hours=1), reply)
    found = read(client, "media_comments")
    assert sorted(record["id"] for record in found) == sorted(f"{kind}{n}" for kind in "cr" for n in range(5))
    assert {record["id"]: record.get("parent_id") for record in found}["r3"] == "c0"
    assert not any("replies" in record for record in found)


def test_old_pages_of_a_list_are_left_unread(sandbox, client, monkeypatch):
    monkeypatch.setattr(meta_graph, "PAGE_SIZE", 2)
    for number in range(9):
        at = NOON - timedelta(days=number)
        sandbox.store.put("meta_graph.tagged_media", f"190{number}", at, {"username": "ben"})
    assert len(read(client, "tagged_media")) == 9
    sandbox.requests.clear()
    found = read(client, "tagged_media", Window(since=NOON - timedelta(days=3)))
    assert {"1900", "1901", "1902", "1903"} <= {record["id"] for record in found}
    assert len(sandbox.requests) == 3


def test_without_an_instagram_account_the_page_alone_is_read(sandbox):
    settings = Settings(
        _env_file=None,
        meta_graph_base_url=sandbox.base_url("meta_graph"),
        meta_graph_token=SECRET,
        meta_graph_page_id=PAGE,
    )
    client = Client(META_GRAPH, settings)
    assert [record["platform"] for record in read(client, "accounts")] == ["facebook"]
    for table in ("account_insights", "media", "media_comments", "tagged_media"):
        assert read(client, table) == []
    client.close()
