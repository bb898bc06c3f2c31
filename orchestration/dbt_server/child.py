"""One invocation of dbt: a child forked from the server, which may be started before anybody asks for it.

It gets as far as it can without the warehouse (reads its arguments, selects and orders the models), then waits until a
client takes it over. What it prints until then is kept and comes first in the client's output.
"""

from __future__ import annotations

import gc
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dbt.cli.main import dbtRunnerResult
    from dbt.contracts.graph.manifest import Manifest
    from dbt_common.events.base_types import EventMsg

# dbt's exit codes: a node failed; dbt itself did.
FAILED, UNHANDLED = 1, 2
# What dbt tells before it first opens the warehouse.
OPENS_THE_WAREHOUSE = "NewConnection"
STANDARD_OUTPUT, STANDARD_ERROR = 1, 2


@dataclass(frozen=True, slots=True)
class Invocation:
    """What dbt is asked to do.

    Args:
        arguments: of the command `dbt`.
        environment: its variables.
        folder: its working directory.
    """

    arguments: Sequence[str]
    environment: Mapping[str, str]
    folder: str


@dataclass(frozen=True, slots=True)
class Child:
    """A child as the server sees it.

    Args:
        invocation: what it does.
        process_id: its process.
        channel: takes the client's output; readable when the child has ended.
    """

    invocation: Invocation
    process_id: int
    channel: socket.socket

    @property
    def has_ended(self) -> bool:
        """Whether it ended before anybody asked for it: for want of memory, say."""
        ready, _, _ = select.select([self.channel], [], [], 0)
        return bool(ready)

    def hand_over(self, output: int) -> None:
        """Let it go on, and print into this open file; that it has ended is seen where it is waited for."""
        with suppress(BrokenPipeError, ConnectionResetError):
            socket.send_fds(self.channel, [b"\n"], [output])

    def end(self) -> int:
        """Kill it if it still works; its exit code, below zero when it was killed."""
        self.channel.setblocking(False)
        with suppress(ConnectionResetError):  # it ended before it was handed over
            self._kill_if_working()
        self.channel.close()
        _, status = os.waitpid(self.process_id, 0)
        return os.waitstatus_to_exitcode(status)

    def _kill_if_working(self) -> None:
        try:
            self.channel.recv(1)
        except BlockingIOError:
            os.kill(self.process_id, signal.SIGKILL)


def start(invocation: Invocation, manifest: Manifest | None, foreign: Iterable[socket.socket] = ()) -> Child:
    """Fork a child that begins with an invocation and waits for its client before it opens the warehouse.

    Args:
        invocation: what it does.
        manifest: the project; None to have the child read it.
        foreign: sockets of the server that the child must not keep open.
    """
    channel, end = socket.socketpair()
    gc.collect()
    gc.freeze()  # the project is not looked through again in the child
    process_id = os.fork()
    if not process_id:
        for one in (channel, *foreign):
            one.close()
        _become(invocation, end, manifest)
    end.close()
    return Child(invocation, process_id, channel)


class _Turn:
    """The child's wait for its client."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._lock = threading.Lock()
        self._has_come = False
        self._printed = tempfile.TemporaryFile()  # noqa: SIM115 (open until the client takes it over)
        self._print_into(self._printed.fileno())

    def before_the_warehouse(self, event: EventMsg) -> None:
        """Wait where dbt is about to open the warehouse; it calls this with all it tells."""
        if event.info.name == OPENS_THE_WAREHOUSE:
            self.wait()

    def wait(self) -> None:
        """Return when the client's output is this process's output; without a client, end the process."""
        with self._lock:
            if self._has_come:
                return
            message, outputs, _, _ = socket.recv_fds(self._channel, 1, 1)
            if not message:
                os._exit(UNHANDLED)  # the server has ended
            sys.stdout.flush()
            sys.stderr.flush()
            self._printed.seek(0)
            with open(outputs[0], "wb", closefd=False) as output:
                shutil.copyfileobj(self._printed, output)
            self._print_into(outputs[0])
            os.close(outputs[0])
            threading.Thread(target=self._end_with_the_server, daemon=True).start()
            self._has_come = True

    def _end_with_the_server(self) -> None:
        """Nothing writes to the warehouse behind a server that was killed."""
        if not self._channel.recv(1):
            os._exit(UNHANDLED)

    @staticmethod
    def _print_into(output: int) -> None:
        os.dup2(output, STANDARD_OUTPUT)
        os.dup2(output, STANDARD_ERROR)


def _become(invocation: Invocation, channel: socket.socket, manifest: Manifest | None) -> NoReturn:
    """In the child: dbt with these arguments, environment and folder, to the end of the process."""
    from dbt.cli.main import dbtRunner

    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by what is started in the background
    gc.disable()  # a layer takes seconds; looking for cycles would be a tenth of them
    os.environ.clear()
    os.environ.update(invocation.environment)
    os.chdir(invocation.folder)
    turn = _Turn(channel)
    result = dbtRunner(manifest=manifest, callbacks=[turn.before_the_warehouse]).invoke(list(invocation.arguments))
    turn.wait()
    end_as_dbt(result)


def end_as_dbt(result: dbtRunnerResult) -> NoReturn:
    """End this process as the command `dbt` would have ended with that result."""
    if result.exception:
        sys.stderr.write(f"{result.exception}\n")
    sys.exit(0 if result.success else UNHANDLED if result.exception else FAILED)
