"""A disk small enough to fill, and what a run says of what goes wrong on it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager

import dagster as dg
import pytest

from ingestion.settings import Settings
from orchestration.causes import causes_of
from tests.needed import require

ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="mounts a small disk")


@contextmanager
def small_disk(folder, size="8m"):
    """A file system of that size; where nobody may make one the test is left out, but not by the gate."""
    folder.mkdir()
    mount = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    require(not mount.returncode, f"a small disk cannot be made here: {mount.stderr.strip()}")
    try:
        yield Settings(data_dir=folder / "data", _env_file=None)
    finally:
        subprocess.run(["umount", folder], check=True)


def remount(folder, options):
    subprocess.run(["mount", "-o", f"remount,{options}", folder], check=True)


def fill(folder):
    """Leave nothing free on the disk; returns the file to remove."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while True:  # what does not fit as a whole is written as far as it does
            file.write(bytes(1_000_000))
    return ballast


def cause_in_a_run(act):
    """What a run tells about the error that `act` raises."""

    @dg.op
    def work():
        act()

    @dg.job(executor_def=dg.in_process_executor)
    def daily():
        work()

    with dg.DagsterInstance.ephemeral() as instance:
        [cause] = causes_of(daily.execute_in_process(instance=instance, raise_on_error=False).all_events)
    return cause
