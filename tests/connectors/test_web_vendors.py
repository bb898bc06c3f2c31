"""What single vendors of web and advertising have that others have not: their errors, hosts, days and files."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from ingestion.settings import Settings
from ingestion.sources.client import Client
from ingestion.sources.errors import CredentialError, ForbiddenAddressError, ProtocolError
from ingestion.sources.ga4.records import files_by_day
from ingestion.sources.matomo.records import visits_of
from ingestion.sources.meta_ads.records import spans
from ingestion.sources.registry import connector_named


def test_matomo_that_refuses_a_token_with_a_good_status_is_understood():
    with pytest.raises(CredentialError, match="LIFECYCLE_MATOMO_TOKEN"):
        visits_of({"result": "error", "message": "You can't access this resource as it requires 'view' access."})
    with pytest.raises(ProtocolError, match="error instead of visits"):
        visits_of({"result": "error", "message": "General error: secret-of-somebody"})
    assert visits_of([]) == []


def test_a_matomo_of_ones_own_is_spoken_to_only_when_its_host_is_named():
    connector = connector_named("matomo")
    address = {"matomo_base_url": "https://stats.example.org/matomo", "matomo_token": "t", "matomo_site_id": "1"}
    with pytest.raises(ForbiddenAddressError, match="not a host of Matomo"):
        Client(connector, Settings(_env_file=None, **address))
    Client(connector, Settings(_env_file=None, **address, matomo_host="stats.example.org")).close()


def test_a_day_of_its_own_day_counts_until_its_final_files_come():
    names = [
        "events_20260301.parquet",
        "events_20260302-000000000000.json.gz",
        "events_20260302-000000000001.json.gz",
        "events_intraday_20260302.parquet",
        "events_intraday_20260303.parquet",
        "pseudonymous_users_20260303.parquet",
    ]
    assert files_by_day(names) == {
        "20260301": [names[0]],
        "20260302": names[1:3],
        "20260303": [names[4]],
    }


def test_spans_cover_every_day_once_the_newest_first():
    found = list(spans(date(2026, 1, 1), date(2026, 1, 10), timedelta(days=4)))
    assert found == [
        (date(2026, 1, 7), date(2026, 1, 10)),
        (date(2026, 1, 3), date(2026, 1, 6)),
        (date(2026, 1, 1), date(2026, 1, 2)),
    ]
    assert list(spans(date(2026, 1, 2), date(2026, 1, 1), timedelta(days=4))) == []
