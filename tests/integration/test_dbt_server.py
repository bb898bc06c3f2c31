"""dbt held in memory: the client behaves as the command `dbt` would, and nothing outlives the run."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest

from ingestion.settings import Settings
from ingestion.warehouse import connect
from orchestration.dbt_server.client import ADDRESS, SERVER_IS_GONE
from orchestration.dbt_server.process import DbtServer
from orchestration.jobs import run_config
from orchestration.layers import LAYERS
from orchestration.parsed_project import dbt_environment, dbt_project
from orchestration.resources import DBT_CLIENT, expected_invocations

QUIET = ("--quiet", "--no-write-json", "--log-level-file", "none")
ENDLESS = "select count(*) from range(10000000) as a, range(10000000) as b where hash(a.range, b.range) = 1"


@pytest.fixture(scope="module")
def variables(tmp_path_factory):
    settings = Settings(data_dir=tmp_path_factory.mktemp("dbt_server"), _env_file=None)
    dbt_project(settings)
    with connect(settings):
        return {**os.environ, **dbt_environment(settings)}


@pytest.fixture(scope="module")
def server(variables):
    server = DbtServer(variables)
    yield server
    server.stop()


def start(server, variables, *arguments):
    return subprocess.Popen(
        [DBT_CLIENT, *QUIET, *arguments],
        env={**variables, ADDRESS: str(server.address)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=Path.home(),
    )


def run(server, variables, *arguments):
    process = start(server, variables, *arguments)
    output, _ = process.communicate(timeout=120)
    return process.returncode, output


def workers(server):
    """Process ids and CPU seconds of the dbts at work; the interpreter's own helper process is none."""
    command = ["ps", "-o", "pid=,cputimes=,args=", "--ppid", str(server.process_id)]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    fields = [line.split(maxsplit=2) for line in lines if "dbt_server" in line]
    return {int(process_id): int(seconds) for process_id, seconds, _ in fields}


def wait_until(condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@contextmanager
def endless_work(server, variables):
    """A client whose dbt has been busy with one query for seconds."""
    with start(server, variables, "show", "--inline", ENDLESS) as client:
        try:
            wait_until(lambda: any(seconds > 2 for seconds in workers(server).values()))
            yield client
        finally:
            client.kill()


def test_output_and_exit_code_are_those_of_dbt(server, variables):
    code, output = run(server, variables, "show", "--inline", "select 41 + 1 as answer", "--output", "json")
    assert code == 0, output
    assert '"answer": 42' in output


def test_a_failure_is_told_and_has_the_exit_code_of_dbt(server, variables):
    code, output = run(server, variables, "run", "--select", "stg_files__crm_orders")
    assert code == 1, output
    assert "crm_orders" in output
    code, output = run(server, variables, "build", "--no-such-option")
    assert code == 2
    assert "no-such-option" in output


def test_an_interruption_reaches_dbt(server, variables):
    with endless_work(server, variables) as client:
        client.send_signal(signal.SIGINT)
        client.communicate(timeout=60)
    assert client.returncode != 0
    wait_until(lambda: not workers(server))


def test_dbt_does_not_outlive_its_client_and_the_server_goes_on(server, variables):
    with endless_work(server, variables) as client:
        client.kill()
        wait_until(lambda: not workers(server))
    assert run(server, variables, "show", "--inline", "select 1 as one")[0] == 0


@pytest.mark.parametrize("sent", [b"", b'{"arguments": ["show"'], ids=["nothing", "half a request"])
def test_a_client_that_dies_before_it_has_asked_ends_nothing(server, variables, sent):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.connect(str(server.address))
        if sent:
            socket.send_fds(client, [sent], [1])
    assert run(server, variables, "show", "--inline", "select 1 as one")[0] == 0


def test_a_client_that_dies_right_after_it_has_asked_leaves_no_dbt_behind(server, variables):
    request = {"arguments": ["show", "--inline", ENDLESS], "environment": variables, "folder": str(Path.cwd())}
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client, Path(os.devnull).open("wb") as output:
        client.connect(str(server.address))
        socket.send_fds(client, [json.dumps(request).encode() + b"\n"], [output.fileno()])
    assert run(server, variables, "show", "--inline", "select 1 as one")[0] == 0
    wait_until(lambda: not workers(server))


def test_dbt_does_not_outlive_the_run(variables):
    server = DbtServer(variables)
    with endless_work(server, variables) as client:
        [worker] = workers(server)
        server.stop()
        output, _ = client.communicate(timeout=60)
    assert client.returncode == SERVER_IS_GONE
    assert "has ended" in output
    wait_until(lambda: not Path(f"/proc/{worker}").exists())


def test_dbt_does_not_outlive_a_server_that_was_killed(variables):
    server = DbtServer(variables)
    with endless_work(server, variables) as client:
        [worker] = workers(server)
        os.kill(server.process_id, signal.SIGKILL)
        assert client.wait(timeout=60) == SERVER_IS_GONE
        wait_until(lambda: not Path(f"/proc/{worker}").exists())
    server.stop()


@pytest.mark.parametrize("ends", ["run", "server"])
def test_no_folder_is_left_of_a_run_or_a_server_that_was_killed(variables, ends):
    begin = f"import sys; from {DbtServer.__module__} import DbtServer; server = DbtServer({{}})"
    said = "print(server.address, server.process_id, flush=True); sys.stdin.read(); server.stop()"
    with subprocess.Popen(
        [sys.executable, "-c", f"{begin}; {said}"],
        env=variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        address, server_id = process.stdout.readline().split()
        folder = Path(address).parent
        assert folder.is_dir()
        os.kill(process.pid if ends == "run" else int(server_id), signal.SIGKILL)
        process.stdin.close()
        wait_until(lambda: not folder.exists())


def test_a_dbt_that_was_killed_is_told_as_a_shell_tells_it_and_the_server_goes_on(server, variables):
    with endless_work(server, variables) as client:
        [worker] = workers(server)
        os.kill(worker, signal.SIGKILL)
        assert client.wait(timeout=60) == 128 + signal.SIGKILL
    assert run(server, variables, "show", "--inline", "select 1 as one")[0] == 0


EXPECTED = [*QUIET, "show", "--inline", "select 40 + 2 as answer", "--output", "json"]


def is_waiting_for_its_client(process_id):
    """Whether a process has needed no processor for a while."""
    stats = Path(f"/proc/{process_id}/stat")
    before = stats.read_text().rsplit(")", 1)[1].split()[11:13]
    time.sleep(2)
    return stats.read_text().rsplit(")", 1)[1].split()[11:13] == before


@contextmanager
def expecting(variables, *arguments):
    """A server whose child for these arguments waits for its client."""
    server = DbtServer(variables, [arguments])
    try:
        wait_until(lambda: workers(server))
        yield server
    finally:
        server.stop()


def test_what_is_expected_has_begun_before_it_is_asked_for_and_prints_everything(variables, tmp_path):
    talking = [one for one in EXPECTED if one != "--quiet"]
    request = {"arguments": talking, "environment": variables, "folder": str(Path.cwd())}
    printed = tmp_path / "printed"
    with expecting(variables, *talking) as server:
        [waiting] = workers(server)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client, printed.open("wb") as output:
            client.connect(str(server.address))
            socket.send_fds(client, [json.dumps(request).encode() + b"\n"], [output.fileno()])
            with client.makefile() as answers:
                assert [int(line) for line in answers] == [waiting, 0]
    assert "Running with dbt" in printed.read_text()  # said before anybody had asked
    assert '"answer": 42' in printed.read_text()


def test_what_waits_has_not_opened_the_warehouse(variables):
    settings = Settings(data_dir=variables["LIFECYCLE_DATA_DIR"], _env_file=None)
    with expecting(variables, *EXPECTED) as server:
        [waiting] = workers(server)
        wait_until(lambda: is_waiting_for_its_client(waiting))
        with connect(settings) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        assert run(server, variables, *EXPECTED[len(QUIET) :])[0] == 0


@pytest.mark.parametrize(
    ("arguments", "changes"),
    [
        (["show", "--inline", "select 40 + 3 as answer", "--output", "json"], {}),
        (EXPECTED[len(QUIET) :], {"LIFECYCLE_THREADS": "1"}),
    ],
    ids=["other arguments", "another setting"],
)
def test_what_waits_ends_when_something_else_is_asked_for(variables, arguments, changes):
    with expecting(variables, *EXPECTED) as server:
        [waiting] = workers(server)
        code, output = run(server, {**variables, **changes}, *arguments)
        assert code == 0, output
        assert '"answer": 4' in output
        assert not Path(f"/proc/{waiting}").exists()
        assert not workers(server)


def test_what_waits_does_not_outlive_the_run(variables):
    with expecting(variables, *EXPECTED) as server:
        [waiting] = workers(server)
    wait_until(lambda: not Path(f"/proc/{waiting}").exists())


def test_a_run_of_everything_takes_over_each_layer_as_it_was_started_ahead(company):
    # What is started ahead writes its compiled statements beside the project, what is not in a folder of its own.
    assert (company.settings.data_dir / "dbt" / "compiled").is_dir()
    assert not list((company.settings.data_dir / "dbt").glob("*/compiled"))


def test_of_a_run_of_chosen_assets_nothing_is_foretold():
    chosen = dg.DagsterRun("daily", asset_selection=frozenset({dg.AssetKey(["marts", "customer_profile"])}))
    assert expected_invocations(chosen) == []
    everything = expected_invocations(dg.DagsterRun("full_refresh", run_config=run_config(full_refresh=True)))
    assert len(everything) == len(LAYERS)
    assert all("--full-refresh" in arguments for arguments in everything)
