"""HTTP for connectors: to which hosts, how often, how long to wait, and what an answer that is no answer means.

Requests go to the base URL's host only; redirects elsewhere, other hosts and unencrypted addresses (but loopback) are
refused before anything is sent. Paging belongs to `paging.py`, the meaning of answers to the vendor's `source.py`.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from ingestion.sources.credentials import variable_of
from ingestion.sources.errors import CredentialError, ForbiddenAddressError, ProtocolError, UnavailableError

if TYPE_CHECKING:
    from requests import Response

    from ingestion.settings import Settings
    from ingestion.sources.model import Connector

TIMEOUT_SECONDS = (10, 60)
ATTEMPTS = 6
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 300.0
REDIRECTS = 3
REFUSED = (401, 403)


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer: its JSON and what paging may need of its headers."""

    body: Any
    headers: Mapping[str, str]


class Client:
    """Sends the requests of one connector.

    Args:
        connector: whose hosts, limits and credentials count.
        settings: where the credentials are.
        sleep: how to wait; by default so that `stop` ends the wait.
        clock: a monotonic clock.
    """

    def __init__(
        self,
        connector: Connector,
        settings: Settings,
        sleep: Callable[[float], object] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        import requests

        self._stopped = threading.Event()
        self._connector, self._sleep, self._clock = connector, sleep or self._stopped.wait, clock
        self.base_url = connector.base_url(settings) or ""
        self._host = urlsplit(self.base_url).netloc
        self._hosts = connector.allowed_hosts(settings)
        self._grant_url = connector.grant_url(settings)
        self._used = connector.used(settings)
        self._check_address(self.base_url)
        is_local = _is_loopback(urlsplit(self.base_url).hostname or "")
        self._interval = 0.0 if is_local else 1 / connector.requests_per_second
        self._not_before = 0.0
        self._session = requests.Session()
        # Neither proxies nor ~/.netrc may decide where requests go and what they carry.
        self._session.trust_env = False
        self._session.headers.update({"Accept": "application/json", **connector.headers(settings)})
        self._form = connector.form(settings)
        self.members = connector.members(settings)
        self.request_count = 0
        self.server_time: datetime | None = None

    def get(self, address: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        """Get a path below the base URL, or a full address on the same host.

        Raises:
            CredentialError: the vendor refuses the credentials.
            UnavailableError: no good answer after several attempts.
            ProtocolError: an answer that is no JSON, or a status nothing can be done about.
            ForbiddenAddressError: another host.
        """
        self._authorise()
        return self._send("GET", address, params=parameters)

    def post(self, address: str, body: Mapping[str, Any]) -> Answer:
        """Ask with a body (searches, batch reads: nothing is changed by it). Raises like `get`."""
        self._authorise()
        return self._send("POST", address, json=body)

    def post_form(self, address: str, body: Mapping[str, Any]) -> Answer:
        """Ask with a form that carries the connector's own members, credentials among them. Raises like `get`."""
        return self._send("POST", address, data={**self._form, **body})

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def stop(self) -> None:
        """Send nothing more: what is being read in another thread ends with an error."""
        self._stopped.set()

    def _authorise(self) -> None:
        """Ask for an access token before the first request, when the vendor wants that."""
        if self._grant_url and "Authorization" not in self._session.headers:
            # The token service gets the form alone, not the other credentials every request to the vendor carries.
            carried, self._session.headers = self._session.headers, {"Accept": "application/json"}
            try:
                token = self.post_form(self._grant_url, {}).body["access_token"]
            finally:
                self._session.headers = carried
            self._session.headers["Authorization"] = f"Bearer {token}"

    def _renew(self, url: str) -> bool:
        """Ask for another access token when the one in use has expired; whether there is one now."""
        if not self._grant_url or url == self._grant_url:
            return False
        self._session.headers.pop("Authorization", None)
        self._authorise()
        return True

    def _send(self, method: str, address: str, **content: Any) -> Answer:  # noqa: ANN401 - what `requests` takes
        url = address if "://" in address else self.base_url + address
        self._check_address(url)
        problem, is_renewed, attempt = "no answer", False, 0
        while attempt < ATTEMPTS:
            response, problem = self._attempt(method, url, content)
            if response is not None and response.status_code < 400:
                answer, problem = self._read(response)
                if answer is not None:
                    self._slow_down(response)
                    return answer
            elif response is not None and self._status(response) == 401 and not is_renewed and self._renew(url):
                # A request with a token that has expired was no attempt: also the last one is sent once more.
                is_renewed = True
                continue
            elif response is not None:
                self._refuse(response, method, url)
            if attempt + 1 < ATTEMPTS:
                self._pause(response, attempt, problem, url)
            attempt += 1
        kind = ProtocolError if problem.startswith("no JSON") else UnavailableError
        raise kind(f"{self._where(method, url)}: {problem}, {ATTEMPTS} times in a row. Try again later.")

    def _attempt(self, method: str, url: str, content: Mapping[str, Any]) -> tuple[Response | None, str]:
        import requests

        for _ in range(REDIRECTS):
            self._keep_pace()
            if self._stopped.is_set():
                raise UnavailableError(f"{self._where(method, url)}: stopped before it was asked.")
            self.request_count += 1
            try:
                response = self._session.request(method, url, **content, timeout=TIMEOUT_SECONDS, allow_redirects=False)
            except requests.RequestException as error:
                # The error's own text may hold the address with its parameters; its class says enough.
                return None, f"no answer ({type(error).__name__})"
            self._note_time(response)
            if not response.is_redirect:
                return response, f"status {self._status(response)}"
            url, content = urljoin(url, response.headers["Location"]), {**content, "params": None}
            self._check_address(url)
        raise ProtocolError(f"{self._where(method, url)} redirects in circles.")

    def _read(self, response: Response) -> tuple[Answer | None, str]:
        import orjson

        try:
            return Answer(orjson.loads(response.content), response.headers), ""
        except orjson.JSONDecodeError:
            return None, "no JSON in the answer"

    def _refuse(self, response: Response, method: str, url: str) -> None:
        """Raise when asking again cannot help."""
        status = self._status(response)
        # A token endpoint says with 400 that it does not know the credentials.
        if status in REFUSED or (status == 400 and url == self._grant_url):
            names = " and ".join(self._used)
            raise CredentialError(
                f"{self._where(method, url)}: {self._connector.title} refuses the credentials (status {status}). "
                f"Check {names}: valid, not expired, with the scopes the connector's README lists."
            )
        if status != 429 and status < 500:
            raise ProtocolError(f"{self._where(method, url)}: status {status}. See the connector's README.")

    def _pause(self, response: Response | None, attempt: int, problem: str, url: str) -> None:
        asked = self._asked_to_wait(response) if response is not None else None
        pause = FIRST_PAUSE_SECONDS * 2**attempt if asked is None else asked
        if pause > LONGEST_PAUSE_SECONDS:
            raise UnavailableError(
                f"{self._where('', url)}: {problem}; {self._connector.title} asks to wait {pause:,.0f} seconds. "
                "Run again after that."
            )
        self._sleep(pause)

    def _asked_to_wait(self, response: Response) -> float | None:
        asked = _retry_after(response, self._connector.wait_header)
        return self._connector.pause_told(response.headers) or None if asked is None else asked

    def _slow_down(self, response: Response) -> None:
        """Put off the next request when the vendor tells how much of its limit is used."""
        pause = min(self._connector.pause_told(response.headers), LONGEST_PAUSE_SECONDS)
        if pause > 0:
            self._not_before = self._clock() + pause

    def _status(self, response: Response) -> int:
        """The status of an answer, for errors the one it means."""
        status = response.status_code
        return self._connector.status_meant(status, response.content) if status >= 400 else status

    def _keep_pace(self) -> None:
        wait = self._not_before - self._clock()
        if wait > 0:
            self._sleep(wait)
        self._not_before = self._clock() + self._interval

    def _note_time(self, response: Response) -> None:
        """Remember the vendor's clock at the first answer: nothing changed later can have been missed before it."""
        if self.server_time is None and "Date" in response.headers:
            self.server_time = parsedate_to_datetime(response.headers["Date"])

    def _check_address(self, url: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        # Tokens may be granted by another service of the vendor, at exactly one address; nothing else goes there.
        is_grant = url == self._grant_url
        if self._host and parts.netloc != self._host and not is_grant:
            raise ForbiddenAddressError(
                f"{self._connector.title} points to another host ({host}) than {self._host}; nothing was sent there."
            )
        if _is_loopback(host) and parts.scheme in ("http", "https"):
            return
        base = self._connector.grant_base if is_grant and self._connector.grant_base else ""
        variable = variable_of(base or f"{self._connector.name}_base_url")
        if parts.scheme != "https":
            raise ForbiddenAddressError(f"{variable} has to begin with https:// (only loopback may do without).")
        if not any(fnmatch(host, allowed) for allowed in self._hosts):
            raise ForbiddenAddressError(
                f"{variable}: {host} is not a host of {self._connector.title}; allowed: {', '.join(self._hosts)}."
            )

    def _where(self, method: str, url: str) -> str:
        return f"{self._connector.name}: {method} {urlsplit(url).path}".replace("  ", " ")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _retry_after(response: Response, wait_header: str) -> float | None:
    """Seconds the vendor asks to wait; a date is compared with the answer's own date, not with our clock."""
    value = response.headers.get("Retry-After")
    if not value and wait_header and response.status_code == 429:
        value = response.headers.get(wait_header)
    if not value:
        return None
    try:
        return max(float(value), 0.0)
    except ValueError:
        pass
    try:
        until, answered = parsedate_to_datetime(value), parsedate_to_datetime(response.headers.get("Date", ""))
        return max((until - answered).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None
