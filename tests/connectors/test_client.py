"""The HTTP client: how long it waits, where it goes, what it believes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingestion.sandbox.server import faults
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Response, Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources import client as client_module
from ingestion.sources.client import Client
from ingestion.sources.errors import ForbiddenAddressError, ProtocolError
from ingestion.sources.registry import CONNECTORS, connector_named
from tests.connectors.benches import SECRET, START


@pytest.fixture
def sandbox():
    with serving(Sandbox(Store(START), {"hubspot": lambda request: Response({"path": request.path})})) as served:
        yield served


@pytest.fixture
def waits():
    return []


@pytest.fixture
def client(sandbox, waits):
    settings = Settings(hubspot_base_url=sandbox.base_url("hubspot"), hubspot_token=SECRET, _env_file=None)
    made = Client(connector_named("hubspot"), settings, sleep=waits.append)
    yield made
    made.close()


def test_a_date_to_wait_for_is_compared_with_the_vendors_clock_and_not_with_ours(sandbox, client, waits):
    later = (START + timedelta(seconds=90)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    sandbox.faults.plan(faults.too_many_requests(later))
    assert client.get("/x").body == {"path": "/x"}
    assert waits == [90.0]


def test_a_redirect_on_the_same_host_is_followed_and_a_circle_is_left(sandbox, client):
    sandbox.faults.plan(faults.status(307, Location=f"{sandbox.base_url('hubspot')}/moved"))
    assert client.get("/x").body == {"path": "/moved"}
    sandbox.faults.always = faults.status(307, Location=f"{sandbox.base_url('hubspot')}/x")
    with pytest.raises(ProtocolError, match="circles"):
        client.get("/x")


def test_a_full_address_on_another_host_is_refused(sandbox, client):
    with pytest.raises(ForbiddenAddressError, match=r"next\.example\.com"):
        client.get("https://next.example.com/page2")
    assert sandbox.requests == []


def test_a_request_that_is_wrong_is_not_repeated(sandbox, client, waits):
    sandbox.faults.always = faults.status(400)
    with pytest.raises(ProtocolError, match="status 400"):
        client.get("/x")
    assert (len(sandbox.requests), waits) == (1, [])


def test_pauses_grow_while_a_vendor_stays_away(sandbox, client, waits):
    sandbox.faults.plan(*[faults.status(503)] * 4)
    client.get("/x")
    assert waits == [0.5, 1.0, 2.0, 4.0]


def test_requests_keep_the_vendors_pace(monkeypatch, sandbox, waits):
    """Loopback has no limit, so this client is told that it is somewhere else."""
    monkeypatch.setattr(client_module, "_is_loopback", lambda host: False)
    monkeypatch.setattr(Client, "_check_address", lambda self, url: None)
    settings = Settings(hubspot_base_url=sandbox.base_url("hubspot"), hubspot_token=SECRET, _env_file=None)
    made = Client(connector_named("hubspot"), settings, sleep=waits.append, clock=lambda: 100.0)
    made.get("/x")
    made.get("/y")
    made.close()
    assert waits == [0.25]


def test_neither_proxies_nor_netrc_decide_where_requests_go(monkeypatch, tmp_path, sandbox, client):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    seen = []
    sandbox.faults.always = lambda request, protocol: seen.append(request.headers) or protocol(request)
    client.get("/x")
    assert seen[0]["Authorization"] == f"Bearer {SECRET}"


@pytest.mark.parametrize("connector", CONNECTORS, ids=lambda connector: connector.name)
def test_every_connector_names_settings_that_exist_and_that_are_secret(connector):
    fields = Settings.model_fields
    assert (connector.files.setting if connector.files else f"{connector.name}_base_url") in fields
    for credential in connector.credentials:
        assert credential.setting in fields
        is_secret = "SecretStr" in str(fields[credential.setting].annotation)
        # Addresses, folders and numbers of accounts open nothing.
        assert is_secret or credential.setting.endswith(("_base_url", "_folder", "_id"))
