"""The pointer: `serving/lifecycle.duckdb` and `serving/parquet` are symlinks into the current generation.

Moving them is one rename each; a reader sees the old generation or the new one, never a mix of a file.
"""

from __future__ import annotations

import os
from pathlib import Path

DATABASE = "lifecycle.duckdb"
PARQUET = "parquet"
GENERATIONS = "generations"


def current_generation(serving: Path) -> str | None:
    """Name of the generation readers see, or None before the first publication."""
    link = serving / DATABASE
    return link.readlink().parent.name if link.is_symlink() else None


def generation_names(serving: Path) -> list[str]:
    """Names of all complete generations, oldest first."""
    folder = serving / GENERATIONS
    if not folder.exists():
        return []
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def point_to(serving: Path, generation: str) -> None:
    """Let readers see `generation` from now on. The Parquet folder moves first, the database last.

    Raises:
        FileNotFoundError: when the generation is not complete on disk.
    """
    folder = Path(GENERATIONS) / generation
    if not (serving / folder / DATABASE).exists():
        raise FileNotFoundError(f"generation {generation} has no {DATABASE} in {serving / folder}")
    for name in (PARQUET, DATABASE):
        _replace_link(serving / name, folder / name)
    fsync_directory(serving)


def settle(serving: Path) -> None:
    """Bring the Parquet pointer in line with the database pointer, should a process have died between the two."""
    generation = current_generation(serving)
    if generation and (serving / PARQUET).readlink().parent.name != generation:
        _replace_link(serving / PARQUET, Path(GENERATIONS) / generation / PARQUET)


def fsync_directory(path: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _replace_link(link: Path, target: Path) -> None:
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(link)
