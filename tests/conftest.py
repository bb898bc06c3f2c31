"""Fixtures every test may use: settings on a temporary directory, the dbt manifest, a company that was built once."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

from ingestion.settings import Settings
from orchestration.garbage import collect_seldom
from tests.checkout import Checkout, copy_checkout

os.environ.update(
    {
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "GX_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "LIFECYCLE_LOCK_WAIT_SECONDS": "0",
    }
)
collect_seldom()  # as the processes under test do


@pytest.fixture
def settings(tmp_path):
    """Settings on an empty data directory of the test's own."""
    return Settings(data_dir=tmp_path / "data", _env_file=None)


@pytest.fixture(scope="session")
def manifest(tmp_path_factory):
    """Dbt's manifest, parsed once for the whole session."""
    from orchestration.parsed_project import dbt_project

    shared = Settings(data_dir=tmp_path_factory.mktemp("manifest"), _env_file=None)
    return json.loads(dbt_project(shared).manifest_path.read_text(encoding="utf-8"))


COMPANY_END = date(2026, 6, 30)
COMPANY_PEOPLE = 400


@dataclass(frozen=True)
class Company:
    """A sample company that went through the whole pipeline.

    Args:
        settings: its data directory; shared by all tests of the session, so never write into it.
        checkout: the copy of the project it was built in.
        said: what the command that built it printed.
    """

    settings: Settings
    checkout: Checkout
    said: str

    def copy_to(self, folder: Path) -> Settings:
        """A copy of the data directory that a test may change."""
        shutil.copytree(self.settings.data_dir, folder, symlinks=True)
        return Settings(data_dir=folder, _env_file=None)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory, worker_id):
    """Gives the folder of that name, filled by the function the first worker of the session calls."""
    shared = tmp_path_factory.getbasetemp() if worker_id == "master" else tmp_path_factory.getbasetemp().parent

    def built(name: str, build: Callable[[Path], None]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with FileLock(shared / f"{name}.lock"):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                build(folder)
                done.touch()
        return folder

    return built


@pytest.fixture(scope="session")
def company(built_once):
    """The company of `make demo`, smaller, built once for all workers of the session."""

    def build(folder: Path) -> None:
        demo = copy_checkout(folder).run("make demo", f"OPTIONS=--people {COMPANY_PEOPLE} --end {COMPANY_END}")
        assert demo.returncode == 0, demo.stdout + demo.stderr
        (folder / "said.txt").write_text(demo.stdout, encoding="utf-8")

    folder = built_once("checkout", build)
    said = (folder / "said.txt").read_text(encoding="utf-8")
    return Company(Settings(data_dir=folder / "data", _env_file=None), Checkout(folder), said)
