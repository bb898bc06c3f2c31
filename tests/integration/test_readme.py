"""The README is true: every command in it exists, is run by a test, and its links lead somewhere."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import duckdb
import pytest

from tests.conftest import COMPANY_END

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```sh\n(.*?)```", README, flags=re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines() if line and not line.startswith("#")]

QUERY_COMMAND = next(line for line in COMMANDS if line.startswith(".venv/bin/python -c "))

# A test is a module here that hands the line to tests/checkout.py.
RUN_BY_TESTS = {
    line
    for path in (ROOT / "tests").rglob("*.py")
    for line in re.findall(
        r"""checkout(?:\(folder\))?\.(?:run|start)\(\s*"([^"]+)\"""", path.read_text(encoding="utf-8")
    )
} | {QUERY_COMMAND}


def test_every_command_is_run_by_a_test():
    assert set(COMMANDS) - RUN_BY_TESTS == {"make test"}, "make test runs this suite"


def test_make_test_runs_the_whole_suite():
    make = ["make", "--no-print-directory", "-n", "test"]
    planned = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert planned.splitlines()[-1] == ".venv/bin/python -m pytest"


def test_make_install_has_nothing_to_do_in_an_installed_checkout(company):
    result = company.checkout.run("make install")
    assert result.returncode == 0, result.stderr
    assert "pip" not in result.stdout


def test_the_demo_ends_with_figures_and_the_places_to_look_at(company):
    for place in ("serving/lifecycle.duckdb", "serving/parquet", "docs/quality/index.html", "docs/report.html"):
        assert f"{company.settings.data_dir}/{place}" in company.said
        assert (company.settings.data_dir / place).exists()
    assert re.search(r"^  checks passed +[1-9][\d,]*$", company.said, flags=re.MULTILINE)
    assert re.search(r"^  people +[\d,]+ \([\d,]+ known, [\d,]+ anonymous\)$", company.said, flags=re.MULTILINE)
    assert f"Published as of {COMPANY_END}; nothing was stopped." in company.said.splitlines()


def test_the_demo_says_that_it_prepares_the_project_before_the_first_step(company):
    assert 0 < company.said.index("preparing the project") < company.said.index("✓")


def test_the_demo_ends_with_a_command_that_explains_somebody_who_exists(company):
    line = company.said.splitlines()[-1]
    found = re.fullmatch(r"Ask why: +(.venv/bin/lifecycle explain contact_id:hubspot:\d+)", line)
    explained = company.checkout.run(found.group(1))
    assert explained.returncode == 0, explained.stderr
    assert "c_" in explained.stdout


def test_the_contact_the_readme_asks_about_exists(company):
    explained = company.checkout.run(".venv/bin/lifecycle explain contact_id:hubspot:100001")
    assert explained.returncode == 0, explained.stderr
    assert "c_" in explained.stdout


def test_the_query_in_python_prints_the_people_of_every_segment(company):
    asked = company.checkout.run(QUERY_COMMAND)
    assert asked.returncode == 0, asked.stderr
    assert "customer_segment" in asked.stdout


@pytest.mark.parametrize(
    "document", ["README.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
)
def test_links_and_pictures_exist(document):
    path = ROOT / document
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_git_ignores_every_directory_and_file_the_commands_make():
    made = set(re.findall(r"LIFECYCLE_DATA_DIR=([\w-]+)|--out (\S+)", README))
    paths = [f"{directory}/warehouse.duckdb" if directory else file for directory, file in made]
    asked = subprocess.run(["git", "check-ignore", *paths], cwd=ROOT, capture_output=True, text=True, check=False)
    assert sorted(asked.stdout.split()) == sorted(paths)
    assert len(paths) >= 4


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
    checkout, data = company.checkout, company.copy_to(tmp_path / "data").data_dir
    published = checkout.run(".venv/bin/lifecycle publish", LIFECYCLE_DATA_DIR=data)
    assert published.returncode == 0, published.stderr
    assert "unchanged" in published.stdout
    assert "served generation" in checkout.run(".venv/bin/lifecycle status", LIFECYCLE_DATA_DIR=data).stdout
    report = checkout.run(".venv/bin/lifecycle report --language de --out report.html", LIFECYCLE_DATA_DIR=data)
    assert report.returncode == 0, report.stderr
    assert '<html lang="de">' in (checkout.folder / "report.html").read_text(encoding="utf-8")
    nothing = checkout.run(".venv/bin/lifecycle rollback", LIFECYCLE_DATA_DIR=data)
    assert nothing.returncode == 1
    assert "no generation before" in nothing.stderr


def test_explaining_somebody_unknown_says_so_without_repeating_the_address(company):
    unknown = company.checkout.run(".venv/bin/lifecycle explain anna.example@example.com")
    assert unknown.returncode == 1
    assert "anna.example@example.com" not in unknown.stdout + unknown.stderr
