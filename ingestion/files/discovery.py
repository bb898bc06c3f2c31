"""Which files lie in the inbox, and which things there are none of ours: folders, formats and links we refuse.

Only names are looked at here. Opening files belongs to the deliveries, what was loaded before to `register.py`.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingestion.contract import ENTITIES, Entity, entity_at

FORMATS = (".csv", ".csv.gz", ".parquet", ".jsonl", ".jsonl.gz")
UNFINISHED_SUFFIXES = (".tmp", ".part")


@dataclass(frozen=True, slots=True)
class InboxFile:
    """A file to load.

    Args:
        entity: what its rows are.
        path: where it lies.
        name: its path relative to the inbox, with forward slashes.
        format: one of `FORMATS`.
    """

    entity: Entity
    path: Path
    name: str
    format: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found: files in the order they load, and one message per thing that cannot be read."""

    files: tuple[InboxFile, ...]
    messages: tuple[str, ...]


def discover(inbox: Path) -> Discovery:
    """List the inbox, sorted by path so that the load order is the same on every machine.

    Names that start with a dot or end in `.tmp` or `.part` are still being written and are passed over silently:
    write under such a name, then rename.

    Args:
        inbox: the root folder; it need not exist.
    """
    files: list[InboxFile] = []
    messages: list[str] = []
    for found in _walk(inbox, inbox):
        if isinstance(found, InboxFile):
            files.append(found)
        else:
            messages.append(found)
    return Discovery(tuple(sorted(files, key=lambda file: file.name)), tuple(sorted(messages)))


def _walk(inbox: Path, folder: Path) -> Iterator[InboxFile | str]:
    try:
        entries = sorted(folder.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        yield f"{_name(inbox, folder)}: the folder cannot be read ({error.strerror}). Its files were left out."
        return
    for entry in entries:
        if entry.name.startswith(".") or entry.name.endswith(UNFINISHED_SUFFIXES):
            continue
        yield from _judge(inbox, entry)


def _judge(inbox: Path, entry: Path) -> Iterator[InboxFile | str]:
    name = _name(inbox, entry)
    try:
        inside = entry.resolve(strict=True).is_relative_to(inbox.resolve())
        is_folder = entry.is_dir()
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "a link that leads in a circle"
        yield f"{name}: cannot be read ({reason}). It was left out."
        return
    if not inside:
        yield f"{name}: is a link that leaves the inbox. It was refused; put a copy of the file here instead."
    elif is_folder:
        yield from _judge_folder(inbox, entry, name)
    else:
        yield _judge_file(entry, name)


def _judge_folder(inbox: Path, folder: Path, name: str) -> Iterator[InboxFile | str]:
    depth = name.count("/") + 1
    if depth == 1 and name not in {entity.domain for entity in ENTITIES}:
        yield f"{name}: is not a domain of the contract. {_nearest(name, sorted({e.domain for e in ENTITIES}))}"
    elif depth == 2 and entity_at(name) is None:
        yield f"{name}: is not an entity of the contract. {_nearest(name, [e.path for e in ENTITIES])}"
    elif depth > 2:
        yield f"{name}: lies too deep and is not read. Put its files into {name.rpartition('/')[0]}/."
    else:
        yield from _walk(inbox, folder)


def _judge_file(path: Path, name: str) -> InboxFile | str:
    entity = entity_at(name.rpartition("/")[0])
    if entity is None:
        return f"{name}: lies outside an entity's folder. Move it to <domain>/<entity>/, for example crm/contacts/."
    if not path.is_file():
        return f"{name}: is not a regular file. It was left out."
    for known in sorted(FORMATS, key=len, reverse=True):
        if path.name.lower().endswith(known):
            return InboxFile(entity, path, name, known)
    extension = "".join(path.suffixes[-2:]).lower() or "no extension"
    return f"{name}: {extension} is not a format the inbox reads. {_nearest(extension, list(FORMATS))}"


def _name(inbox: Path, path: Path) -> str:
    return path.relative_to(inbox).as_posix() if path != inbox else str(inbox)


def _nearest(word: str, choices: list[str]) -> str:
    near = difflib.get_close_matches(word, choices, n=3, cutoff=0.5)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return f"Choose from {', '.join(choices)}."
