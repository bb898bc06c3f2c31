"""Pure helpers: instants as Typeform takes them, and responses that say which form they belong to. No requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from ingestion.sources.model import Record, Window


def span_of(window: Window) -> dict[str, str]:
    """The parameters that limit responses to a window.

    Typeform counts in whole seconds and includes both ends, a window does not include its own end.
    """
    asked = {}
    if window.since is not None:
        asked["since"] = _second(window.since)
    if window.until is not None:
        asked["until"] = _second(window.until - timedelta(microseconds=1))
    return asked


def has_changed_in(form: Mapping[str, Any], window: Window) -> bool:
    """Whether a form of the list may have changed in a window; one that does not say when is taken to have."""
    if not form.get("last_updated_at"):
        return True
    at = datetime.fromisoformat(form["last_updated_at"])
    return (window.since is None or at >= window.since) and (window.until is None or at < window.until)


def with_form(responses: Sequence[Mapping[str, Any]], form_id: str) -> list[Record]:
    """The responses with the form they belong to, which Typeform says in the address only."""
    return [{**response, "form_id": form_id} for response in responses]


def _second(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
