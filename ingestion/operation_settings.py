"""Settings of operations: alerts and where they go, when something counts as late, what is kept how long.

Secrets are secret types, which print as asterisks.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class OperationSettings(BaseSettings):
    """The part of the settings that jobs, sensors and alerts read."""

    schedules_on: bool = Field(
        default=False, description="Whether the schedules tick without anybody switching them on in the UI."
    )
    publication_late_hours: int = Field(
        default=30, ge=1, description="Age of the published generation from which it counts as late."
    )
    source_silent_hours: int = Field(
        default=48, ge=1, description="Hours without a new row from which a source with a rhythm counts as silent."
    )
    backups_kept: int = Field(default=3, ge=1, description="Backups of the warehouse kept by maintenance.")
    history_days: int = Field(default=90, ge=1, description="Days runs, run reports, alerts and verdicts are kept.")
    bloat_share: float = Field(
        default=0.3, gt=0, lt=1, description="Share of free blocks from which maintenance rebuilds the warehouse file."
    )

    alert_email_to: str | None = Field(default=None, description="Addresses alerts are mailed to, with commas between.")
    alert_email_from: str | None = Field(default=None, description="Sender of alerts; the first receiver without.")
    smtp_host: str | None = Field(default=None, description="Mail server; no mail without.")
    smtp_port: int = Field(default=587, ge=1, le=65_535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the connection to the mail server is encrypted."
    )
    smtp_user: str | None = Field(default=None, description="User at the mail server.")
    smtp_password: SecretStr | None = Field(default=None, description="Password at the mail server.")
    alert_webhook_url: SecretStr | None = Field(
        default=None, description="Address alerts are posted to as Slack does it; it holds a secret."
    )
