"""The words of alerts: several in one message, and nothing in them that must not leave the machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import SecretStr

if TYPE_CHECKING:
    from ingestion.settings import Settings

MOST_IN_FULL = 10
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LONG_NUMBER = re.compile(r"(?<![\w-])(?!\d{4}-\d\d-\d\d)\+?\d(?:[ ./()-]?\d){8,}(?![\w-])")
_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")


def digest(alerts: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """Subject and text of the one message for all alerts.

    Args:
        alerts: subject and text of each, at least one.
    """
    if len(alerts) == 1:
        return alerts[0]
    parts = [f"{subject}\n{text}" for subject, text in alerts[:MOST_IN_FULL]]
    if len(alerts) > MOST_IN_FULL:
        parts.append(f"… and {len(alerts) - MOST_IN_FULL} more: `lifecycle alerts list`")
    return f"{len(alerts)} alerts: {alerts[0][0]}, …", "\n\n".join(parts)


def fit_to_leave(settings: Settings, text: str) -> str:
    """The text without secrets of the settings, addresses, and numbers that may be telephones or cards."""
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, SecretStr) and value.get_secret_value():
            text = text.replace(value.get_secret_value(), "‹secret›")
    text = _CREDENTIALS.sub("‹secret›@", text)
    return _LONG_NUMBER.sub("‹number›", _MAIL.sub("‹address›", text))
