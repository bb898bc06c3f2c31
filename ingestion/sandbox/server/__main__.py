"""Serves the sample company of a data directory: `python -m ingestion.sandbox.server --data DIR`.

It takes a free port of loopback, writes the settings that point the connectors at it, and follows the company's clock.
One process serves a directory. A second one leaves it to the first; if another process needs it (`--until-input-ends`)
it waits, and goes on at the same address with the same key once the first has ended. It ends when it is interrupted
or, started by another process, when that one ends. Vendors answer 429 beyond the rates they document;
`--fault 503 --rate 0.1` lets a tenth of the requests fail.
"""

from __future__ import annotations

import argparse
import os
import re
import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event, Lock, Thread

from filelock import FileLock, Timeout

from ingestion.sandbox.place import Place, end_of
from ingestion.sandbox.server.account import account_settings, empty_sandbox, fill
from ingestion.sandbox.server.faults import Faults, malformed, sometimes, status
from ingestion.sandbox.server.limits import DOCUMENTED, Limits
from ingestion.sandbox.server.web import Protocol, Request, Response, Sandbox, serving
from ingestion.settings import Settings

FAULTS = {
    "401": status(401),
    "429": status(429, Retry_After="1"),
    "500": status(500),
    "503": status(503),
    "malformed": malformed(),
}


class Clock:
    """Moves a sandbox to the day its company has reached, whenever that has changed.

    Args:
        place: where the company is.
        sandbox: what is moved.
    """

    def __init__(self, place: Place, sandbox: Sandbox) -> None:
        self._place, self._sandbox, self._lock = place, sandbox, Lock()
        self._shown: int | None = None

    def look(self) -> None:
        """Follow the clock file."""
        with self._lock:
            written = self._place.clock.stat().st_mtime_ns
            if written != self._shown:
                self._sandbox.store.move_to(end_of(day_at(self._place)))
                self._shown = written


def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(
        prog="python -m ingestion.sandbox.server", description="Serve the sample company in the vendors' protocols."
    )
    parser.add_argument("--data", type=Path, required=True, help="data directory with a sample company")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--until-input-ends", action="store_true", help="end with the process that started this one")
    parser.add_argument("--fault", choices=list(FAULTS), help="what goes wrong with some of the requests")
    parser.add_argument("--rate", type=_share, default=0.1, help="with which share of them (default: 0.1)")
    arguments = parser.parse_args()
    settings = Settings(data_dir=arguments.data, _env_file=None)
    place = Place(settings.sample_company, settings.inbox)
    if place.day() is None:
        parser.error(f"{arguments.data} holds no sample company; `lifecycle demo` brings one")
    faults = Faults()
    faults.always = sometimes(FAULTS[arguments.fault], arguments.rate) if arguments.fault else None
    if arguments.until_input_ends:
        Thread(target=_end_with_input, daemon=True).start()
    lock, address = FileLock(place.folder / "server.lock"), Address(arguments.port, secrets.token_urlsafe(24))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        _say("served by another process")
        if not arguments.until_input_ends:
            return
        lock.acquire()
        address = address_in(place.sources) or address
    _serve(place, address, faults)


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError("a share is between 0 and 1")
    return share


def day_at(place: Place) -> date:
    """The day the company has reached. Raises FileNotFoundError when there is no company."""
    return date.fromisoformat(place.clock.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Address:
    """Where the vendors are found, and with which key: what readers that are at work go on with."""

    port: int
    key: str


def address_in(path: Path) -> Address | None:
    """The address that was written by an earlier process; None when it was not, or not wholly."""
    if not path.exists():
        return None
    text = path.read_text(encoding="utf-8")
    port = re.search(r"^LIFECYCLE_HUBSPOT_BASE_URL='http://127\.0\.0\.1:(\d+)/", text, re.MULTILINE)
    key = re.search(r"^LIFECYCLE_HUBSPOT_TOKEN='([^']+)'", text, re.MULTILINE)
    return Address(int(port[1]), key[1]) if port and key else None


def _serve(place: Place, address: Address, faults: Faults) -> None:
    key, filled = address.key, Event()
    sandbox = empty_sandbox(end_of(day_at(place)), key)
    clock = Clock(place, sandbox)

    def attend() -> None:
        filled.wait()
        clock.look()

    protocols = {name: _attended(protocol, attend) for name, protocol in sandbox.protocols.items()}
    served = Sandbox(sandbox.store, protocols, faults, Limits(DOCUMENTED))
    with serving(served, address.port):
        write_settings(place.sources, account_settings(served, key, place.exports))
        _say(f"serving at {served.address}")
        fill(sandbox, place.rows)
        filled.set()
        Event().wait()


def write_settings(path: Path, settings: dict[str, str]) -> None:
    """Write settings as a file only its owner can read; readers see the old one or the new one."""
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"LIFECYCLE_{name.upper()}='{value}'\n" for name, value in sorted(settings.items()))
    unfinished.replace(path)


def _attended(protocol: Protocol, attend: Callable[[], None]) -> Protocol:
    """The protocol, with something done before every answer."""

    def answer(request: Request) -> Response:
        attend()
        return protocol(request)

    return answer


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


def _say(text: str) -> None:
    # Who started this process may have become another program, which does not listen.
    with suppress(BrokenPipeError):
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(0)
