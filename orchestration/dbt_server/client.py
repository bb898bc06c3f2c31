"""The command that stands in for `dbt` within a run: the server's child does the work, this process is its face.

Its output is the child's, its end the child's end; interruptions are passed on to the child.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from pathlib import Path
from types import FrameType

ADDRESS = "LIFECYCLE_DBT_SOCKET"


def main() -> None:
    """Run dbt with this command's arguments in the server that the environment names."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.connect(os.environ[ADDRESS])
        request = {"arguments": sys.argv[1:], "environment": dict(os.environ), "folder": str(Path.cwd())}
        message = json.dumps(request).encode() + b"\n"
        sent = socket.send_fds(connection, [message], [1])
        connection.sendall(message[sent:])
        with connection.makefile() as answers:
            if child := answers.readline():
                _pass_interruptions_on(int(child))
            exit_code = answers.readline()
    sys.exit(int(exit_code) if exit_code else "The process that holds dbt has ended, and dbt with it.")


def _pass_interruptions_on(child: int) -> None:
    def interrupt(number: int, frame: FrameType | None) -> None:
        os.kill(child, number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupt)


if __name__ == "__main__":
    main()
