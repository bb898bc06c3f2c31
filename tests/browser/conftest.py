"""Browser and server tests: Dagster's UI as a user starts it, looked at with Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import pytest

from tests.needed import require

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def page():
    """A page of a headless Chromium."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    require(program, "Chromium is missing; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser.new_page(viewport={"width": 1600, "height": 1000})
        browser.close()


def complaints_of(page, path, scheme):
    """Open a file of this machine in the light or dark scheme; what it asked for beside itself, and what went wrong."""
    wanted, wrong = [], []
    listeners = {
        "request": lambda request: wanted.append(request.url),
        "console": lambda message: wrong.append(message.text),
        "pageerror": lambda error: wrong.append(str(error)),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    page.emulate_media(color_scheme=scheme)
    page.goto(path.as_uri())
    for event, listener in listeners.items():
        page.remove_listener(event, listener)
    return [url for url in wanted if url != path.as_uri()] + wrong


def has_the_colours_of(page, scheme):
    """Whether the page is as wide as the window and light or dark as asked for."""
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    return background == ("rgb(20, 24, 31)" if scheme == "dark" else "rgb(246, 247, 249)")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def ui_settings(company, tmp_path_factory):
    """A copy of the company's data directory: the UI's daemon writes into it."""
    return company.copy_to(tmp_path_factory.mktemp("ui") / "data")


@pytest.fixture(scope="session")
def dagster_url(company, ui_settings):
    """Address of the UI, started with the command users start it with."""
    port = free_port()
    options = {"output": subprocess.DEVNULL, "LIFECYCLE_DATA_DIR": ui_settings.data_dir}
    process = company.checkout.start("make ui", f"OPTIONS=--port {port}", **options)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 300
        while not answers(url):
            assert process.poll() is None, "`make ui` ended before it answered"
            assert time.monotonic() < deadline, "the UI did not answer within five minutes"
            time.sleep(0.5)
        yield url
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answers(url: str, path: str = "/server_info") -> bool:
    try:
        with urllib.request.urlopen(f"{url}{path}", timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
