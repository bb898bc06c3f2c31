"""The Python side of the layout: borders between packages, size of files and functions, no clock, no telemetry."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("ingestion", "quality", "orchestration")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_the_borders_between_packages_hold():
    result = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is_and_stays_small(path):
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text)), "a module opens with a docstring that draws its border"
    assert text.count("\n") <= 300
    for function in functions(path):
        length = (function.end_lineno or 0) - function.lineno + 1
        documented = ast.get_docstring(function, clean=False) or ""
        assert length - documented.count("\n") <= 41, f"{function.name} has {length} lines"


def test_test_modules_stay_small():
    sizes = {path: path.read_text(encoding="utf-8").count("\n") for path in (ROOT / "tests").rglob("*.py")}
    assert {path.name: size for path, size in sizes.items() if size > 300} == {}


CLOCK = re.compile(r"datetime\.now|date\.today|datetime\.today|time\.time\(")
CLOCK_ALLOWED = {
    # The default as_of is today in the business time zone, read once per run.
    "ingestion/settings.py",
    # When a verdict was stored, a generation published: facts about the pipeline, not about customers.
    "quality/verdicts.py",
    "quality/gates.py",
    "orchestration/publish/publisher.py",
    # When a run is late, an alert due, a backup made: facts about operations.
    "orchestration/wall_clock.py",
    # When a person took a decision, which is input data of later runs.
    "orchestration/identity/decisions.py",
}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_named_modules_read_a_clock(path):
    name = str(path.relative_to(ROOT))
    if name in CLOCK_ALLOWED:
        return
    assert not CLOCK.search(path.read_text(encoding="utf-8")), "take as_of from the run instead"


def test_definitions_are_thin():
    assert (ROOT / "orchestration" / "definitions.py").read_text(encoding="utf-8").count("\n") <= 60


def test_the_lock_pins_every_declared_dependency():
    import tomllib

    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*declared["dependencies"], *declared["optional-dependencies"]["dev"]]
    names = {re.split(r"[<>=!\[ ]", entry)[0].lower().replace("_", "-") for entry in wanted}
    locked = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    assert names <= locked, f"not in requirements.lock: {sorted(names - locked)}"


# Databases that are not the warehouse and hold so little that no limit is near, or have limits of their own.
SMALL_DATABASES = {
    "ingestion/examples/cdnow.py",
    "ingestion/examples/completejourney.py",
    "ingestion/sandbox/divided.py",
    "ingestion/sources/export_formats.py",
    "ingestion/warehouse.py",
    "orchestration/doctor/machine.py",
    "orchestration/publish/damage.py",
}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_large_database_keeps_to_the_limits_of_memory_and_spill(path):
    opened = re.findall(r"duckdb\.connect\([^\n]*", path.read_text(encoding="utf-8"))
    unlimited = [call for call in opened if "limits_beside(settings)" not in call]
    assert not unlimited or str(path.relative_to(ROOT)) in SMALL_DATABASES
