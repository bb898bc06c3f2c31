"""Which generation readers saw before which, and the switch that keeps it: what `lifecycle rollback` goes by.

How the link itself moves lives in `pointer.py`, what is published and when in `publisher.py`.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from orchestration.publish.generation import manifest_if_readable, read_manifest, write_manifest
from orchestration.publish.pointer import GENERATIONS, current_generation, generation_names, point_to
from orchestration.publish.readers import open_generation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingestion.settings import Settings

NOTHING = ""
"""What the first generation follows. None in its place means that nobody knows."""

_PATIENCE_SECONDS = 60  # a switch takes milliseconds


class PointerBusyError(LifecycleError):
    """Another process is moving the pointer; the message says what to do."""


def seen_before(serving: Path, generation: str) -> str | None:
    """The generation on disk readers saw before this one; None when there is none.

    One that was rolled back from is passed over: the generation published next follows the one readers saw meanwhile.
    Where nobody knows what it follows, because its manifest is of an older version or damaged, its number decides.
    """
    manifest = manifest_if_readable(serving, generation)
    followed = manifest.follows if manifest else None
    names = generation_names(serving)
    return max((name for name in names if (name < generation if followed is None else name <= followed)), default=None)


def seen_latest(serving: Path, count: int) -> list[str]:
    """The generation readers see and those on disk they saw before it, at most `count`; the oldest comes last."""
    seen: list[str] = []
    name = current_generation(serving)
    while name and len(seen) < count:
        seen.append(name)
        name = seen_before(serving, name)
    return seen


@contextmanager
def switching(settings: Settings) -> Iterator[None]:
    """Keep others from moving the pointer: what is decided by where it leads must still hold when it moves.

    Raises:
        PointerBusyError: when another process does not let go of it.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(settings.data_dir / "switch.lock", timeout=_PATIENCE_SECONDS)
    try:
        lock.acquire()
    except Timeout:
        raise PointerBusyError(
            "Readers were not switched: a publication or rollback that is just switching them does not come to an end. "
            "See what the other one tells, then run this again."
        ) from None
    try:
        yield
    finally:
        lock.release()


def switch_to_new(settings: Settings, generation: str, *, in_place_of: str | None) -> None:
    """Let readers see a generation that was just written, and note in its manifest what they saw until then.

    It is noted only here, for a rollback may have moved readers while the generation was being written.

    Args:
        settings: where the serving folder is.
        generation: name of the new generation, complete on disk.
        in_place_of: a damaged generation nobody shall go back to; None when there is none.

    Raises:
        PointerBusyError: when another process is switching readers and does not come to an end.
    """
    folder = settings.serving / GENERATIONS / generation
    with switching(settings):
        current = current_generation(settings.serving)
        if current is not None and current == in_place_of:
            current = seen_before(settings.serving, current)
        write_manifest(folder, replace(read_manifest(settings.serving, generation), follows=current or NOTHING))
        open_generation(settings, folder)
        point_to(settings.serving, generation)
