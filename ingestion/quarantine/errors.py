"""What can go wrong with the quarantine. No message ever holds a delivered value: it may be personal data."""

from __future__ import annotations

from ingestion.errors import ExitCode, LifecycleError


class QuarantineError(LifecycleError):
    """What was asked of the quarantine cannot be done; the message says why and what to do instead."""


class NothingLoadedError(QuarantineError):
    """Nothing was ever loaded; the message says how to load."""

    exit_code = ExitCode.NO_DATA
