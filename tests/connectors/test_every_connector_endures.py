"""What every connector must endure, whatever the vendor: failures, limits, kills, and answers that lead astray.

One suite, run against the sandbox in each vendor's protocol. What is read is in `test_every_connector_reads.py`.
"""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from pydantic import SecretStr

from ingestion.sandbox.server import faults
from ingestion.sandbox.server.web import Response
from ingestion.sources import source_load
from ingestion.sources.errors import (
    CredentialError,
    ForbiddenAddressError,
    PagingLoopError,
    ProtocolError,
    SourceError,
    UnavailableError,
)
from ingestion.sources.loading import load_source
from tests.connectors.benches import SECRET


@pytest.mark.parametrize(
    ("fault", "pause"),
    [
        (faults.too_many_requests("7"), 7.0),
        (faults.too_many_requests(), 0.5),
        (faults.status(500), 0.5),
        (faults.status(503, Retry_After="11"), 11.0),
        (faults.malformed(), 0.5),
    ],
    ids=["429 with Retry-After", "429 without", "500", "503 with Retry-After", "cut-off JSON"],
)
def test_a_passing_failure_is_waited_out_as_the_vendor_asks(trial, fault, pause):
    trial.people(7)
    trial.sandbox.faults.plan(None, fault)
    trial.load()
    assert trial.pauses == [pause]
    assert trial.versions() == trial.expected(7)


def test_a_lasting_failure_ends_with_one_error_and_the_next_load_brings_everything(trial):
    trial.people(7)
    trial.sandbox.faults.always = faults.status(502)
    with pytest.raises(UnavailableError, match="6 times in a row"):
        trial.load()
    assert trial.rows("select source, status from ops.loads") == [(trial.bench.name, "failed")]
    trial.sandbox.faults.clear()
    trial.load()
    assert trial.versions() == trial.expected(7)


def test_a_vendor_that_asks_for_more_patience_than_a_run_has_is_left_alone(trial):
    trial.sandbox.faults.always = faults.too_many_requests("86400")
    with pytest.raises(UnavailableError, match="86,400 seconds"):
        trial.load()
    assert len(trial.sandbox.requests) == 1


def test_refused_credentials_are_one_error_that_names_the_setting_and_no_storm(trial):
    trial.people(1)
    wrong = trial.settings.model_copy(update={trial.bench.secret: SecretStr("expired-0815")})
    with pytest.raises(CredentialError) as caught:
        load_source(wrong, trial.connector, tables=[trial.bench.table], make_client=trial.client)
    assert f"LIFECYCLE_{trial.bench.secret.upper()}" in str(caught.value)
    assert "expired-0815" not in str(caught.value)
    assert len(trial.sandbox.requests) == 1
    assert trial.pauses == []


def test_an_answer_that_is_never_json_is_an_error_and_nothing_moves(trial):
    trial.people(4)
    trial.load()
    trial.people(2, first=5, at=trial.store.now)
    trial.wait(hours=1)
    trial.sandbox.faults.always = faults.malformed()
    with pytest.raises(ProtocolError, match="no JSON"):
        trial.load()
    trial.sandbox.faults.clear()
    trial.load()
    assert trial.versions() == trial.expected(6)


@pytest.mark.parametrize("place", [0, 1])
def test_an_answer_of_another_shape_is_the_vendors_fault_and_nothing_is_lost(trial, place):
    trial.people(3)
    trial.sandbox.faults.always = lambda _request, _protocol: Response(trial.bench.other_shapes[place])
    with pytest.raises(ProtocolError, match="not what its documentation promises"):
        trial.load()
    trial.sandbox.faults.clear()
    trial.load()
    assert trial.versions() == trial.expected(3)


def test_a_page_that_repeats_itself_ends_the_read(trial):
    trial.people(12)
    kept: list[Response] = []

    def repeat(request, protocol):
        kept.append(protocol(request))
        return kept[min(1, len(kept) - 1)]

    trial.sandbox.faults.always = repeat
    # Whether the read ends by itself or is stopped depends on how the vendor pages; that it ends does not.
    with suppress(PagingLoopError):
        trial.load()
    assert len(trial.sandbox.requests) <= 12
    trial.sandbox.faults.clear()
    trial.load()
    assert trial.versions() == trial.expected(12)


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("request_number", [0, 1, 2, 3])
def test_a_load_killed_at_any_page_is_finished_by_the_next_one(trial, request_number, monkeypatch):
    trial.people(12)
    sent = trial.client

    def client(connector, settings):
        made = sent(connector, settings)
        attempt, count = made._attempt, iter(range(100))

        def killing(*arguments):
            if next(count) == request_number:
                raise Killed
            return attempt(*arguments)

        monkeypatch.setattr(made, "_attempt", killing)
        return made

    with pytest.raises(Killed):
        load_source(trial.settings, trial.connector, tables=[trial.bench.table], make_client=client)
    trial.load()
    assert trial.versions() == trial.expected(12)


def test_a_load_killed_between_landing_and_promotion_is_finished_by_the_next_one(trial, monkeypatch):
    trial.people(9)
    trial.wait(hours=1)

    def killed(*_arguments, **_named):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(source_load, "promote", killed)
        with pytest.raises(Killed):
            trial.load()
    trial.load()
    assert trial.versions() == trial.expected(9)
    assert trial.rows("select sum(accepted_count)::int from ops.loads") == [(9,)]


def test_redirects_to_another_host_are_refused_before_anything_is_sent_there(trial):
    trial.sandbox.faults.always = faults.redirect_to("https://collector.example.com/steal")
    with pytest.raises(ForbiddenAddressError, match=re.escape("collector.example.com")):
        trial.load()
    assert len(trial.sandbox.requests) == 1


@pytest.mark.parametrize("address", ["http://api.example.com", "https://api.example.com", "ftp://127.0.0.1"])
def test_addresses_outside_the_allow_list_and_without_encryption_are_refused(trial, address):
    elsewhere = trial.settings.model_copy(update={f"{trial.bench.name}_base_url": address})
    with pytest.raises(ForbiddenAddressError, match="BASE_URL"):
        load_source(elsewhere, trial.connector, make_client=trial.client)
    assert trial.sandbox.requests == []


def test_secrets_stand_nowhere_in_the_data_directory(trial, caplog):
    trial.people(4)
    trial.load()
    trial.sandbox.faults.always = faults.status(502)
    with pytest.raises(SourceError) as caught:
        trial.load()
    assert SECRET not in str(caught.value) + caplog.text + repr(trial.settings)
    files = [path for path in trial.settings.data_dir.rglob("*") if path.is_file()]
    assert files and not [path for path in files if SECRET.encode() in path.read_bytes()]
