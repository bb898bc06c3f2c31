"""The server as the run sees it: started before the first step, so that it reads while data is loaded; ended after."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PATIENCE_SECONDS = 10


class DbtServer:
    """A running server.

    Args:
        environment: variables under which it reads the project, beside those of this process.
        expected: arguments of the invocations the run will ask for, in order; each is started ahead.
    """

    def __init__(self, environment: Mapping[str, str], expected: Sequence[Sequence[str]] = ()) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="lifecycle-dbt-"))  # private, and short enough for a socket's name
        self.address = self._folder / "socket"
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            listener.bind(str(self.address))
            listener.listen()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "orchestration.dbt_server.server", str(listener.fileno()), json.dumps(expected)],
                pass_fds=[listener.fileno()],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                env={**os.environ, **environment},
            )

    @property
    def process_id(self) -> int:
        """The server's process."""
        return self._process.pid

    def stop(self) -> None:
        """End the server, and dbt if it still runs."""
        try:
            self._process.communicate(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()  # it reads the project, which nothing interrupts
            self._process.wait()
        with suppress(FileNotFoundError):  # the server removes it, unless it was killed
            shutil.rmtree(self._folder)
