"""The dbt project as dbt has read it: read when its files or dbt have changed, and kept for every data directory.

A reading counts as long as it was made of exactly these files by this dbt. Their contents decide, not their times:
those of an image or of an archive lie before the last run, and a copied directory's are new. How dbt is called for a
data directory stands here, too; what the steps are given of it is made in `resources.py`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_dbt import DbtProject
from filelock import FileLock

from ingestion.errors import LifecycleError
from ingestion.settings import PROJECT_ROOT, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DBT = Path(sys.executable).with_name("dbt")
# A single command beside a run; the folder the project was read into comes first.
DBT_ONCE = (sys.executable, "-m", "orchestration.dbt_server.once")
PARSED = PROJECT_ROOT / "target" / "parsed"
PARTIAL = "partial_parse.msgpack"
ARTIFACTS = (PARTIAL, "manifest.json")
READ_FROM, LOCK = "read_from.sha256", "reading.lock"
PACKAGES = ("dbt-core", "dbt-adapters", "dbt-duckdb")  # who reads the project and brings the macros it builds on


class DbtProjectError(LifecycleError):
    """dbt cannot read its project; the message is dbt's own."""


def dbt_project(settings: Settings) -> DbtProject:
    """The dbt project at the repository's root; its artifacts lie in the data directory.

    What was read for one data directory is kept with the project and serves all others: the project is the same
    everywhere. No database is opened for reading it.

    Raises:
        DbtProjectError: when dbt cannot read it.
    """
    target, present = settings.data_dir / "dbt", _fingerprint()
    if not _is_of(target, present):
        with _alone_in(target):
            if not _is_of(target, present):
                _renew(settings, target, present)
    return DbtProject(project_dir=PROJECT_ROOT, profiles_dir=PROJECT_ROOT, target_path=target)


def dbt_environment(settings: Settings) -> Mapping[str, str]:
    """What dbt's subprocess reads from its environment: the profile's values and where artifacts go."""
    return {
        "LIFECYCLE_DATA_DIR": str(settings.data_dir),
        "LIFECYCLE_MEMORY_LIMIT": settings.memory_limit,
        "LIFECYCLE_SPILL_LIMIT": settings.spill_limit,
        "LIFECYCLE_THREADS": str(settings.threads),
        "LIFECYCLE_IDENTITY_PROPOSALS": str(settings.identity_proposals).lower(),
        "DBT_PROJECT_DIR": str(PROJECT_ROOT),
        "DBT_PROFILES_DIR": str(PROJECT_ROOT),
        "DBT_TARGET_PATH": str(settings.data_dir / "dbt"),
        "DBT_LOG_PATH": str(settings.data_dir / "logs"),
        "DBT_INDIRECT_SELECTION": "buildable",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


def _renew(settings: Settings, target: Path, present: str) -> None:
    """Take over what was read for another data directory; where there is nothing, read and keep it for the others."""
    if not os.access(PARSED if PARSED.exists() else PROJECT_ROOT, os.W_OK):
        if _is_of(PARSED, present):
            _keep(PARSED, target, present)
        else:
            _read(settings, target, present)
        return
    with _alone_in(PARSED):
        if _is_of(PARSED, present):
            _keep(PARSED, target, present)
        elif _read(settings, target, present):
            _keep(target, PARSED, present)


def _read(settings: Settings, target: Path, present: str) -> bool:
    """Have dbt read the project; whether it was the same from the beginning to the end, so that the reading counts."""
    _forget(target)
    # dbt goes by the times of files when it has read them before.
    (target / PARTIAL).unlink(missing_ok=True)
    _parse(settings)
    is_the_same = _fingerprint() == present
    if is_the_same:
        _note(target, present)
    return is_the_same


def _parse(settings: Settings) -> None:
    result = subprocess.run(
        [DBT, "parse", "--quiet"],
        env={**os.environ, **dbt_environment(settings)},
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise DbtProjectError(f"dbt cannot read the project:\n{result.stdout}{result.stderr}")


def _keep(source: Path, folder: Path, fingerprint: str) -> None:
    """Copy what dbt keeps of a project it has read; what it was read from comes last."""
    _forget(folder)
    for name in ARTIFACTS:
        unfinished = folder / f"{name}.part"
        shutil.copyfile(source / name, unfinished)
        unfinished.replace(folder / name)
    _note(folder, fingerprint)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep others from writing into the folder: a daemon and a webserver of a new version start at the same time."""
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / LOCK):
        yield


def _forget(folder: Path) -> None:
    """What is written next may be left unfinished."""
    (folder / READ_FROM).unlink(missing_ok=True)


def _note(folder: Path, fingerprint: str) -> None:
    unfinished = folder / f"{READ_FROM}.part"
    unfinished.write_text(fingerprint, encoding="utf-8")
    unfinished.replace(folder / READ_FROM)


def _is_of(folder: Path, fingerprint: str) -> bool:
    try:
        noted = (folder / READ_FROM).read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return noted == fingerprint and all((folder / name).exists() for name in ARTIFACTS)


def _fingerprint() -> str:
    """Of this dbt and of the names and contents of all files it reads; some 15 ms."""
    digest = hashlib.sha256(" ".join(metadata.version(name) for name in PACKAGES).encode())
    for path in _files():
        digest.update(f"\n{path.relative_to(PROJECT_ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}".encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    yield from (PROJECT_ROOT / "dbt_project.yml", PROJECT_ROOT / "profiles.yml")
    yield from (path for path in sorted((PROJECT_ROOT / "dbt_project").rglob("*")) if path.is_file())
