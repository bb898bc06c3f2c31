"""The dbt project as dbt has read it: read when its files or dbt have changed, and kept for every data directory.

A reading counts as long as it was made of exactly these files by this dbt. Their contents decide, not their times:
those of an image or of an archive lie before the last run, and a copied directory's are new.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from dagster_dbt import DbtProject

from ingestion.errors import LifecycleError
from ingestion.settings import PROJECT_ROOT, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DBT = Path(sys.executable).with_name("dbt")
PARSED = PROJECT_ROOT / "target" / "parsed"
ARTIFACTS = ("partial_parse.msgpack", "manifest.json")
READ_FROM = "read_from.sha256"


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
        target.mkdir(parents=True, exist_ok=True)
        if _is_of(PARSED, present):
            _keep(PARSED, target, present)
        else:
            _forget(target)
            _parse(settings)
            _note(target, present)
            if os.access(PROJECT_ROOT, os.W_OK):
                _keep(target, PARSED, present)
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
    folder.mkdir(parents=True, exist_ok=True)
    _forget(folder)
    for name in ARTIFACTS:
        unfinished = folder / f"{name}.{os.getpid()}.part"
        shutil.copyfile(source / name, unfinished)
        unfinished.replace(folder / name)
    _note(folder, fingerprint)


def _forget(folder: Path) -> None:
    """What is written next may be left unfinished."""
    (folder / READ_FROM).unlink(missing_ok=True)


def _note(folder: Path, fingerprint: str) -> None:
    unfinished = folder / f"{READ_FROM}.{os.getpid()}.part"
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
    digest = hashlib.sha256(metadata.version("dbt-core").encode())
    for path in _files():
        digest.update(f"\n{path.relative_to(PROJECT_ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}".encode())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    yield from (PROJECT_ROOT / "dbt_project.yml", PROJECT_ROOT / "profiles.yml")
    yield from (path for path in sorted((PROJECT_ROOT / "dbt_project").rglob("*")) if path.is_file())
