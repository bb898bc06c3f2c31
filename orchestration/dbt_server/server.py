"""The process that holds dbt and its project: one forked child for each invocation, one invocation at a time.

A child is killed when its client or the run that started the server is gone, so that nothing goes on writing to the
warehouse behind a dead run. A child has the client's output, environment and folder, and sees the project as it was
when the server started. Invocations the run expects are started ahead, each beside the one before it, and wait before
they open the warehouse (`child.py`); one that is not asked for ends unused.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.dbt_server.child import Child, Invocation, start
from orchestration.dbt_server.client import ADDRESS
from orchestration.dbt_server.reading import read_project
from orchestration.garbage import collect_seldom

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dbt.contracts.graph.manifest import Manifest

REQUEST_LIMIT = 4_000_000  # bytes; a selection of some hundred models and an environment are far below
# Variables that tell dbt what to do, and those of them that differ between clients without changing what it does.
OF_DBT = ("DBT_", "LIFECYCLE_")
OF_THE_CLIENT = ("DBT_TARGET_PATH", "DBT_LOG_PATH", ADDRESS)


def main() -> None:
    """Serve on the listening socket whose number is the first argument until standard input ends.

    The second argument is a JSON list of the expected invocations' arguments.
    """
    collect_seldom()
    with socket.socket(fileno=int(sys.argv[1])) as listener:
        _serve(_Server(_prepare(), json.loads(sys.argv[2]), listener), listener)
        shutil.rmtree(Path(listener.getsockname()).parent)  # a run that was killed does not remove it


def _serve(server: _Server, listener: socket.socket) -> None:
    """Serve one client after the other until standard input ends."""
    try:
        while True:
            ready, _, _ = select.select([listener, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            connection, _ = listener.accept()
            with connection:
                server.serve(connection)
    finally:
        server.end_what_waits()


def _prepare() -> Manifest | None:
    """Import and read what every child needs: the project as the definitions of this run had it parsed."""
    import duckdb
    import pandas  # noqa: F401  (as what follows: imported once here instead of in each child)
    import pyarrow.dataset  # noqa: F401 (how dbt stores what a model in Python returns)
    from dbt.adapters.duckdb import Plugin  # noqa: F401 (for the children)
    from dbt.cli.main import dbtRunner  # noqa: F401
    from dbt.task import build  # noqa: F401 (for the children)
    from dbt_common.clients import agate_helper  # noqa: F401 (for the children)
    from dbt_common.clients.jinja import template_cache

    from ingestion import settings  # noqa: F401 (for the models in Python, as what follows)
    from ingestion.contract import currencies  # noqa: F401
    from ingestion.identifiers import tables  # noqa: F401
    from ingestion.matching import scoring  # noqa: F401

    duckdb.default_connection().close()  # it has a thread, and threads are not forked
    manifest = read_project(Path(os.environ["DBT_TARGET_PATH"]))
    for macro in manifest.macros.values() if manifest else ():
        template_cache.get_node_template(macro)  # parsed once here instead of in each child
    return manifest


class _Server:
    """The clients' invocations one after the other, and at most one that waits for its client.

    Args:
        manifest: the project; None to have every child read it.
        expected: arguments of the invocations the run will ask for, in order.
        listener: where clients come in.
    """

    def __init__(self, manifest: Manifest | None, expected: Sequence[Sequence[str]], listener: socket.socket) -> None:
        self._manifest = manifest
        self._listener = listener
        self._expected = list(expected)
        self._waiting: Child | None = None
        self._start_ahead(self._expected[:1])

    def serve(self, connection: socket.socket) -> None:
        """Run one invocation; the client learns the child's process id first and its exit code last."""
        request = _request(connection)
        if request is None:
            return
        invocation, output = request
        child = self._child_for(invocation, connection)
        child.hand_over(output)
        os.close(output)
        _tell(connection, child.process_id)
        self._start_ahead(self._after(invocation), connection, child.channel)
        ready, _, _ = select.select([child.channel, connection, sys.stdin], [], [])
        exit_code = child.end()
        if child.channel in ready:
            _tell(connection, exit_code)

    def end_what_waits(self) -> None:
        """End the child nobody has asked for."""
        if self._waiting:
            self._waiting.end()
            self._waiting = None

    def _child_for(self, invocation: Invocation, connection: socket.socket) -> Child:
        waiting = self._waiting
        if waiting and not waiting.has_ended and _does_the_same(waiting.invocation, invocation):
            self._waiting = None
            return waiting
        self.end_what_waits()
        return start(invocation, self._manifest, (self._listener, connection))

    def _after(self, invocation: Invocation) -> Sequence[Sequence[str]]:
        """The invocation expected next, as a list of one or none."""
        arguments = list(invocation.arguments)
        return self._expected[self._expected.index(arguments) + 1 :][:1] if arguments in self._expected else []

    def _start_ahead(self, expected: Sequence[Sequence[str]], *foreign: socket.socket) -> None:
        for arguments in expected:
            invocation = Invocation(arguments, dict(os.environ), str(Path.cwd()))
            self._waiting = start(invocation, self._manifest, (self._listener, *foreign))


def _does_the_same(one: Invocation, other: Invocation) -> bool:
    return list(one.arguments) == list(other.arguments) and _told(one.environment) == _told(other.environment)


def _told(environment: Mapping[str, str]) -> dict[str, str]:
    """What an environment tells dbt to do."""
    return {name: text for name, text in environment.items() if name.startswith(OF_DBT) and name not in OF_THE_CLIENT}


def _request(connection: socket.socket) -> tuple[Invocation, int] | None:
    """A whole request and the client's output; None from a client that was gone before it had asked."""
    message, outputs, _, _ = socket.recv_fds(connection, REQUEST_LIMIT, 1)
    while message and not message.endswith(b"\n"):
        piece = connection.recv(REQUEST_LIMIT)
        message = message + piece if piece else b""
    if message and outputs:
        return Invocation(**json.loads(message)), outputs[0]
    for output in outputs:
        os.close(output)
    return None


def _tell(connection: socket.socket, number: int) -> None:
    """Send a number to the client; that it is gone is seen where it is waited for, and its child is ended there."""
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.sendall(b"%d\n" % number)


if __name__ == "__main__":
    main()
