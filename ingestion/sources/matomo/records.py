"""Pure helpers: what Matomo's answers say when they are no list of visits. No requests, no state."""

from __future__ import annotations

from typing import Any

from ingestion.sources.errors import CredentialError, ProtocolError
from ingestion.sources.model import Page


def visits_of(body: Any) -> Page:  # noqa: ANN401 - a JSON value is anything
    """The visits of an answer.

    Raises:
        CredentialError: when Matomo refuses the token with a good status, as it does for some methods.
        ProtocolError: when Matomo reports another error.
        TypeError: when the answer is no list.
    """
    if isinstance(body, list):
        return body
    message = str(body.get("message", "")) if isinstance(body, dict) and body.get("result") == "error" else ""
    if "access" in message.lower() or "token_auth" in message.lower():
        raise CredentialError(
            "matomo: Matomo refuses the token. Check LIFECYCLE_MATOMO_TOKEN and whether its user may view the site "
            "LIFECYCLE_MATOMO_SITE_ID."
        )
    if message:
        raise ProtocolError("visits: Matomo reports an error instead of visits. See its log and the README.")
    raise TypeError("an answer that is no list")
