"""The documents of the data directory in a browser: the report and the check results, on the loopback address.

Dagster's UI links to them, and a page opened from the network cannot lead to a file of this machine. Only finished HTML
pages are served, read-only; they hold sums over people and no personal data. What they say is decided where they are
written (`lifecycle_report/`, `quality/docs.py`). The address is LIFECYCLE_DOCUMENTS_URL.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import threading
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from ingestion.settings import PROJECT_ROOT

if TYPE_CHECKING:
    from ingestion.settings import Settings

LOOPBACK = "127.0.0.1"
_LOOPBACK_NAMES = (LOOPBACK, "localhost")
_READY, _TAKEN = "serving", "taken"


class _Pages(SimpleHTTPRequestHandler):
    """HTML pages of one folder; no listing, no other file, nothing for a page of another origin that asks by name."""

    def do_GET(self) -> None:
        if self._may_be_read():
            super().do_GET()

    def do_HEAD(self) -> None:
        if self._may_be_read():
            super().do_HEAD()

    def _may_be_read(self) -> bool:
        host = urlsplit(f"//{self.headers.get('Host', '')}").hostname
        page = Path(self.translate_path(self.path))
        is_page = page.suffix == ".html" and page.resolve().is_relative_to(Path(self.directory).resolve())
        if host in _LOOPBACK_NAMES and is_page:
            return True
        self.send_error(HTTPStatus.NOT_FOUND)
        return False

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: who reads what is nobody's business."""


def document_url(settings: Settings, page: Path) -> str:
    """Address of a page in the documents' folder, for people."""
    return f"{settings.documents_url.rstrip('/')}/{page.relative_to(settings.docs).as_posix()}"


def documents_server(docs: Path, port: int) -> ThreadingHTTPServer:
    """A server of the pages in a folder, bound to 127.0.0.1 and not yet serving.

    Raises:
        OSError: when the port is taken.
    """
    return ThreadingHTTPServer((LOOPBACK, port), partial(_Pages, directory=str(docs)))


def serve_documents(docs: Path, port: int) -> None:
    """Serve until the process ends."""
    with documents_server(docs, port) as server:
        server.serve_forever()


def start_documents(settings: Settings) -> str:
    """Serve the documents in a process that goes on when this one is replaced by another program, until that ends.

    Returns:
        What became of it, for the person who started the UI.
    """
    address = urlsplit(settings.documents_url)
    if address.hostname not in _LOOPBACK_NAMES or not address.port:
        return f"Reports and check results: {settings.documents_url} (served elsewhere)"
    command = [sys.executable, "-m", "orchestration.documents", str(settings.docs), str(address.port)]
    path = os.pathsep.join(filter(None, (str(PROJECT_ROOT), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path}
    server = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT_ROOT, env=environment
    )
    said = server.stdout.readline().strip() if server.stdout else ""
    if server.stdin is None or said != _READY:
        server.communicate()
        why = f"port {address.port} is taken" if said == _TAKEN else "their server did not start, as told above"
        return (
            f"Reports and check results are not served: {why}. They lie in {settings.docs}; "
            "LIFECYCLE_DOCUMENTS_URL chooses another port."
        )
    os.set_inheritable(os.dup(server.stdin.fileno()), True)
    return f"Reports and check results: {settings.documents_url}/report.html"


def _end_with_input() -> NoReturn:
    sys.stdin.read()
    os._exit(0)


def main() -> None:
    """Serve a folder on a port until standard input ends; the first line says whether it could."""
    parser = argparse.ArgumentParser(description=f"The HTML pages of a folder on {LOOPBACK}.")
    parser.add_argument("docs", type=Path)
    parser.add_argument("port", type=int)
    chosen = parser.parse_args()
    try:
        server = documents_server(chosen.docs, chosen.port)
    except OSError:
        sys.stdout.write(f"{_TAKEN}\n")
        return
    sys.stdout.write(f"{_READY}\n")
    sys.stdout.flush()
    threading.Thread(target=_end_with_input, daemon=True).start()
    with server:
        server.serve_forever()


if __name__ == "__main__":
    main()
