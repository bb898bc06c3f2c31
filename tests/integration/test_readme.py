"""The README is true: every command in it exists, is run by a test, and its links lead somewhere."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line and not line.startswith("#")]

RUN_BY = {
    "make install": "this test's own environment; every `make` target depends on it",
    "make demo": "test_make_targets_call_the_commands_tests_run, tests/conftest.py::company",
    "make test": "the suite itself",
    "make ui": "test_make_targets_call_the_commands_tests_run, tests/browser",
    ".venv/bin/lifecycle status": "test_pipeline.py",
    ".venv/bin/lifecycle explain anna.example@example.com": "test_pipeline.py",
    ".venv/bin/lifecycle run": "test_pipeline.py",
    ".venv/bin/lifecycle run --as-of 2026-06-30": "test_pipeline.py",
    ".venv/bin/lifecycle run --full-refresh": "test_pipeline.py",
    "LIFECYCLE_DATA_DIR=data-cdnow LIFECYCLE_REPORTING_CURRENCY=USD .venv/bin/lifecycle example cdnow": "test_cdnow.py",
    "LIFECYCLE_DATA_DIR=data-grocer LIFECYCLE_REPORTING_CURRENCY=USD LIFECYCLE_TIMEZONE=America/New_York "
    ".venv/bin/lifecycle example completejourney": "test_completejourney.py",
    ".venv/bin/dbt parse": "test_semantic_layer.py",
    ".venv/bin/mf query --metrics retention_rate --group-by metric_time__month": "test_semantic_layer.py",
    ".venv/bin/lifecycle publish": "test_commands_about_the_published_generation_work",
    ".venv/bin/lifecycle rollback": "test_pipeline.py",
}


def test_every_command_is_known_to_a_test():
    assert set(COMMANDS) == set(RUN_BY)


@pytest.mark.parametrize(
    ("target", "program"),
    [("demo", ".venv/bin/lifecycle demo"), ("test", "-m pytest"), ("ui", ".venv/bin/lifecycle ui")],
)
def test_make_targets_call_the_commands_tests_run(target, program):
    planned = subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert program in planned


def test_links_and_pictures_exist():
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_folder_map_names_every_folder_and_nothing_else():
    named = set(re.findall(r"^\| `([a-z_]+)/` \|", README, flags=re.MULTILINE))
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    folders = {line.split("/")[0] for line in tracked.splitlines() if "/" in line and not line.startswith(".")}
    assert named == folders


def test_the_example_query_runs_on_the_published_file(company):
    query = re.search(r"```sql\n(.*?)```", README, flags=re.DOTALL).group(1)
    with duckdb.connect(str(company.settings.serving / "lifecycle.duckdb"), read_only=True) as connection:
        assert connection.execute(query).fetchall()


def test_commands_about_the_published_generation_work(company, tmp_path):
    from tests.integration.test_pipeline import command

    settings = company.copy_to(tmp_path / "data")
    published = command(settings, "publish")
    assert published.returncode == 0, published.stderr
    assert "unchanged" in published.stdout
    assert "served generation" in command(settings, "status").stdout
    nothing = command(settings, "rollback")
    assert nothing.returncode == 1
    assert "no generation before" in nothing.stderr
