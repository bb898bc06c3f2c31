"""The outbox: one file per alert, so that none is raised twice, and one that cannot be sent is kept, tried and seen.

A file of its own and not a table: alerts are raised while a run holds the warehouse.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from ingestion.warehouse import make_private_directory
from orchestration.alerts.channels import ChannelError, channels_of
from orchestration.alerts.wording import MOST_IN_FULL, digest
from orchestration.wall_clock import utc_now

if TYPE_CHECKING:
    from pathlib import Path

    from ingestion.settings import Settings
    from orchestration.alerts.channels import Channel

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)


class AlertsNotSentError(LifecycleError):
    """A channel did not take the waiting alerts; the message says which and why, and that they are tried again."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing somebody must know.

    Args:
        key: what happened, as a name; the same key raises no second alert.
        subject: one line.
        text: what happened, where, and what to do.
        raised_at: UTC, ISO 8601.
        sent_at: when each channel took it, by channel.
        attempts: tries that failed, of all channels together.
        problem: why the last try failed.
        tried_at: when that was.
        refused: what was wrong although a channel took it, by channel: receivers the mail server did not accept.
    """

    key: str
    subject: str
    text: str
    raised_at: str
    sent_at: dict[str, str] = field(default_factory=dict)
    attempts: int = 0
    problem: str | None = None
    tried_at: str | None = None
    refused: dict[str, str] = field(default_factory=dict)

    def waits_for(self, channel: str) -> bool:
        """Whether the channel has not taken it yet."""
        return channel not in self.sent_at

    def is_due(self, now: datetime) -> bool:
        """Whether to try (again) now: after each failure the wait doubles."""
        if self.tried_at is None or not self.attempts:
            return True
        wait = min(FIRST_WAIT * 2 ** min(self.attempts - 1, 16), LONGEST_WAIT)
        return now >= datetime.fromisoformat(self.tried_at) + wait


def raise_alert(settings: Settings, key: str, subject: str, text: str, now: datetime | None = None) -> bool:
    """Put an alert into the outbox.

    Returns:
        False when one of that key was raised before, sent or not: nothing changes then.
    """
    make_private_directory(settings.alerts)
    path = _path(settings, key)
    if path.exists():
        return False
    _write(path, Alert(key, subject, text, (now or utc_now()).isoformat()))
    return True


def read_alerts(settings: Settings) -> list[Alert]:
    """All alerts kept, oldest first."""
    found = (Alert(**json.loads(path.read_text(encoding="utf-8"))) for path in settings.alerts.glob("*.json"))
    return sorted(found, key=lambda alert: (alert.raised_at, alert.key))


def unsent_alerts(settings: Settings) -> list[Alert]:
    """Alerts that a configured channel has not taken, or that have no channel to go to."""
    names = [channel.name for channel in channels_of(settings)]
    return [alert for alert in read_alerts(settings) if not names or any(map(alert.waits_for, names))]


def send_waiting_alerts(settings: Settings, now: datetime | None = None) -> int:
    """Send what waits: at most one message per channel, whatever has piled up.

    Returns:
        How many alerts at least one channel has taken now; 0 when no channel is configured.

    Raises:
        AlertsNotSentError: when a channel failed; the other channels got theirs all the same.
    """
    at = now or utc_now()
    taken: set[str] = set()
    problems: list[str] = []
    # Decided once: the failure of one channel must not put off the others.
    due = {alert.key for alert in read_alerts(settings) if alert.is_due(at)}
    for channel in channels_of(settings):
        waiting = [alert for alert in read_alerts(settings) if alert.key in due and alert.waits_for(channel.name)]
        if not waiting:
            continue
        try:
            refused = _send(channel, waiting)
        except ChannelError as error:
            problems.append(str(error))
            _note(settings, waiting, at, problem=str(error))
        else:
            taken |= {alert.key for alert in waiting}
            _note(settings, waiting, at, channel=channel.name, problem=refused)
    if problems:
        raise AlertsNotSentError(
            f"Alerts could not be sent: {'; '.join(problems)}. They are kept in {settings.alerts} and tried again; "
            "`lifecycle alerts list` shows them, `lifecycle alerts test` tries the channels."
        )
    return len(taken)


def _send(channel: Channel, waiting: list[Alert]) -> str | None:
    return channel.send(*digest([(alert.subject, alert.text) for alert in waiting]))


def _note(
    settings: Settings, alerts: list[Alert], at: datetime, *, channel: str | None = None, problem: str | None = None
) -> None:
    for alert in alerts:
        if channel:
            refused = alert.refused | ({channel: problem} if problem else {})
            known = replace(alert, sent_at=alert.sent_at | {channel: at.isoformat()}, refused=refused)
        else:
            known = replace(alert, attempts=alert.attempts + 1, problem=problem, tried_at=at.isoformat())
        _write(_path(settings, alert.key), known)


def _path(settings: Settings, key: str) -> Path:
    return settings.alerts / f"{hashlib.sha256(key.encode()).hexdigest()[:24]}.json"


def _write(path: Path, alert: Alert) -> None:
    new = path.with_suffix(f".{os.getpid()}.new")
    new.write_text(json.dumps(asdict(alert), indent=2, ensure_ascii=False), encoding="utf-8")
    new.replace(path)


def latest_refusal(settings: Settings) -> str | None:
    """What was wrong with the latest alert that was sent; None when every receiver was accepted."""
    sent = [alert for alert in read_alerts(settings) if alert.sent_at]
    latest = max(sent, key=lambda alert: max(alert.sent_at.values()), default=None)
    return "; ".join(latest.refused.values()) or None if latest else None


def drop_old_alerts(settings: Settings, oldest: datetime, now: datetime | None = None) -> int:
    """Drop alerts raised before `oldest`; those a channel never took are told of with a new alert.

    Returns:
        How many were dropped.
    """
    old = [alert for alert in read_alerts(settings) if datetime.fromisoformat(alert.raised_at) < oldest]
    unsent = {alert.key for alert in unsent_alerts(settings)} if channels_of(settings) else set()
    lost = [alert for alert in old if alert.key in unsent]
    if lost:
        subjects = "\n".join(f"- {alert.raised_at[:16]} {alert.subject}" for alert in lost[:MOST_IN_FULL])
        raise_alert(
            settings,
            f"dropped unsent {max(alert.raised_at for alert in lost)}",
            f"{len(lost)} old alerts were dropped although a channel never took them",
            f"They were raised before {oldest:%Y-%m-%d}; the latest problem: {lost[-1].problem or 'not tried'}\n"
            f"{subjects}",
            now,
        )
    for alert in old:
        _path(settings, alert.key).unlink()
    return len(old)
