"""Failures the sandbox plays: planned for single requests, or a change to every answer.

A fault stands between the request and the protocol: it answers itself, changes the answer, or does something to the
store while a reader is between two pages.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingestion.sandbox.server.web import Protocol, Request, Response

Fault = Callable[["Request", "Protocol"], "Response"]


class Faults:
    """What goes wrong: one planned fault per request in turn, then, or when None is planned, whatever is `always`."""

    def __init__(self) -> None:
        self._planned: deque[Fault | None] = deque()
        self.always: Fault | None = None

    def plan(self, *faults: Fault | None) -> None:
        """Play these with the next requests; None lets a request pass."""
        self._planned.extend(faults)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._planned.clear()
        self.always = None

    @property
    def are_over(self) -> bool:
        """Whether every planned fault was played."""
        return not self._planned

    def play(self, request: Request, protocol: Protocol) -> Response:
        """The answer to a request."""
        planned = self._planned.popleft() if self._planned else None
        fault = planned or self.always
        return fault(request, protocol) if fault else protocol(request)


def sometimes(fault: Fault, share: float, seed: int = 1) -> Fault:
    """Play a fault with that share of the requests, drawn at random but each time alike.

    Args:
        fault: what goes wrong.
        share: from 0, never, to 1, always.
        seed: of the draw.
    """
    drawn = Random(seed)  # noqa: S311 - no secret hangs on it
    return lambda request, protocol: fault(request, protocol) if drawn.random() < share else protocol(request)


def status(code: int, **headers: str) -> Fault:
    """Answer with a status; underscores in header names stand for hyphens."""
    from ingestion.sandbox.server.web import Response

    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _request, _protocol: Response({"message": "a planned failure"}, code, sent)


def too_many_requests(retry_after: str | None = None) -> Fault:
    """Answer that too many requests were sent, with or without saying how long to wait."""
    return status(429, Retry_After=retry_after) if retry_after is not None else status(429)


def malformed() -> Fault:
    """Answer with JSON that was cut off."""
    from ingestion.sandbox.server.web import Response

    return lambda _request, _protocol: Response(b'{"results": [{"id": ')


def redirect_to(address: str) -> Fault:
    """Send the reader somewhere else."""
    return status(302, Location=address)


def changed(change: Callable[[Any], Any]) -> Fault:
    """Change the body of the protocol's answer."""
    from ingestion.sandbox.server.web import Response

    def fault(request: Request, protocol: Protocol) -> Response:
        answer = protocol(request)
        return Response(change(answer.body), answer.status, answer.headers)

    return fault


def meanwhile(action: Callable[[], None]) -> Fault:
    """Let something happen to the records right after the request was answered."""

    def fault(request: Request, protocol: Protocol) -> Response:
        answer = protocol(request)
        action()
        return answer

    return fault
