"""Mail leaves over TLS with a login, to a server that proves its name and to no other; nothing shows the password."""

from __future__ import annotations

import smtplib

import pytest
from pydantic import SecretStr

from orchestration.alerts.channels import ChannelError, Mail
from tests.unit.mail_server import MailServer, serving, write_certificate

LOGIN = ("night", "hush-hush")
ENCRYPTED = pytest.mark.parametrize("security", ["starttls", "tls"])


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """The server's; the authority that signed it is trusted."""
    trusted, owned = write_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    return owned


def mail_to(server, security=None, password=LOGIN[1], sender="us@example.com", receiver="night@example.com"):
    host, port = server.server_address
    secret = SecretStr(password) if password is not None else None
    return Mail(host, port, security or server.security, LOGIN[0], secret, sender, (receiver,))


@ENCRYPTED
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_mail_arrives_encrypted_and_logged_in(certificate, security, mechanism):
    with serving(MailServer(security, certificate, LOGIN, mechanism)) as server:
        assert mail_to(server).send("The run failed", "too few rows – see the run") is None
    [mail] = server.messages
    assert (mail["Subject"], mail["To"]) == ("The run failed", "night@example.com")
    assert "too few rows – see the run" in mail.get_content()
    assert any(line.startswith(f"AUTH {mechanism} ") for line in server.heard)


@ENCRYPTED
def test_a_server_whose_certificate_nobody_vouches_for_gets_neither_password_nor_mail(
    tmp_path, monkeypatch, certificate, security
):
    (tmp_path / "another").mkdir()
    monkeypatch.setenv("SSL_CERT_FILE", str(write_certificate(tmp_path / "another")[0]))
    with serving(MailServer(security, certificate, LOGIN)) as server, pytest.raises(ChannelError) as told:
        mail_to(server).send("The run failed", "why")
    assert "its certificate is not trusted, self-signed certificate;" in str(told.value)
    assert "SSL_CERT_FILE" in str(told.value)
    assert server.messages == []
    assert not any("AUTH" in line for line in server.heard)


@ENCRYPTED
def test_a_server_with_the_certificate_of_another_gets_neither_password_nor_mail(tmp_path, monkeypatch, security):
    trusted, owned = write_certificate(tmp_path, "127.0.0.2")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with serving(MailServer(security, owned, LOGIN)) as server, pytest.raises(ChannelError) as told:
        mail_to(server).send("The run failed", "why")
    assert "IP address mismatch" in str(told.value)
    assert "LIFECYCLE_SMTP_HOST must be the name it was made for" in str(told.value)
    assert server.messages == []
    assert not any("AUTH" in line for line in server.heard)


@ENCRYPTED
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_wrong_password_names_the_setting_and_not_the_password(certificate, security, mechanism):
    """The server's own words are not told: some repeat what they were given."""
    with serving(MailServer(security, certificate, LOGIN, mechanism)) as server, pytest.raises(ChannelError) as told:
        mail_to(server, password="wrong-one").send("The run failed", "why")
    assert str(told.value) == (
        "mail: 127.0.0.1 answered 535 (SMTPAuthenticationError): check LIFECYCLE_SMTP_USER and LIFECYCLE_SMTP_PASSWORD"
    )
    assert server.messages == []


def test_a_server_that_wants_a_login_names_the_settings_that_lack(certificate):
    with serving(MailServer("tls", certificate, LOGIN)) as server, pytest.raises(ChannelError) as told:
        mail_to(server, password=None).send("The run failed", "why")
    assert "answered 530" in str(told.value)
    assert "LIFECYCLE_SMTP_PASSWORD" in str(told.value)


def test_a_password_the_mail_library_cannot_send_is_a_failure_of_the_channel_that_does_not_show_it(certificate):
    """It once ended in a traceback that told of the umlaut and its place, and kept the webhook from being tried."""
    with serving(MailServer("tls", certificate, LOGIN)) as server, pytest.raises(ChannelError) as told:
        mail_to(server, password="geheimnisträger").send("The run failed", "why")
    assert "LIFECYCLE_SMTP_PASSWORD must be plain ASCII" in str(told.value)
    assert "geheim" not in str(told.value)


def test_a_server_that_speaks_no_tls_at_this_port_names_the_setting(certificate):
    with serving(MailServer("starttls", certificate, LOGIN)) as server, pytest.raises(ChannelError) as told:
        mail_to(server, security="tls").send("The run failed", "why")
    assert "LIFECYCLE_SMTP_SECURITY" in str(told.value)
    assert not any("AUTH" in line for line in server.heard)


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_host_that_can_be_no_name_is_told_and_does_not_keep_the_webhook_from_being_tried(security):
    """Connecting to it is refused by the library that writes names, with an error no channel expected."""
    mail = Mail("smtp..example.com", 587, security, None, None, "us@example.com", ("night@example.com",))
    with pytest.raises(ChannelError, match=r"smtp\.\.example\.com .*LIFECYCLE_SMTP_HOST"):
        mail.send("The run failed", "why")


def test_a_letter_of_a_message_that_cannot_be_sent_is_a_failure_of_the_channel(certificate):
    with serving(MailServer("tls", certificate, LOGIN)) as server, pytest.raises(ChannelError) as told:
        mail_to(server).send("The run failed", "half a letter: \ud83d")
    assert str(told.value) == "mail: a letter cannot be sent to 127.0.0.1 (UnicodeEncodeError)"


def test_only_a_login_that_cannot_be_sent_is_told_as_one(certificate, monkeypatch):
    """Whatever could not be written in ASCII was once told as the password."""

    def send_message(*_):
        "ä".encode("ascii")

    monkeypatch.setattr(smtplib.SMTP, "send_message", send_message)
    with serving(MailServer("tls", certificate, LOGIN)) as server, pytest.raises(ChannelError) as told:
        mail_to(server).send("The run failed", "why")
    assert "PASSWORD" not in str(told.value)


@ENCRYPTED
def test_a_machine_whose_name_is_not_plain_ascii_sends_its_mail(certificate, monkeypatch, security):
    monkeypatch.setattr("socket.gethostname", lambda: "rechenbär.example.com")
    with serving(MailServer(security, certificate, LOGIN)) as server:
        assert mail_to(server).send("The run failed", "why") is None
    assert len(server.messages) == 1


@pytest.mark.parametrize(
    ("sender", "receiver", "named"),
    [
        ("us@example.com", "näme@example.com", "LIFECYCLE_ALERT_EMAIL_TO"),
        ("us@exämple.com", "night@example.com", "LIFECYCLE_ALERT_EMAIL_FROM"),
        ("us@exämple.com", "näme@example.com", "LIFECYCLE_ALERT_EMAIL_TO and LIFECYCLE_ALERT_EMAIL_FROM"),
        ("näme@example.com", "näme@example.com", "LIFECYCLE_ALERT_EMAIL_TO"),
        ("us@exämple.com", "Frau Müller <night@example.com>", "LIFECYCLE_ALERT_EMAIL_FROM"),
    ],
)
def test_an_address_a_server_cannot_take_names_its_setting_and_not_the_encryption(certificate, sender, receiver, named):
    with serving(MailServer("tls", certificate, LOGIN)) as server, pytest.raises(ChannelError) as told:
        mail_to(server, sender=sender, receiver=receiver).send("The run failed", "why")
    assert str(told.value) == f"mail: 127.0.0.1 takes addresses in plain ASCII only: check {named}"


def test_a_server_that_offers_no_encryption_still_names_the_encryption():
    with serving(MailServer("none")) as server, pytest.raises(ChannelError, match="LIFECYCLE_SMTP_SECURITY"):
        mail_to(server, security="starttls").send("The run failed", "why")
