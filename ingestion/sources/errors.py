"""What can go wrong with a source, in words for the person who has to act. No message holds a secret or a record."""

from __future__ import annotations

from ingestion.errors import ExitCode, LifecycleError


class SourceError(LifecycleError):
    """A source could not be read; the message names it and says what to do."""


class NotConfiguredError(SourceError):
    """A source has no credentials; the message names the settings."""

    exit_code = ExitCode.NO_DATA


class CredentialError(SourceError):
    """The vendor refuses the credentials; asking again would not help."""


class ForbiddenAddressError(SourceError):
    """An address outside the connector's hosts, without encryption, or a redirect to another host."""


class UnavailableError(SourceError):
    """The vendor did not answer, or asked for patience, longer than a run may wait."""


class ProtocolError(SourceError):
    """An answer that is not what the vendor's documentation promises."""


class PagingLoopError(ProtocolError):
    """A page pointed back to itself."""


class VanishedFieldError(ProtocolError):
    """A required field is missing in every record of a read: the vendor's API has changed."""
