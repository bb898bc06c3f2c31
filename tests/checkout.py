"""A copy of the checkout in which the commands of the README run as they stand there.

The copy has the environment of the tests as its `.venv`, so `make` has nothing to install, and its own `data/`.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Checkout:
    """A copy of the project.

    Args:
        folder: where it lies.
    """

    folder: Path

    def run(self, line: str, *options: str, **variables: object) -> subprocess.CompletedProcess[str]:
        """Run a command line of the README to its end, with further options and environment variables."""
        return subprocess.run(**self._call(line, options, variables), capture_output=True, check=False)

    def start(self, line: str, *options: str, output: int = subprocess.PIPE, **variables: object) -> subprocess.Popen:
        """Start a command line of the README in a session of its own, so that all its processes can be killed."""
        call = self._call(line, options, variables)
        return subprocess.Popen(**call, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)

    def _call(self, line: str, options: tuple[str, ...], variables: dict[str, object]) -> dict[str, Any]:
        words = shlex.split(line)
        assigned = [word for word in words if "=" in word.split("/")[0]]
        foreign = ("LIFECYCLE_", "DBT_", "MAKE")  # what a make around the tests sets would tell the commands
        own = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
        given = dict(word.split("=", 1) for word in assigned) | {name: str(value) for name, value in variables.items()}
        return {
            "args": [*words[len(assigned) :], *options],
            "cwd": self.folder,
            "env": own | {"PYTHONPATH": str(self.folder)} | given,
            "text": True,
        }


def copy_checkout(folder: Path) -> Checkout:
    """Copy the files git knows or would add into a new folder, and lend it the environment of the tests."""
    list_files = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(list_files, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    for part in ("lib", "pyvenv.cfg"):
        (folder / ".venv" / part).symlink_to(Path(sys.prefix) / part)
    (folder / ".venv" / ".installed").touch()
    return Checkout(folder)
