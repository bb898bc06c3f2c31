"""Alerts reach a real mail server and a real listener, once each, without secrets, and are seen when they cannot."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pydantic import SecretStr

from ingestion.settings import Settings
from orchestration.alerts.channels import LONGEST_POST, Mail, Webhook
from orchestration.alerts.outbox import (
    AlertsNotSentError,
    drop_old_alerts,
    raise_alert,
    read_alerts,
    send_waiting_alerts,
    unsent_alerts,
)
from orchestration.alerts.wording import MOST_IN_FULL, digest, fit_to_leave
from orchestration.doctor.findings import State
from orchestration.doctor.services import alerts
from tests.unit.mail_server import MailServer, serving

NOW = datetime(2026, 7, 1, 5, 0, tzinfo=UTC)


class Listener(BaseHTTPRequestHandler):
    """Keeps what was posted; answers with the server's status."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.messages.append(json.loads(body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def mail_server():
    with serving(MailServer()) as server:
        yield server


@pytest.fixture
def listener():
    with serving(HTTPServer(("127.0.0.1", 0), Listener)) as server:
        server.status, server.messages = 200, []
        yield server


@pytest.fixture
def both(tmp_path, mail_server, listener):
    return Settings(
        data_dir=tmp_path / "data",
        alert_email_to="night@example.com, day@example.com",
        smtp_host="127.0.0.1",
        smtp_port=mail_server.server_address[1],
        smtp_security="none",
        alert_webhook_url=f"http://127.0.0.1:{listener.server_address[1]}/services/T0/s3cr3t",
        _env_file=None,
    )


def test_an_alert_reaches_the_mail_server_and_the_webhook(both, mail_server, listener):
    raise_alert(both, "run 1", "The run failed", "g1_raw: too few rows – see the run", NOW)
    assert send_waiting_alerts(both, NOW) == 1
    [mail], [post] = mail_server.messages, listener.messages
    assert mail["Subject"] == "The run failed"
    assert (mail["To"], mail["From"]) == ("night@example.com, day@example.com", "night@example.com")
    assert "too few rows – see the run" in mail.get_payload(decode=True).decode()
    assert post == {"text": "*The run failed*\ng1_raw: too few rows – see the run"}


def test_the_same_thing_is_told_once(both, mail_server):
    assert raise_alert(both, "run 1", "The run failed", "why", NOW)
    send_waiting_alerts(both, NOW)
    assert not raise_alert(both, "run 1", "The run failed", "why", NOW)
    assert send_waiting_alerts(both, NOW) == 0
    assert len(mail_server.messages) == 1


def test_a_hundred_alerts_at_once_make_one_message(both, mail_server, listener):
    for number in range(100):
        raise_alert(both, f"run {number}", f"The run {number} failed", "why " * 20, NOW + timedelta(seconds=number))
    assert send_waiting_alerts(both, NOW) == 100
    [mail], [post] = mail_server.messages, listener.messages
    assert mail["Subject"] == "100 alerts: The run 0 failed, …"
    assert f"and {100 - MOST_IN_FULL} more" in mail.get_payload(decode=True).decode()
    assert len(post["text"]) <= LONGEST_POST
    assert unsent_alerts(both) == []


def test_a_channel_that_fails_is_seen_and_tried_again_without_telling_the_other_twice(both, mail_server, listener):
    listener.status = 503
    raise_alert(both, "run 1", "The run failed", "why", NOW)
    with pytest.raises(AlertsNotSentError, match=r"webhook: 127\.0\.0\.1 answered 503"):
        send_waiting_alerts(both, NOW)
    [waiting] = unsent_alerts(both)
    assert (waiting.attempts, list(waiting.sent_at), waiting.problem) == (
        1,
        ["mail"],
        "webhook: 127.0.0.1 answered 503",
    )
    assert send_waiting_alerts(both, NOW + timedelta(seconds=30)) == 0
    listener.status = 200
    assert send_waiting_alerts(both, NOW + timedelta(minutes=1)) == 1
    assert (len(mail_server.messages), unsent_alerts(both)) == (1, [])


def test_a_mail_server_that_is_down_does_not_hold_the_webhook_up(both, mail_server, listener):
    """It did once: the failure of the first channel put the alert off for the second, at every try."""
    mail_server.refusing = True
    raise_alert(both, "run 1", "The run failed", "why", NOW)
    with pytest.raises(AlertsNotSentError, match="mail"):
        send_waiting_alerts(both, NOW)
    assert len(listener.messages) == 1
    assert list(read_alerts(both)[0].sent_at) == ["webhook"]


def test_waits_between_tries_double_up_to_six_hours(both, listener, mail_server):
    listener.status, mail_server.refusing = 500, True
    raise_alert(both, "run 1", "The run failed", "why", NOW)
    at, tries = NOW, []
    while at < NOW + timedelta(days=1):
        if read_alerts(both)[0].is_due(at):
            tries.append(at)
            with pytest.raises(AlertsNotSentError):
                send_waiting_alerts(both, at)
        at += timedelta(minutes=1)
    gaps = [int((later - earlier).total_seconds() / 60) for earlier, later in itertools.pairwise(tries)]
    assert gaps == sorted(gaps)
    assert gaps[-1] == 360
    assert len(tries) < 15


def test_a_server_nobody_answers_at_is_told_without_the_secret_in_the_address(tmp_path):
    settings = Settings(
        data_dir=tmp_path / "data",
        alert_webhook_url="http://user:hush@127.0.0.1:9/services/s3cr3t",
        alert_email_to="night@example.com",
        smtp_host="127.0.0.1",
        smtp_port=9,
        _env_file=None,
    )
    raise_alert(settings, "run 1", "The run failed", "why", NOW)
    with pytest.raises(AlertsNotSentError) as told:
        send_waiting_alerts(settings, NOW)
    kept = next(settings.alerts.glob("*.json")).read_text()
    for text in (str(told.value), kept):
        assert "127.0.0.1" in text
        assert not any(secret in text for secret in ("s3cr3t", "hush", "night@example.com"))


def test_a_receiver_that_is_refused_is_told_of_and_the_others_get_the_mail_once(both, mail_server):
    mail_server.refused = ("day@example.com",)
    raise_alert(both, "run 1", "The run failed", "why", NOW)
    assert send_waiting_alerts(both, NOW) == 1
    assert send_waiting_alerts(both, NOW + timedelta(days=1)) == 0
    assert len(mail_server.messages) == 1
    [alert] = read_alerts(both)
    assert alert.refused == {"mail": "mail: 127.0.0.1 refused 1 of 2 receivers"}
    assert alerts(both).state is State.WARNING
    assert "refused 1 of 2" in alerts(both).found
    mail_server.refused = ()
    raise_alert(both, "run 2", "The run failed", "why", NOW)
    send_waiting_alerts(both, NOW + timedelta(days=2))
    assert alerts(both).state is State.OK


def test_a_server_that_refuses_every_receiver_is_a_failure_of_the_channel(both, mail_server):
    mail_server.refusing = True
    raise_alert(both, "run 1", "The run failed", "why", NOW)
    with pytest.raises(AlertsNotSentError, match=r"mail: 127\.0\.0\.1"):
        send_waiting_alerts(both, NOW)


def test_a_mail_server_without_encryption_is_refused_when_encryption_is_asked_for(both, mail_server):
    settings = both.model_copy(update={"smtp_security": "starttls", "alert_webhook_url": None})
    raise_alert(settings, "run 1", "The run failed", "why", NOW)
    with pytest.raises(AlertsNotSentError, match=r"mail: 127\.0\.0\.1"):
        send_waiting_alerts(settings, NOW)
    assert mail_server.messages == []


def test_alerts_without_a_channel_are_kept_and_counted_as_unsent(settings):
    raise_alert(settings, "run 1", "The run failed", "why", NOW)
    assert send_waiting_alerts(settings, NOW) == 0
    assert [alert.key for alert in unsent_alerts(settings)] == ["run 1"]


def test_old_alerts_are_dropped_and_those_never_sent_are_told_of(both, listener):
    raise_alert(both, "sent", "a", "b", NOW)
    send_waiting_alerts(both, NOW)
    listener.status = 500
    raise_alert(both, "unsent", "a", "b", NOW)
    with pytest.raises(AlertsNotSentError):
        send_waiting_alerts(both, NOW)
    assert drop_old_alerts(both, NOW + timedelta(days=90), NOW + timedelta(days=91)) == 2
    [told] = unsent_alerts(both)
    assert told.subject == "1 old alerts were dropped although a channel never took them"
    assert "webhook: 127.0.0.1 answered 500" in told.text
    assert drop_old_alerts(both, NOW + timedelta(days=90)) == 0


def test_old_alerts_every_channel_took_are_dropped_without_a_word(both):
    raise_alert(both, "sent", "a", "b", NOW)
    send_waiting_alerts(both, NOW)
    assert drop_old_alerts(both, NOW + timedelta(days=90)) == 1
    assert read_alerts(both) == []


def test_neither_addresses_nor_numbers_nor_secrets_leave_the_machine(tmp_path):
    settings = Settings(data_dir=tmp_path, hubspot_token="pat-eu1-abc", _env_file=None)
    told = fit_to_leave(
        settings,
        "anna.b@example.co.uk called +49 170 1234567 with pat-eu1-abc via https://u:pw@host/x on 2026-07-01 05:00:01"
        " in run 3f2c9a1e-1111-4222-8333-123456789012, generation 000012_2026-06-30, 12,345 rows",
    )
    assert told == (
        "‹address› called ‹number› with ‹secret› via https://‹secret›@host/x on 2026-07-01 05:00:01"
        " in run 3f2c9a1e-1111-4222-8333-123456789012, generation 000012_2026-06-30, 12,345 rows"
    )


def test_one_alert_alone_is_told_as_it_is():
    assert digest([("subject", "text")]) == ("subject", "text")


def test_channels_do_not_show_their_secrets():
    shown = repr(Webhook(SecretStr("http://h/s3cr3t"))) + repr(
        Mail("h", 25, "none", "u", SecretStr("hush"), "a@b.c", ("d@e.f",))
    )
    assert "s3cr3t" not in shown
    assert "hush" not in shown
