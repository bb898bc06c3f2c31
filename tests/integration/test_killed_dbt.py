"""What the system kills for want of memory is told as that, with the setting that needs less, and can be run again."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import dagster as dg
import pytest

from ingestion.raw import create_raw_tables
from ingestion.warehouse import connect
from orchestration import resources
from orchestration.assets.dbt import layer_assets
from orchestration.causes import causes_of
from orchestration.identity.copied_people import CopyError, _build
from orchestration.instance import open_instance
from orchestration.layers import LAYERS
from orchestration.remedies import death_of
from orchestration.resources import RunClock, dbt_project, dbt_resource
from orchestration.run_lock import release_run_lock
from orchestration.verification.events import CompilationError, _compiled


@pytest.fixture
def empty(settings):
    """A warehouse nothing was delivered to; its tables can be built all the same."""
    with connect(settings) as connection:
        create_raw_tables(connection)
    return settings


def build_staging(settings):
    """The first layer as a run builds it."""
    project = dbt_project(settings)
    given = {"settings": settings, "clock": RunClock(as_of="2026-06-30"), "dbt": dbt_resource(project, settings)}
    with open_instance(settings) as instance:
        layer = layer_assets(LAYERS[0], project)
        result = dg.materialize([layer], resources=given, instance=instance, raise_on_error=False)
    release_run_lock(settings, result.run_id)
    return causes_of(result.all_events)


def processes():
    """Process id, parent and command of everything that runs."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            yield folder, parent, (folder / "cmdline").read_text()
        except OSError:
            continue  # it has ended meanwhile


def has_open(folder, path):
    try:
        return any(one.readlink() == path for one in (folder / "fd").iterdir())
    except OSError:
        return False


def kill_dbt(warehouse, victim, killed):
    """Kill dbt, or the process that holds it, as soon as it has the warehouse open."""
    while not killed:
        for folder, parent, command in processes():
            if "orchestration.dbt_server.server" in command and has_open(folder, warehouse):
                killed.append(parent if victim == "server" else int(folder.name))
                os.kill(killed[0], signal.SIGKILL)
                return
        time.sleep(0.01)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="looks into /proc")
@pytest.mark.parametrize("victim", ["dbt", "server"])
def test_a_killed_dbt_is_told_with_the_setting_that_needs_less_memory_and_is_run_again(empty, victim):
    """It once said `failed with exit code 247` and nothing else."""
    killed = []
    killer = threading.Thread(target=kill_dbt, args=(empty.warehouse, victim, killed))
    killer.start()
    try:
        [cause] = build_staging(empty)
    finally:
        killed.append(None)
        killer.join()
    assert cause.place == "staging"
    assert ("killed from outside (signal 9)" in cause.message) == (victim == "dbt")
    for told in (cause.message, cause.tellable):
        assert "LIFECYCLE_MEMORY_LIMIT" in told and "Nothing was published" in told
    assert build_staging(empty) == []


def test_a_signal_is_told_of_whoever_counts_it_and_an_ordinary_failure_is_none():
    assert death_of(-signal.SIGKILL) == death_of(128 + signal.SIGKILL) != ""
    assert "LIFECYCLE_MEMORY_LIMIT" in death_of(-signal.SIGKILL)
    assert death_of(-signal.SIGSEGV) == "was ended by signal 11"
    assert [death_of(code) for code in (0, 1, 2)] == ["", "", ""]


@pytest.mark.parametrize("error", [CompilationError, CopyError])
def test_a_dbt_killed_beside_a_run_is_told_as_well(empty, monkeypatch, tmp_path, error):
    program = tmp_path / "dbt"
    program.write_text("#!/bin/sh\nkill -9 $$\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setattr(resources, "DBT", program)
    monkeypatch.setattr(resources, "dbt_project", lambda _: None)
    with pytest.raises(error, match=r"killed from outside \(signal 9\).*LIFECYCLE_MEMORY_LIMIT"):
        _compiled(empty, tmp_path) if error is CompilationError else _build(empty, "customers")
