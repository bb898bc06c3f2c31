"""How commands print: text for people, JSON for programs, colours only on a terminal.

What is printed is decided by the commands; here lie only the frame and the option `--json`.
"""

from __future__ import annotations

import os
import sys
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]


_has_printed_json = False


def terminal() -> Console:
    """The terminal, also while a run's own output goes to a file."""
    return Console(file=sys.stdout, soft_wrap=True, highlight=False, emoji=False)


def error_terminal() -> Console:
    """Where problems are told."""
    return Console(stderr=True, soft_wrap=True, highlight=False, emoji=False)


def print_json(value: object) -> None:
    """Print dataclasses, mappings and lists of them as JSON; times in ISO 8601 and UTC, durations in seconds."""
    import json

    global _has_printed_json  # noqa: PLW0603, one command per process
    _has_printed_json = True
    typer.echo(json.dumps(_plain(value), indent=2, default=_told, ensure_ascii=False))


def print_json_error(message: str) -> None:
    """Tell a program why its command failed, if it asked for JSON and got none so far."""
    if "--json" in sys.argv[1:] and not _has_printed_json:
        print_json({"error": message})


def require_file(path: Path, *, makes_folder: bool) -> Path:
    """The path, if a file can be written there; a usage error otherwise, before anything is written."""
    try:
        problem = _why_no_file(path, makes_folder=makes_folder)
    except OSError as error:  # a name that is too long, a folder nobody may look into
        problem = f"{path} cannot be written to: {error.strerror}"
    if problem:
        raise typer.BadParameter(problem, param_hint="--out")
    return path


def _why_no_file(path: Path, *, makes_folder: bool) -> str | None:
    if path.is_dir():
        return f"{path} is a directory; name a file in it"
    if path.exists() and not path.is_file():  # a device or a pipe: the file takes its place, it is not written into it
        return f"{path} is no file that can be replaced"
    if not (makes_folder or path.parent.is_dir()):
        return f"there is no directory {path.parent}"
    there = next(one for one in path.absolute().parents if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK):
        return f"{there} cannot be written to"
    return f"{path} cannot be written to" if path.exists() and not os.access(path, os.W_OK) else None


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
    if isinstance(value, datetime):  # the warehouse's times have no zone; they are UTC
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
