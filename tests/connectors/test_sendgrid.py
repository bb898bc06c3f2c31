"""What SendGrid has that other files have not: opt-outs without a number, changes of the account without an address."""

from __future__ import annotations

import orjson

from ingestion.settings import Settings
from ingestion.sources.loading import load_source
from ingestion.sources.registry import connector_named
from ingestion.warehouse import connect


def settings_with(folder, *events):
    (folder / "requests").mkdir()
    body = b"[" + b",\r\n".join(orjson.dumps(event) for event in events) + b"]\r\n"
    (folder / "requests" / "1.json").write_bytes(body)
    return Settings(_env_file=None, data_dir=folder / "data", sendgrid_folder=folder / "requests")


def test_no_opt_out_is_refused_for_what_the_vendor_leaves_out_or_writes_in_two_ways(tmp_path):
    newsletter = {"newsletter_user_list_id": "10557865", "newsletter_id": "1943530"}
    group = {"event": "group_unsubscribe", "asm_group_id": 10, "marketing_campaign_id": 12345}
    settings = settings_with(
        tmp_path,
        {"email": "a@example.org", "timestamp": 1380822437, "event": "unsubscribe", "newsletter": newsletter},
        {"email": "b@example.org", "timestamp": "1380822438", "category": "news", **group},
        {"email": "c@example.org", "timestamp": 1380822439, "category": ["news"], **group, "shoe_size": "43"},
    )
    [done] = load_source(settings, connector_named("sendgrid")).resources
    assert (done.promotion.accepted, done.promotion.quarantined) == (3, 0)
    assert done.promotion.new_members == ("/event/shoe_size",), "an argument of the sender's own"
    with connect(settings, read_only=True) as connection:
        found = connection.execute(
            "select timestamp, asm_group_id, marketing_campaign_id, newsletter_id from raw_sendgrid.events order by 1"
        ).fetchall()
    assert found == [(1380822437, None, None, 1943530), (1380822438, 10, 12345, None), (1380822439, 10, 12345, None)]


def test_an_account_that_was_suspended_and_sends_nothing_more_does_not_stop_the_load(tmp_path):
    change = {"event": "account_status_change", "sg_event_id": "MjEz", "timestamp": 1709142428}
    settings = settings_with(tmp_path, change | {"type": "compliance_suspend"})
    [done] = load_source(settings, connector_named("sendgrid")).resources
    assert (done.promotion.accepted, done.promotion.quarantined) == (1, 0)
