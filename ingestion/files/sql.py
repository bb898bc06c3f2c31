"""Quoting for the SQL the inbox builds from the contract's names and from file paths."""

from __future__ import annotations

import re
from pathlib import Path


def name(identifier: str) -> str:
    """A quoted identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A quoted string."""
    return "'" + text.replace("'", "''") + "'"


def path(file: Path) -> str:
    """A quoted path for a table function; characters that would make it a pattern are taken literally."""
    return literal(re.sub(r"([\[*?])", r"[\1]", str(file)))
