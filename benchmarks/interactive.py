"""`make bench-interactive`: what people wait for at a terminal and in a browser, beside what is allowed.

Wall time is the figure people feel; processor time is printed beside it, because it tells more on a busy machine.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import math
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.measure import Measurement, run

REPEATS = 5
PATIENCE_SECONDS = 600
PEOPLE = 100
HELP, DEFINITIONS, READY, UNCHANGED = 0.5, 8.0, 30.0, 45.0
"""Seconds allowed, in the order below."""
LIFECYCLE = str(Path(sys.executable).with_name("lifecycle"))
LOADING = (
    "from orchestration.definitions import build_definitions; from ingestion.settings import load_settings;"
    " build_definitions(load_settings()).resolve_all_job_defs()"
)


def main() -> None:
    """Measure each on a small company in a directory of its own, fastest of several where it is quick."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="leave the pipeline's runs and the UI out")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lifecycle-bench-interactive-") as folder:
        environment = {**os.environ, "LIFECYCLE_DATA_DIR": folder, "COLUMNS": "200"}
        _report("lifecycle --help", _fastest([LIFECYCLE, "--help"], environment), HELP)
        _report("definitions load", _fastest([sys.executable, "-c", LOADING], environment), DEFINITIONS)
        if arguments.quick:
            return
        run([LIFECYCLE, "demo", "--people", str(PEOPLE)], environment)
        _report("run of an unchanged tiny warehouse", run([LIFECYCLE, "run"], environment), UNCHANGED)
        _report("lifecycle ui, until the page is there", _until_ready(environment), READY)


def _fastest(command: list[str], environment: dict[str, str]) -> Measurement:
    """The fastest of several runs; the first fills caches and counts for nothing."""
    return min([run(command, environment) for _ in range(REPEATS + 1)][1:], key=lambda measured: measured.seconds)


def _until_ready(environment: dict[str, str]) -> Measurement:
    """Start the UI, ask for its page until it answers, end it; processor time is not known while it runs."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    started = time.perf_counter()
    process = subprocess.Popen(
        [LIFECYCLE, "ui", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _answers(port):
            if process.poll() is not None or time.perf_counter() - started > PATIENCE_SECONDS:
                raise RuntimeError("the UI did not become ready")
            time.sleep(0.2)
        return Measurement(time.perf_counter() - started, float("nan"), 0, "")
    finally:
        process.terminate()
        process.wait()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("GET", "/server_info")
        return connection.getresponse().status == 200
    return False


def _report(name: str, measured: Measurement, allowed: float) -> None:
    is_known = not math.isnan(measured.cpu_seconds)  # of a server that goes on nothing is known
    processors = f"processors {measured.cpu_seconds:6.2f} s" if is_known else ""
    print(
        f"{name:<40} {measured.seconds:7.2f} s  {processors:<20}  allowed {allowed:.1f} s",
        flush=True,
    )


if __name__ == "__main__":
    main()
