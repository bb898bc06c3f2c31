"""All checks of the doctor in the order they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.settings import PROJECT_ROOT
from orchestration.doctor import directory, machine, services

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from orchestration.doctor.findings import Finding


def diagnose(settings: Settings) -> list[Finding]:
    """Everything the doctor looked at; what holds the next run up has state `problem`."""
    return [
        machine.python_version(),
        machine.versions(PROJECT_ROOT / "requirements.lock"),
        machine.extensions(),
        machine.memory(settings),
        machine.time_zone(settings),
        machine.port(),
        *directory.permissions(settings),
        directory.disk(settings),
        directory.locks(settings),
        services.daemon(settings),
        services.publication(settings),
        services.alerts(settings),
    ]
