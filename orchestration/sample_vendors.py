"""The vendors of the sample company while a command works: their sandbox as a process that ends with the command.

A data directory without a sample company is left as it is. What the sandbox says is `ingestion/sandbox/server/`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from ingestion.errors import LifecycleError
from ingestion.settings import PROJECT_ROOT, Settings, sample_sources
from orchestration.sample_company import is_demo


class SandboxError(LifecycleError):
    """The sandbox of the sample company does not start; its own words are on standard error."""


@contextmanager
def vendors_of(settings: Settings) -> Iterator[Settings]:
    """The settings to read the sources with; on a demo the sandbox is served while the block runs."""
    if not is_demo(settings):
        yield settings
        return
    server = serve_vendors(settings)
    try:
        yield sample_sources(settings)
    finally:
        server.kill()  # it has nothing to put in order
        server.wait()


def serve_vendors(settings: Settings, *, ends_with_replacement: bool = False) -> subprocess.Popen[str]:
    """Start the sandbox; it ends with this process at the latest.

    Args:
        settings: data directory with a sample company.
        ends_with_replacement: whether it goes on when this process is replaced by another program, until that ends.

    Returns:
        The process; when another one serves the same directory, it waits to go on for it.

    Raises:
        SandboxError: when it does not start.
    """
    command = [sys.executable, "-m", "ingestion.sandbox.server", "--data", settings.data_dir, "--until-input-ends"]
    inherited = os.environ.get("PYTHONPATH")
    path = os.pathsep.join(filter(None, (str(PROJECT_ROOT), inherited)))
    server = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT_ROOT,
        env={**os.environ, "PYTHONPATH": path},
    )
    if server.stdin is None or server.stdout is None or not server.stdout.readline():
        raise SandboxError("The sandbox of the sample company did not start; what it said stands above.")
    if ends_with_replacement:
        os.set_inheritable(os.dup(server.stdin.fileno()), True)
    return server
