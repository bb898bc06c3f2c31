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
