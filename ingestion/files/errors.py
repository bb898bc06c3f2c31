"""What can go wrong with the inbox. No message ever holds a delivered value: it may be personal data."""

from __future__ import annotations

from ingestion.errors import LifecycleError


class InboxError(LifecycleError):
    """The inbox as a whole cannot be loaded; the message says why and what to do."""


class FileRejectedError(InboxError):
    """One file cannot be loaded and stays where it is; the message says what is wrong with it and how to mend it."""


class FileChangedError(InboxError):
    """One file was written to while it was read; nothing of it is kept and the next run reads it again."""


class CountMismatchError(InboxError):
    """Accepted and quarantined rows of a file do not add up to the delivered ones; nothing of the file is kept."""
