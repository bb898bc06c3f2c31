"""What the doctor asks the services around a run: the daemon that starts it, the generation readers see."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from orchestration.alerts.channels import TO_BE_SET, channels_of
from orchestration.alerts.outbox import latest_refusal, unsent_alerts
from orchestration.doctor.findings import Finding, problem, warning, well
from orchestration.instance_state import InstanceState, read_instance_state
from orchestration.publish.generation import read_manifest
from orchestration.publish.pointer import current_generation, served_generation
from orchestration.wall_clock import utc_now

if TYPE_CHECKING:
    from ingestion.settings import Settings


def daemon(settings: Settings, state: InstanceState | None = None, now: datetime | None = None) -> Finding:
    """The daemon lives and the schedule is on, so that the next run starts by itself."""
    from sqlalchemy.exc import OperationalError

    try:
        present = state or read_instance_state(settings)
    except OperationalError as error:  # on a full disk SQLite cannot even read
        return problem(
            "daemon",
            f"what it keeps in {settings.dagster_home} cannot be read ({error.orig})",
            "Free space on that disk; if there is enough, the disk or the file is damaged.",
        )
    at = now or utc_now()
    if not present.daemon_lives(at):
        return warning(
            "daemon",
            "not running, so nothing starts by itself",
            "Start it with `make ui`, or as a service: docs/production.md.",
        )
    tick = present.next_tick(settings, at)
    if tick is None:
        return warning("daemon", "running, but the daily schedule is off", "Switch it on in the UI: Automation.")
    return well("daemon", f"running; next run at {tick:%Y-%m-%d %H:%M %Z}")


def alerts(settings: Settings) -> Finding:
    """Alerts have somewhere to go, and none waits."""
    unsent = unsent_alerts(settings)
    names = ", ".join(channel.name for channel in channels_of(settings))
    if unsent:
        why = next((alert.problem for alert in reversed(unsent) if alert.problem), None) or "not tried yet"
        remedy = "Read them with `lifecycle alerts list`, try the channels with `lifecycle alerts test`."
        return warning("alerts", f"{len(unsent)} not sent: {why if names else 'no channel is configured'}", remedy)
    if not names:
        return warning(
            "alerts",
            "no channel is configured",
            f"Nobody is told of a failed run. {TO_BE_SET}",
        )
    refused = latest_refusal(settings)
    if refused:
        return warning(
            "alerts",
            f"the latest one did not reach everybody: {refused}",
            "Correct LIFECYCLE_ALERT_EMAIL_TO, then try it with `lifecycle alerts test`.",
        )
    return well("alerts", f"go to {names}; none waits")


def publication(settings: Settings, now: datetime | None = None) -> Finding:
    """Readers see a complete generation that is not too old."""
    name = current_generation(settings.serving)
    if name is None:
        return warning("publication", "nothing was published yet", "Run `lifecycle run`.")
    if served_generation(settings.serving) is None:
        return problem(
            "publication",
            f"the pointer leads to {name}, which is gone",
            "Go to one that is there with `lifecycle rollback`, or publish anew with `lifecycle publish`.",
        )
    published = datetime.fromisoformat(read_manifest(settings.serving, name).published_at)
    age = (now or utc_now()) - published
    found = f"{name}, {age / timedelta(hours=1):.1f} hours old"
    if age > timedelta(hours=settings.publication_late_hours):
        return warning("publication", found, "Look at the last run: `lifecycle status`; then `lifecycle run`.")
    return well("publication", found)
