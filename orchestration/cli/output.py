"""How commands print: text for people, JSON for programs, colours only on a terminal.

What is printed is decided by the commands; here lie only the frame and the option `--json`.
"""

from __future__ import annotations

import sys
from dataclasses import asdict, is_dataclass
from datetime import timedelta
from enum import Enum
from typing import Annotated, Any

import typer
from rich.console import Console

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


def terminal() -> Console:
    """The terminal, also while a run's own output goes to a file."""
    return Console(file=sys.stdout, soft_wrap=True, highlight=False)


def error_terminal() -> Console:
    """Where problems are told."""
    return Console(stderr=True, soft_wrap=True, highlight=False)


def print_json(value: object) -> None:
    """Print dataclasses, mappings and lists of them as JSON; times in ISO 8601, durations in seconds."""
    import json

    typer.echo(json.dumps(_plain(value), indent=2, default=_told, ensure_ascii=False))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value


def _told(value: object) -> Any:  # noqa: ANN401 (whatever JSON knows)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
