"""The pages Dagster links to open in a browser of this machine: those, and nothing else of the data directory."""

import http.client
import subprocess
import sys
import threading
import time
from urllib.parse import urlsplit

import pytest

from ingestion.settings import Settings
from orchestration.documents import document_url, documents_server, start_documents
from tests.browser.conftest import free_port
from tests.checkout import ROOT

PAGES = ("report.html", "quality/index.html")


@pytest.fixture
def served(settings):
    """Settings of a data directory with two pages and other files, while its documents are served."""
    for name in (*PAGES, "runs/run.json", "../secret.html"):
        (settings.docs / name).parent.mkdir(parents=True, exist_ok=True)
        (settings.docs / name).write_text(f"<p>{name}", encoding="utf-8")
    (settings.docs / "linked.html").symlink_to(settings.data_dir / "secret.html")
    with documents_server(settings.docs, 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield settings.model_copy(update={"documents_url": f"http://127.0.0.1:{server.server_port}"})
        server.shutdown()
        thread.join()


def asked(settings, target, host=None):
    address = urlsplit(settings.documents_url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
    connection.request("GET", target, headers={"Host": host} if host else {})
    answer = connection.getresponse()
    found = answer.status, answer.read().decode(), dict(answer.getheaders())
    connection.close()
    return found


@pytest.mark.parametrize("name", PAGES)
def test_the_address_of_a_page_leads_to_it_and_the_page_may_load_nothing(served, name):
    status, body, headers = asked(served, urlsplit(document_url(served, served.docs / name)).path)
    assert (status, body) == (200, f"<p>{name}")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "target",
    [
        "/",
        "/quality/",
        "/quality",
        "/runs/run.json",
        "/../secret.html",
        "/%2e%2e/secret.html",
        "/linked.html",
        "/no.html",
    ],
)
def test_nothing_else_is_given_away(served, target):
    assert asked(served, target)[0] == 404


def test_a_page_of_another_origin_cannot_read_them_by_a_name_of_its_own(served):
    assert asked(served, "/report.html", "evil.example.com")[0] == 404
    assert asked(served, "/report.html", f"localhost:{urlsplit(served.documents_url).port}")[0] == 200


def test_an_address_behind_a_proxy_keeps_its_path(settings):
    behind = settings.model_copy(update={"documents_url": "https://lifecycle.example.com/documents/"})
    page = settings.docs / "quality" / "index.html"
    assert document_url(behind, page) == "https://lifecycle.example.com/documents/quality/index.html"
    assert "served elsewhere" in start_documents(behind)


def test_a_taken_port_is_told_and_stops_nothing(served):
    told = start_documents(served)
    assert "is taken" in told
    assert "LIFECYCLE_DOCUMENTS_URL" in told


def test_they_are_served_until_the_program_that_took_the_place_of_the_starter_ends(settings):
    settings.docs.mkdir(parents=True)
    (settings.docs / "report.html").write_text("<p>here", encoding="utf-8")
    port = free_port()
    chosen = {"data_dir": str(settings.data_dir), "documents_url": f"http://127.0.0.1:{port}"}
    script = (
        "import os; from ingestion.settings import Settings; from orchestration.documents import start_documents; "
        f"print(start_documents(Settings(**{chosen!r}, _env_file=None)), flush=True); os.execvp('cat', ['cat'])"
    )
    command = [sys.executable, "-c", script]
    starter = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert starter.stdout.readline().strip().endswith("/report.html")
    asking = Settings(**chosen, _env_file=None)
    assert asked(asking, "/report.html")[:2] == (200, "<p>here")
    starter.communicate("")
    deadline = time.monotonic() + 60
    with pytest.raises((ConnectionError, http.client.HTTPException)):
        while time.monotonic() < deadline:
            asked(asking, "/report.html")
