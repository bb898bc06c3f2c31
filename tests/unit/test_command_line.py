"""The command's frame: exit codes with one home, JSON wherever data is printed, completion, no colours in files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
import typer
from typer.testing import CliRunner

from ingestion.errors import ExitCode, LifecycleError
from ingestion.settings import PROJECT_ROOT
from orchestration.cli.app import app
from orchestration.cli.operations import status_lines
from orchestration.cli.output import print_json

LIFECYCLE = Path(sys.executable).with_name("lifecycle")

# They ask, decide, write files, or hand the terminal over; they print no data.
PRINT_NO_DATA = {
    "demo",
    "example",
    "ui",
    "identity link",
    "identity unlink",
    "identity split",
    "identity proposals accept",
    "identity proposals reject",
    "identity proposals chart",
    "identity proposals train",
    "quality accept",
    "sources new",
    "alerts test",
    "service daemon",
    "service documents",
    "service webserver",
}


def commands(group: click.Group, path: tuple[str, ...] = ()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group) or hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


def run(*arguments, **variables):
    return subprocess.run(
        [LIFECYCLE, *arguments], env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )


def test_every_command_that_prints_data_prints_it_as_json_when_asked():
    without = {
        name
        for name, command in commands(typer.main.get_command(app))
        if not any("--json" in option.opts for option in command.params)
    }
    assert without == PRINT_NO_DATA


def test_the_help_tells_every_exit_code():
    said = " ".join(run("--help").stdout.split())
    for code in ExitCode:
        assert f"{code.value} {code.meaning}" in said


def test_the_readme_tells_the_same_exit_codes_as_the_help():
    readme = " ".join((PROJECT_ROOT / "README.md").read_text(encoding="utf-8").split())
    assert ", ".join(f"{code.value} {code.meaning}" for code in ExitCode) in readme


def test_every_error_of_the_project_ends_with_a_documented_code():
    def below(kind):
        return {kind}.union(*(below(child) for child in kind.__subclasses__()))

    assert all(isinstance(kind.exit_code, ExitCode) for kind in below(LifecycleError))


def test_a_setting_that_cannot_be_read_is_wrong_usage():
    told = run("status", LIFECYCLE_TIMEZONE="Berlin")
    assert told.returncode == ExitCode.USAGE
    assert "LIFECYCLE_TIMEZONE" in told.stderr


def test_output_that_goes_to_a_file_has_no_colours(tmp_path):
    told = run("doctor", LIFECYCLE_DATA_DIR=str(tmp_path / "data"))
    assert told.stdout
    assert "\x1b" not in told.stdout + told.stderr


def test_the_doctor_finds_a_fresh_directory_fit_and_makes_nothing_in_it(tmp_path):
    told = run("doctor", "--json", LIFECYCLE_DATA_DIR=str(tmp_path / "data"))
    assert told.returncode == ExitCode.DONE, told.stdout
    assert {"python", "packages", "extensions", "memory", "disk", "locks"} <= {
        one["topic"] for one in json.loads(told.stdout)
    }
    assert not (tmp_path / "data").exists()


def test_the_doctor_ends_with_an_error_when_the_next_run_would_fail(tmp_path):
    told = run("doctor", LIFECYCLE_DATA_DIR=str(tmp_path / "data"), LIFECYCLE_MEMORY_LIMIT="900TB")
    assert told.returncode == ExitCode.FAILED
    assert "memory" in told.stderr
    assert "LIFECYCLE_MEMORY_LIMIT" in told.stdout


def test_the_status_of_a_fresh_directory_is_told_as_json_and_makes_nothing(tmp_path):
    told = run("status", "--json", LIFECYCLE_DATA_DIR=str(tmp_path / "data"))
    state = json.loads(told.stdout)
    assert (state["last_run"], state["next_run_at"], state["served_generation"]) == (None, None, None)
    assert not (tmp_path / "data").exists()


def test_the_status_tells_one_fact_per_line_and_times_in_the_business_time_zone():
    run_at = datetime(2026, 7, 1, 5, 0, 12, 345678, tzinfo=UTC)
    figures = {
        "last_run": {"job": "daily", "started_at": run_at},
        "next_run_at": None,
        "scheduler": "not running",
        "last_load_at": run_at.replace(tzinfo=None),
        "hours_since_load": {},
        "rows_accepted": 12345,
    }
    assert list(status_lines(figures, "Europe/Berlin")) == [
        ("last run job", "daily"),
        ("last run started at", "2026-07-01 07:00 CEST"),
        ("next run", "none; start `make ui`"),
        ("scheduler", "not running"),
        ("last load at", "2026-07-01 07:00 CEST"),
        ("hours since load", "–"),
        ("rows accepted", "12,345"),
    ]
    lines = list(status_lines({"next_run_at": None, "scheduler": "running"}, "Europe/Berlin"))
    assert lines[0] == ("next run", "none; switch the daily schedule on in the UI")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_can_complete_commands(shell):
    assert "_LIFECYCLE_COMPLETE" in run("--show-completion", shell).stdout


def test_the_shell_completes_names_of_sources():
    told = run(_LIFECYCLE_COMPLETE="complete_bash", COMP_WORDS="lifecycle sources check hub", COMP_CWORD="3")
    assert told.stdout.split() == ["hubspot"]


def test_times_are_told_in_iso_and_durations_in_seconds(capsys):
    print_json({"at": datetime(2026, 7, 1, tzinfo=UTC), "lag": timedelta(minutes=2)})
    assert json.loads(capsys.readouterr().out) == {"at": "2026-07-01T00:00:00+00:00", "lag": 120.0}


def test_a_wrong_option_is_wrong_usage():
    outcome = CliRunner().invoke(app, ["run", "--as-of", "yesterday"])
    assert outcome.exit_code == ExitCode.USAGE
    assert re.search("YYYY-MM-DD", outcome.output)


def test_the_command_loads_no_heavy_library_before_it_is_told_what_to_do():
    modules = subprocess.run(
        [sys.executable, "-c", "import sys, orchestration.cli; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert not {"dagster", "great_expectations", "pandas", "duckdb", "dbt"} & set(modules)
