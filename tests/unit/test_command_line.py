"""The command's frame: exit codes with one home, JSON wherever data is printed, completion, no colours in files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest
import typer
from typer.testing import CliRunner

from ingestion.errors import ExitCode, LifecycleError
from ingestion.settings import PROJECT_ROOT
from ingestion.warehouse import connect
from orchestration.cli.app import app
from orchestration.cli.operations import status_lines
from orchestration.cli.output import print_json
from orchestration.instance_state import LastRun
from orchestration.remedies import place_of
from orchestration.run_lock import hold_run_lock, release_run_lock
from orchestration.status import last_run_told

LIFECYCLE = Path(sys.executable).with_name("lifecycle")

# They ask, decide, write files, or hand the terminal over; they print no data.
PRINT_NO_DATA = {
    "demo",
    "example",
    "ui",
    "identity proposals chart",
    "identity proposals train",
    "quality accept",
    "sources new",
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
    # Without looking for the shell this test runs in, so that each is tried wherever that is.
    told = run("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert f"_LIFECYCLE_COMPLETE=complete_{shell}" in told.stdout


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


@pytest.mark.parametrize(
    "command",
    [
        ("publish",),
        ("rollback",),
        ("quarantine", "list"),
        ("quality", "accept", "table", "check", "--reason", "right"),
        ("identity", "proposals", "list"),
        ("maintenance", "compact"),
        ("maintenance", "backup"),
        ("maintenance", "restore", "--yes"),
        ("explain", "a@b.example"),
        ("report",),
    ],
)
def test_a_command_that_needs_a_warehouse_says_that_there_is_none_and_makes_nothing(command, tmp_path):
    told = run(*command, LIFECYCLE_DATA_DIR=str(tmp_path / "data"))
    assert told.returncode == ExitCode.NO_DATA, told.stderr
    assert not (tmp_path / "data").exists()


def test_a_warehouse_in_which_nothing_was_built_is_nothing_to_work_on_either(settings):
    with connect(settings):
        pass
    for command in (
        ("publish",),
        ("quarantine", "list"),
        ("identity", "proposals", "list"),
        ("explain", "a@b.example"),
    ):
        told = run(*command, LIFECYCLE_DATA_DIR=str(settings.data_dir))
        assert told.returncode == ExitCode.NO_DATA, told.stderr


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("explain", "a@b.example", "--json"), ExitCode.NO_DATA),
        (("report", "--out", "/", "--json"), ExitCode.USAGE),
        (("quarantine", "list", "--state", "lost", "--json"), ExitCode.USAGE),
        (("explain", "\udcff\udcfe", "--json"), ExitCode.USAGE),
    ],
)
def test_a_command_that_fails_tells_a_program_why_as_json(command, code, tmp_path):
    told = run(*command, LIFECYCLE_DATA_DIR=str(tmp_path / "data"))
    assert told.returncode == code
    assert json.loads(told.stdout)["error"]
    assert told.stderr


def test_a_command_that_has_told_its_findings_as_json_tells_no_second_document(tmp_path):
    told = run("doctor", "--json", LIFECYCLE_DATA_DIR=str(tmp_path / "data"), LIFECYCLE_MEMORY_LIMIT="900TB")
    assert told.returncode == ExitCode.FAILED
    assert isinstance(json.loads(told.stdout), list)


@pytest.mark.parametrize(
    "command", [("report",), ("identity", "proposals", "chart", "some-proposal")], ids=["report", "chart"]
)
def test_a_file_that_cannot_be_written_is_wrong_usage_before_anything_is_written(command, tmp_path):
    taken = tmp_path / "taken"
    taken.mkdir()
    told = run(*command, "--out", str(taken), LIFECYCLE_DATA_DIR=str(tmp_path / "data"))
    assert told.returncode == ExitCode.USAGE
    assert "is a directory" in " ".join(told.stderr.replace("│", " ").split())
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_a_chart_into_a_folder_that_is_not_there_is_wrong_usage(tmp_path):
    told = run("identity", "proposals", "chart", "x", "--out", str(tmp_path / "none" / "x.html"))
    assert told.returncode == ExitCode.USAGE
    assert "there is no directory" in " ".join(told.stderr.replace("│", " ").split())


def test_a_time_without_a_zone_is_told_to_programs_as_utc_like_all_others(capsys):
    at = datetime(2026, 7, 1, 5, tzinfo=UTC)
    print_json([at, at.replace(tzinfo=None), at.astimezone(ZoneInfo("Europe/Berlin"))])
    assert set(json.loads(capsys.readouterr().out)) == {"2026-07-01T05:00:00+00:00"}


def test_what_failed_to_be_written_is_named():
    assert place_of(OSError(30, "Read-only file system", "/srv/data/run.lock")) == "/srv/data/run.lock"
    assert place_of(RuntimeError('Cannot open file "/srv/w.duckdb": Permission denied')) == "/srv/w.duckdb"
    assert place_of(RuntimeError("permission denied")) == ""


def test_alerts_test_tells_as_json_that_no_channel_is_configured(tmp_path):
    told = run("alerts", "test", "--json", LIFECYCLE_DATA_DIR=str(tmp_path / "data"))
    assert (told.returncode, "LIFECYCLE_SMTP_HOST" in json.loads(told.stdout)["error"]) == (ExitCode.NO_DATA, True)


def test_the_status_says_that_the_process_of_a_killed_run_is_gone(settings):
    now = datetime(2026, 7, 1, 12, tzinfo=UTC)
    killed = LastRun("run-1", "daily", "STARTED", None, now - timedelta(hours=1), 3600.0)
    assert last_run_told(settings, killed, now)["process_is_gone"] is True
    assert last_run_told(settings, replace(killed, status="SUCCESS"), now)["process_is_gone"] is False
    assert last_run_told(settings, replace(killed, started_at=now), now)["process_is_gone"] is False
    hold_run_lock(settings, "run-1")
    alive = last_run_told(settings, killed, now)
    release_run_lock(settings, "run-1")
    assert alive["process_is_gone"] is False
    [(name, text)] = status_lines({"last_run": {"process_is_gone": True}}, "Europe/Berlin")
    assert (name, "gone" in text) == ("last run process", True)
    assert list(status_lines({"last_run": {"process_is_gone": False}}, "Europe/Berlin")) == []


def test_building_the_definitions_warns_of_no_owners():
    told = subprocess.run(
        [sys.executable, "-W", "default", "-c", "import orchestration.definitions"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "owners" not in told.stderr
