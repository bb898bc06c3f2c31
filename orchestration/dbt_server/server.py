"""The process that holds dbt and its project: one forked child for each invocation, one invocation at a time.

A child is killed when its client or the run that started the server is gone, so that nothing goes on writing to the
warehouse behind a dead run. A child has the client's output, environment and folder, and sees the project as it was
when the server started.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

# dbt's exit codes: a node failed; dbt itself did.
FAILED, UNHANDLED = 1, 2
REQUEST_LIMIT = 4_000_000  # bytes; a selection of some hundred models and an environment are far below


def main() -> None:
    """Serve on the listening socket whose number is the first argument until standard input ends."""
    with socket.socket(fileno=int(sys.argv[1])) as listener:
        manifest = _read_project()
        while True:
            ready, _, _ = select.select([listener, sys.stdin], [], [])
            if sys.stdin in ready:
                return
            connection, _ = listener.accept()
            with connection:
                _serve(connection, manifest)


def _read_project() -> Manifest | None:
    """The project as the definitions of this run had it parsed; None when this dbt cannot take it over.

    dbt itself would parse it again wherever a path in its profile is new, say in a copied data directory.
    """
    import duckdb
    from dbt.adapters.duckdb import Plugin  # noqa: F401  (imported once here instead of in each child)
    from dbt.cli.main import dbtRunner  # noqa: F401
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder
    from dbt.version import __version__

    duckdb.default_connection().close()  # it has a thread, and threads are not forked
    parsed = Path(os.environ["DBT_TARGET_PATH"]) / "partial_parse.msgpack"
    if not parsed.exists():
        return None
    manifest = Manifest.from_msgpack(parsed.read_bytes(), decoder=extended_mashumuro_decoder)
    return manifest if manifest.metadata.dbt_version == __version__ else None


def _serve(connection: socket.socket, manifest: Manifest | None) -> None:
    """Run one invocation; the client learns the child's process id first and its exit code last."""
    request = _request(connection)
    if request is None:
        return
    message, output = request
    alive, held_by_child = os.pipe()
    child = os.fork()
    if not child:
        os.close(alive)
        _become(json.loads(message), output, manifest)
    os.close(held_by_child)
    os.close(output)
    _tell(connection, child)
    ready, _, _ = select.select([alive, connection, sys.stdin], [], [])
    if alive not in ready:
        os.kill(child, signal.SIGKILL)
    os.close(alive)
    _, status = os.waitpid(child, 0)
    if alive in ready:
        _tell(connection, os.waitstatus_to_exitcode(status))


def _request(connection: socket.socket) -> tuple[bytes, int] | None:
    """A whole request and the client's output; None from a client that was gone before it had asked."""
    message, outputs, _, _ = socket.recv_fds(connection, REQUEST_LIMIT, 1)
    while message and not message.endswith(b"\n"):
        piece = connection.recv(REQUEST_LIMIT)
        message = message + piece if piece else b""
    if message and outputs:
        return message, outputs[0]
    for output in outputs:
        os.close(output)
    return None


def _tell(connection: socket.socket, number: int) -> None:
    """Send a number to the client; that it is gone is seen where it is waited for, and its child is ended there."""
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.sendall(b"%d\n" % number)


def _become(request: dict[str, Any], output: int, manifest: Manifest | None) -> NoReturn:
    """In the child: dbt with the client's arguments, environment, folder and output, to the end of the process."""
    from dbt.cli.main import dbtRunner

    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    os.dup2(output, 1)
    os.dup2(output, 2)
    result = dbtRunner(manifest=manifest).invoke(request["arguments"])
    if result.exception:
        sys.stderr.write(f"{result.exception}\n")
    sys.exit(0 if result.success else UNHANDLED if result.exception else FAILED)


if __name__ == "__main__":
    main()
