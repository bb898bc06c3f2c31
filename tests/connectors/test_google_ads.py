"""What is Google Ads' own: access tokens that expire, renewed with a refresh token at an address of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingestion.sandbox.server import faults, google_ads
from ingestion.sandbox.server.google_ads import CUSTOMER, DEVELOPER, GoogleAdsProtocol
from ingestion.sandbox.server.store import Store
from ingestion.sandbox.server.web import Sandbox, serving
from ingestion.settings import Settings
from ingestion.sources.client import ATTEMPTS, Client
from ingestion.sources.errors import CredentialError, ForbiddenAddressError
from ingestion.sources.model import Window
from ingestion.sources.registry import connector_named
from tests.connectors.benches import BENCHES, SECRET, START

GOOGLE_ADS = connector_named("google_ads")
BENCH = next(bench for bench in BENCHES if bench.name == "google_ads")
GRANT, SEARCH = ("POST", "/google_ads/token"), ("POST", f"/google_ads/v25/customers/{CUSTOMER}/googleAds:search")


@pytest.fixture
def sandbox(monkeypatch):
    monkeypatch.setattr(google_ads, "PAGE_SIZE", 2)
    store = Store(START + timedelta(days=1))
    for number in range(1, 6):
        BENCH.put(store, number, START)
    with serving(Sandbox(store, {"google_ads": GoogleAdsProtocol(store, SECRET)})) as sandbox:
        yield sandbox


def made_settings(sandbox, **others):
    known = {
        "google_ads_base_url": sandbox.base_url("google_ads"),
        "google_ads_token_base_url": sandbox.base_url("google_ads"),
        "google_ads_refresh_token": SECRET,
        "google_ads_client_id": "client.apps.example.com",
        "google_ads_client_secret": SECRET,
        "google_ads_developer_token": DEVELOPER,
        "google_ads_customer_id": CUSTOMER,
    }
    return Settings(_env_file=None, **{**known, **others})


def read(settings):
    client = Client(GOOGLE_ADS, settings, sleep=lambda _seconds: None)
    try:
        return [row["campaign"]["id"] for page in GOOGLE_ADS.resources[0].read(client, Window()) for row in page]
    finally:
        client.close()


def test_a_token_that_expires_between_two_pages_is_renewed_once_and_the_read_goes_on(sandbox):
    sandbox.faults.plan(None, faults.meanwhile(lambda: sandbox.store.move_to(sandbox.store.now + timedelta(hours=2))))
    assert read(made_settings(sandbox)) == ["1", "2", "3", "4", "5"]
    assert sandbox.requests == [GRANT, SEARCH, SEARCH, GRANT, SEARCH, SEARCH]


def test_a_token_that_expires_at_the_very_last_attempt_is_renewed_and_the_attempt_made(sandbox):
    sandbox.faults.plan(None, *[faults.status(503)] * (ATTEMPTS - 1), faults.status(401))
    assert read(made_settings(sandbox)) == ["1", "2", "3", "4", "5"]
    assert sandbox.requests == [GRANT, *[SEARCH] * ATTEMPTS, GRANT, *[SEARCH] * 3]


def test_the_token_service_gets_the_form_and_no_other_credential(sandbox):
    carried = {}

    def look(request, protocol):
        carried[request.path] = {name.lower() for name in request.headers}
        return protocol(request)

    sandbox.faults.always = look
    read(made_settings(sandbox))
    search = next(path for path in carried if path != "/token")
    assert {"authorization", "developer-token"} <= carried[search]
    assert not {"authorization", "developer-token", "login-customer-id"} & carried["/token"]


def test_an_access_token_alone_is_used_as_long_as_it_lasts(sandbox):
    settings = made_settings(
        sandbox, google_ads_token=SECRET, google_ads_refresh_token=None, google_ads_client_secret=None
    )
    assert GOOGLE_ADS.missing(settings) == ()
    assert len(read(settings)) == 5
    assert sandbox.requests == [SEARCH] * 3
    expired = settings.model_copy(
        update={"google_ads_token": made_settings(sandbox, google_ads_token="old").google_ads_token}
    )
    with pytest.raises(CredentialError, match="LIFECYCLE_GOOGLE_ADS_TOKEN and"):
        read(expired)
    assert len(sandbox.requests) == 4


def test_without_any_token_the_three_that_renew_one_are_missing(sandbox):
    settings = made_settings(
        sandbox, google_ads_refresh_token=None, google_ads_client_id=None, google_ads_client_secret=None
    )
    assert [one.setting for one in GOOGLE_ADS.missing(settings)] == [
        "google_ads_refresh_token",
        "google_ads_client_id",
        "google_ads_client_secret",
    ]


def test_a_refresh_token_that_was_withdrawn_is_one_error_after_one_request(sandbox):
    with pytest.raises(CredentialError, match="LIFECYCLE_GOOGLE_ADS_REFRESH_TOKEN"):
        read(made_settings(sandbox, google_ads_refresh_token="withdrawn"))
    assert sandbox.requests == [GRANT]


def test_an_account_that_refuses_new_tokens_as_well_is_one_error_and_no_storm(sandbox):
    sandbox.faults.plan(None, faults.status(401), None, faults.status(401))
    with pytest.raises(CredentialError):
        read(made_settings(sandbox))
    assert sandbox.requests == [GRANT, SEARCH, GRANT, SEARCH]


@pytest.mark.parametrize("address", ["http://oauth2.googleapis.com", "https://oauth2.example.com"])
def test_tokens_are_asked_for_on_the_allow_list_only(sandbox, address):
    with pytest.raises(ForbiddenAddressError, match="LIFECYCLE_GOOGLE_ADS_TOKEN_BASE_URL"):
        read(made_settings(sandbox, google_ads_token_base_url=address))
    assert sandbox.requests == []


def test_a_page_that_sends_the_reader_to_another_host_is_not_followed_though_tokens_come_from_one(sandbox):
    sandbox.faults.plan(None, faults.redirect_to("https://oauth2.googleapis.com/token2"))
    with pytest.raises(ForbiddenAddressError, match="another host"):
        read(made_settings(sandbox))
