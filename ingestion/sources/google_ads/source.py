"""Google Ads' resource: figures of campaigns by day, the last 14 days again with every read.

Key: day and campaign; versions are appended, so that a figure that changed later leaves its trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from ingestion.sources.google_ads import settings as google_ads
from ingestion.sources.google_ads.records import query_of
from ingestion.sources.model import Connector, Cursor, Page, Resource, Window
from ingestion.sources.paging import token_pages

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.sources.client import Client


def _read_days(client: Client, window: Window) -> Iterator[Page]:
    first = window.since.date() if window.since else google_ads.FIRST_DAY
    last = (window.until - timedelta(microseconds=1)).date() if window.until else google_ads.LAST_DAY
    path = f"/{google_ads.API_VERSION}/customers/{client.members['customer_id']}/googleAds:search"

    def fetch(token: str | None) -> tuple[Page, str | None]:
        body = client.post(path, {"query": query_of(first, last), **({"pageToken": token} if token else {})}).body
        # An account without campaigns answers without results, but never without the list of fields.
        found = body.get("results", []) if "fieldMask" in body else body["results"]
        return found, body.get("nextPageToken") or None

    return token_pages(fetch)


def _headers(settings: Settings) -> dict[str, str]:
    token, developer = settings.google_ads_token, settings.google_ads_developer_token
    if developer is None:
        return {}
    manager = settings.google_ads_login_customer_id
    return {
        **({"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}),
        "developer-token": developer.get_secret_value(),
        **({"login-customer-id": manager} if manager else {}),
    }


def _form(settings: Settings) -> dict[str, str]:
    """What renews access tokens; nothing when only an access token is set."""
    refresh, secret = settings.google_ads_refresh_token, settings.google_ads_client_secret
    if refresh is None or secret is None:
        return {}
    return {
        "grant_type": "refresh_token",
        "refresh_token": refresh.get_secret_value(),
        "client_id": settings.google_ads_client_id or "",
        "client_secret": secret.get_secret_value(),
    }


GOOGLE_ADS = Connector(
    name=google_ads.NAME,
    title=google_ads.TITLE,
    domain=google_ads.DOMAIN,
    api_version=google_ads.API_VERSION,
    hosts=google_ads.HOSTS,
    requests_per_second=google_ads.REQUESTS_PER_SECOND,
    credentials=google_ads.CREDENTIALS,
    headers=_headers,
    resources=(
        Resource(
            google_ads.CAMPAIGN_DAYS,
            _read_days,
            Cursor("/segments/date", overlap=google_ads.READ_AGAIN),
            is_by_day=True,
        ),
    ),
    form=_form,
    grant_path=google_ads.GRANT_PATH,
    grant_base=google_ads.GRANT_BASE,
    members=lambda settings: {"customer_id": settings.google_ads_customer_id or ""},
)
