"""What the system kills for want of memory is told as that, with the setting that needs less, and can be run again."""

from __future__ import annotations

import os
import signal

import pytest

from orchestration import parsed_project
from orchestration.assets import dbt
from orchestration.dbt_server.client import SERVER_IS_GONE
from orchestration.identity.copied_people import CopyError, _build
from orchestration.remedies import death_of
from orchestration.verification.events import CompilationError, _compiled
from tests.integration.dbt_at_work import NEEDS_PROC, as_soon_as_dbt_works, build_staging, make_empty_warehouse


@NEEDS_PROC
@pytest.mark.parametrize("victim", ["dbt", "server"])
def test_a_killed_dbt_is_told_with_the_setting_that_needs_less_memory_and_is_run_again(settings, victim):
    """It once said `failed with exit code 247` and nothing else."""
    make_empty_warehouse(settings)

    def kill(dbt, server):
        os.kill(dbt if victim == "dbt" else server, signal.SIGKILL)

    with as_soon_as_dbt_works(settings, kill):
        [cause] = build_staging(settings)
    assert cause.place == "staging"
    assert ("killed from outside (signal 9)" in cause.message) == (victim == "dbt")
    for told in (cause.message, cause.tellable):
        assert "LIFECYCLE_MEMORY_LIMIT" in told and "Nothing was published" in told
    assert build_staging(settings) == []


def test_a_process_that_holds_dbt_and_fails_is_not_told_as_one_that_lacked_memory():
    """What it failed with stands in the log, and whoever reads of memory does not look there."""
    told = dbt._death(SERVER_IS_GONE)
    assert told.index("its error stands above in the log") < told.index("memory")
    assert "if there is none, it was killed" in told


def test_a_signal_is_told_of_whoever_counts_it_and_an_ordinary_failure_is_none():
    assert death_of(-signal.SIGKILL) == death_of(128 + signal.SIGKILL) != ""
    assert "LIFECYCLE_MEMORY_LIMIT" in death_of(-signal.SIGKILL)
    assert death_of(-signal.SIGSEGV) == "was ended by signal 11"
    assert [death_of(code) for code in (0, 1, 2, 128, 255)] == [""] * 5


@pytest.mark.parametrize("error", [CompilationError, CopyError])
def test_a_dbt_killed_beside_a_run_is_told_as_well(settings, monkeypatch, tmp_path, error):
    program = tmp_path / "killed"
    program.write_text("#!/bin/sh\nkill -9 $$\n", encoding="utf-8")
    program.chmod(0o700)
    monkeypatch.setattr(parsed_project, "DBT_ONCE", [program])
    with pytest.raises(error, match=r"killed from outside \(signal 9\).*LIFECYCLE_MEMORY_LIMIT"):
        _compiled(settings, tmp_path) if error is CompilationError else _build(settings, settings, "customers")
