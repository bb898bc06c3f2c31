"""The command that stands in for `dbt` within a run: the server's child does the work, this process is its face.

Its output is the child's, its end the child's end, told as a shell would where a signal ended it; interruptions are
passed on to the child.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn

ADDRESS = "LIFECYCLE_DBT_SOCKET"
SERVER_IS_GONE = 3  # dbt itself ends with 0, 1 or 2


def main() -> None:
    """Run dbt with this command's arguments in the server that the environment names."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.connect(os.environ[ADDRESS])
        except OSError:
            _end(None)
        request = {"arguments": sys.argv[1:], "environment": dict(os.environ), "folder": str(Path.cwd())}
        message = json.dumps(request).encode() + b"\n"
        sent = socket.send_fds(connection, [message], [1])
        connection.sendall(message[sent:])
        with connection.makefile() as answers:
            if child := answers.readline():
                _pass_interruptions_on(int(child))
            exit_code = answers.readline()
    _end(int(exit_code) if exit_code else None)


def _end(exit_code: int | None) -> NoReturn:
    """End as dbt did; None when nobody can say how."""
    if exit_code is None:
        sys.stderr.write("The process that holds dbt has ended, and dbt with it.\n")
        sys.exit(SERVER_IS_GONE)
    sys.exit(exit_code if exit_code >= 0 else 128 - exit_code)


def _pass_interruptions_on(child: int) -> None:
    def interrupt(number: int, frame: FrameType | None) -> None:
        os.kill(child, number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)


if __name__ == "__main__":
    main()
