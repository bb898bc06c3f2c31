"""The HTTP server: requests to the protocol of the vendor named by the first part of the path, answers back.

It listens on loopback only. What an answer says is the protocols' business; what goes wrong on the way, `faults.py`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from math import ceil
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from ingestion.sandbox.server.faults import Faults
from ingestion.sandbox.server.limits import Limits
from ingestion.sandbox.server.store import Store

LOOPBACK = "127.0.0.1"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Request:
    """One request: `path` is the part behind the vendor's name; repeated parameters are joined with commas."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    base_url: str


@dataclass(frozen=True, slots=True)
class Response:
    """One answer; `body` is written as JSON unless it is bytes."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Protocol = Callable[[Request], Response]


class Sandbox:
    """The server with its protocols, its faults and a count of what it was asked.

    Args:
        store: the records.
        protocols: by vendor.
        faults: what goes wrong.
        limits: how many requests are allowed; as many as come without.
    """

    def __init__(
        self,
        store: Store,
        protocols: Mapping[str, Protocol],
        faults: Faults | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.store, self.protocols, self.faults = store, protocols, faults or Faults()
        self._limits = limits or Limits({})
        self.requests: list[tuple[str, str]] = []
        self.address = ""

    def base_url(self, vendor: str) -> str:
        """Address of a vendor's API in the sandbox."""
        return f"{self.address}/{vendor}"

    def answer(self, request: Request, vendor: str) -> Response:
        """The answer to one request, faults included."""
        self.requests.append((request.method, f"/{vendor}{request.path}"))
        protocol = self.protocols.get(vendor)
        if protocol is None:
            return Response({"message": f"no vendor {vendor}"}, 404)
        wait = self._limits.wait(vendor)
        if wait:
            return Response({"message": "too many requests"}, 429, {"Retry-After": str(ceil(wait))})
        return self.faults.play(request, protocol)


@contextmanager
def serving(sandbox: Sandbox, port: int = 0) -> Iterator[Sandbox]:
    """Serve on loopback while the block runs; port 0 takes a free one."""
    server = ThreadingHTTPServer((LOOPBACK, port), _handler(sandbox))
    server.daemon_threads = True
    sandbox.address = f"http://{LOOPBACK}:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield sandbox
    finally:
        server.shutdown()
        server.server_close()


def _handler(sandbox: Sandbox) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Content-Type") == FORM:
                self._answer(dict(parse_qsl(content.decode(), keep_blank_values=True)))
            else:
                self._answer(orjson.loads(content) if content else None)

        def _answer(self, body: object) -> None:
            parts = urlsplit(self.path)
            vendor, _, path = parts.path.lstrip("/").partition("/")
            query: dict[str, str] = {}
            for name, value in parse_qsl(parts.query, keep_blank_values=True):
                query[name] = f"{query[name]},{value}" if name in query else value
            request = Request(
                self.command, f"/{path}", query, dict(self.headers.items()), body, sandbox.base_url(vendor)
            )
            response = sandbox.answer(request, vendor)
            content = response.body if isinstance(response.body, bytes) else orjson.dumps(response.body)
            self.send_response_only(response.status)
            headers = {"Date": format_datetime(sandbox.store.now.astimezone(UTC), usegmt=True), **response.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            self.wfile.flush()

    return Handler
