"""The pointer: `serving/current` is a symlink to the generation readers see, and the only thing that ever moves.

`serving/lifecycle.duckdb` and `serving/parquet` lead through it, so one rename switches both: a reader sees the old
generation or the new one, never the file of one beside the Parquet files of the other.
"""

from __future__ import annotations

import os
from pathlib import Path

DATABASE = "lifecycle.duckdb"
PARQUET = "parquet"
GENERATIONS = "generations"
CURRENT = "current"
MANIFEST = "manifest.json"


def current_generation(serving: Path) -> str | None:
    """Name of the generation the pointer leads to, be it still there or not; None before the first publication."""
    link = serving / DATABASE
    if not link.is_symlink():
        return None
    leads_through = link.readlink().parent
    return (serving / CURRENT).readlink().name if leads_through == Path(CURRENT) else leads_through.name


def served_generation(serving: Path) -> str | None:
    """Name of the generation readers see; None before the first publication, and when its files are gone."""
    name = current_generation(serving)
    is_there = name is not None and all((serving / GENERATIONS / name / file).exists() for file in (DATABASE, MANIFEST))
    return name if is_there else None


def generation_names(serving: Path) -> list[str]:
    """Names of all complete generations, oldest first."""
    folder = serving / GENERATIONS
    if not folder.exists():
        return []
    return sorted(path.name for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def point_to(serving: Path, generation: str) -> None:
    """Let readers see `generation` from now on, by one rename.

    Raises:
        FileNotFoundError: when the generation is not complete on disk.
    """
    folder = Path(GENERATIONS) / generation
    if not (serving / folder / DATABASE).exists():
        raise FileNotFoundError(f"generation {generation} has no {DATABASE} in {serving / folder}")
    settle(serving)
    _replace_link(serving / CURRENT, folder)
    _lead_through_current(serving)
    fsync_directory(serving)


def settle(serving: Path) -> None:
    """Finish what a publisher that died left of the links, and let links of an earlier version lead through `current`.

    Such links led into the generation themselves; `current` is set to the same one first, so readers notice nothing.
    """
    generation = current_generation(serving)
    if generation is None:
        return
    if not _leads_to(serving / CURRENT, Path(GENERATIONS) / generation):
        _replace_link(serving / CURRENT, Path(GENERATIONS) / generation)
    _lead_through_current(serving)


def fsync_directory(path: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _lead_through_current(serving: Path) -> None:
    """The database link comes last: before it is there, nothing is published."""
    for name in (PARQUET, DATABASE):
        if not _leads_to(serving / name, Path(CURRENT) / name):
            _replace_link(serving / name, Path(CURRENT) / name)


def _leads_to(link: Path, target: Path) -> bool:
    return link.is_symlink() and link.readlink() == target


def _replace_link(link: Path, target: Path) -> None:
    new = link.with_name(f".{link.name}.new")
    new.unlink(missing_ok=True)
    new.symlink_to(target)
    new.replace(link)
