"""The ways an alert leaves the machine: a mail server (SMTP) and a webhook that understands Slack's messages.

A channel that fails says so with the kind of failure and the host, never with addresses of receivers or secrets.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import getaddresses
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from ingestion.errors import ExitCode, LifecycleError

if TYPE_CHECKING:
    from pydantic import SecretStr

    from ingestion.settings import Settings

TIMEOUT_SECONDS = 10
LONGEST_POST = 3_000  # Slack cuts longer texts off
TO_BE_SET = "Set LIFECYCLE_SMTP_HOST and LIFECYCLE_ALERT_EMAIL_TO, or LIFECYCLE_ALERT_WEBHOOK_URL."
_LOGIN = "LIFECYCLE_SMTP_USER and LIFECYCLE_SMTP_PASSWORD"
_LOGIN_REFUSED = (530, 534, 535, 538)  # RFC 4954: needed, too weak, wrong, needs encryption


class ChannelError(LifecycleError):
    """A channel did not take a message."""


class NoChannelError(LifecycleError):
    """Alerts have nowhere to go; the message says what to set."""

    exit_code = ExitCode.NO_DATA


class Channel(Protocol):
    """Somewhere alerts go."""

    @property
    def name(self) -> str:
        """What the outbox notes for it."""

    def send(self, subject: str, text: str) -> str | None:
        """Send one message.

        Returns:
            What is wrong although the message was taken; None when all is well.

        Raises:
            ChannelError: when it was not taken and nobody got it.
        """


@dataclass(frozen=True, slots=True)
class Mail:
    """Alerts by mail.

    Args:
        host, port, security: the mail server and how to talk to it: starttls, tls or none.
        user, password: None where the server asks for none.
        sender, receivers: addresses.
    """

    host: str
    port: int
    security: str
    user: str | None
    password: SecretStr | None
    sender: str
    receivers: tuple[str, ...]
    name: str = "mail"

    def send(self, subject: str, text: str) -> str | None:
        """Mail one message to all receivers; one refused receiver must not make the others get it again and again."""
        try:
            message = self._message(subject, text)
            with self._server() as server:
                self._log_in(server)
                refused = self._hand_over(server, message)
        except smtplib.SMTPResponseException as error:
            told = f"mail: {self.host} answered {error.smtp_code} ({type(error).__name__})"
            raise ChannelError(told + (f": check {_LOGIN}" if error.smtp_code in _LOGIN_REFUSED else "")) from None
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelError(f"mail: {self.host}:{self.port} cannot be used ({_cause(error)})") from None
        except UnicodeError as error:  # its words show what was to be sent
            raise ChannelError(f"mail: a letter cannot be sent to {self.host} ({type(error).__name__})") from None
        if refused:
            return f"mail: {self.host} refused {len(refused)} of {len(self.receivers)} receivers"
        return None

    def _message(self, subject: str, text: str) -> EmailMessage:
        message = EmailMessage()
        message["Subject"], message["From"], message["To"] = subject, self.sender, ", ".join(self.receivers)
        message.set_content(text)
        return message

    def _server(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        try:
            if self.security == "tls":
                return smtplib.SMTP_SSL(self.host, self.port, own_name(), timeout=TIMEOUT_SECONDS, context=context)
            server = smtplib.SMTP(self.host, self.port, own_name(), timeout=TIMEOUT_SECONDS)
        except UnicodeError:
            raise ChannelError(f"mail: {self.host} cannot be the name of a server: check LIFECYCLE_SMTP_HOST") from None
        if self.security == "starttls":
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
        return server

    def _log_in(self, server: smtplib.SMTP) -> None:
        if not (self.user and self.password):
            return
        try:
            server.login(self.user, self.password.get_secret_value())
        except UnicodeEncodeError:  # its words show a letter of the password and where it stands
            raise ChannelError(f"mail: {_LOGIN} must be plain ASCII; the mail library sends nothing else") from None

    def _hand_over(self, server: smtplib.SMTP, message: EmailMessage) -> dict[str, tuple[int, bytes]]:
        """Send a message; returns what the server said of receivers it refused."""
        try:
            return server.send_message(message)
        except smtplib.SMTPNotSupportedError:
            raise ChannelError(
                f"mail: {self.host} takes addresses in plain ASCII only: check {self._international()}"
            ) from None

    def _international(self) -> str:
        """The settings whose addresses are not plain ASCII; the sender is a receiver where it is not set."""
        receivers, sender = (
            {address for _, address in getaddresses(given) if not address.isascii()}
            for given in (self.receivers, [self.sender])
        )
        named = {"LIFECYCLE_ALERT_EMAIL_TO": receivers, "LIFECYCLE_ALERT_EMAIL_FROM": sender - receivers}
        return " and ".join(setting for setting, addresses in named.items() if addresses)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Alerts as messages posted to a webhook.

    Args:
        url: its address; whoever knows it may post there.
    """

    url: SecretStr
    name: str = "webhook"

    def send(self, subject: str, text: str) -> str | None:
        """Post one message."""
        import requests

        address = self.url.get_secret_value()
        host = urlsplit(address).hostname
        whole = f"*{subject}*\n{text}"
        cut = whole if len(whole) <= LONGEST_POST else f"{whole[: LONGEST_POST - 1]}…"
        try:
            answer = requests.post(address, json={"text": cut}, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        except requests.RequestException as error:
            raise ChannelError(f"webhook: {host} cannot be reached ({type(error).__name__})") from None
        if not 200 <= answer.status_code < 300:
            raise ChannelError(f"webhook: {host} answered {answer.status_code}")
        return None


def _cause(error: OSError | smtplib.SMTPException) -> str:
    """The kind of failure, and which setting decides about it."""
    kind = type(error).__name__
    if isinstance(error, ssl.SSLCertVerificationError):
        reason = error.verify_message.rstrip(".")
        return (
            f"{kind}: its certificate is not trusted, {reason}; LIFECYCLE_SMTP_HOST must be the name it was made for, "
            "and the environment variable SSL_CERT_FILE may name the file of an authority of your own"
        )
    if isinstance(error, (ssl.SSLError, smtplib.SMTPNotSupportedError)):
        return f"{kind}: the server may offer something else than LIFECYCLE_SMTP_SECURITY at this port"
    return kind


def own_name() -> str:
    """What a mail server is greeted with; the library would ask the name server, which may take a minute to fail."""
    name = socket.gethostname()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def require_channels(settings: Settings) -> tuple[Channel, ...]:
    """The configured channels. Raises NoChannelError when there is none."""
    found = channels_of(settings)
    if not found:
        raise NoChannelError(f"No channel is configured. {TO_BE_SET}")
    return found


def channels_of(settings: Settings) -> tuple[Channel, ...]:
    """The configured channels."""
    return tuple(_channels(settings))


def _channels(settings: Settings) -> Iterator[Channel]:
    receivers = tuple(part.strip() for part in (settings.alert_email_to or "").split(",") if part.strip())
    if settings.smtp_host and receivers:
        yield Mail(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_user or None,
            settings.smtp_password,
            settings.alert_email_from or receivers[0],
            receivers,
        )
    if settings.alert_webhook_url and settings.alert_webhook_url.get_secret_value():
        yield Webhook(settings.alert_webhook_url)
