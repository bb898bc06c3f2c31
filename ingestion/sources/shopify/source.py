"""Shopify's resources: read by the time of their last change, page by page along the `Link` header.

Refunds and cancellations arrive as updates of their order. Deleted customers disappear from the list; the event log
tells. Key of every resource: `id`; versions are appended.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ingestion.sources.model import Connector, Cursor, Page, RawTable, Read, Resource, Window
from ingestion.sources.paging import token_pages
from ingestion.sources.shopify import settings as shopify
from ingestion.sources.shopify.records import next_link

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.sources.client import Client


def _read(path: str, clock: str, **parameters: str) -> Read:
    """How a list is read; `clock` is the time it is filtered by."""

    def read(client: Client, window: Window) -> Iterator[Page]:
        asked: dict[str, Any] = {"limit": shopify.PAGE_SIZE, **parameters}
        if window.since:
            asked[f"{clock}_min"] = window.since.isoformat()
        if window.until:
            asked[f"{clock}_max"] = window.until.isoformat()

        def fetch(link: str | None) -> tuple[Page, str | None]:
            address = f"/admin/api/{shopify.API_VERSION}/{path}.json"
            answer = client.get(link) if link else client.get(address, asked)
            return answer.body[path], next_link(answer.headers)

        yield from token_pages(fetch)

    return read


def _resource(table: RawTable, path: str, clock: str, **parameters: str) -> Resource:
    return Resource(table, _read(path, clock, **parameters), Cursor(f"/{clock}"))


def _headers(settings: Settings) -> dict[str, str]:
    token = settings.shopify_token
    return {"X-Shopify-Access-Token": token.get_secret_value()} if token else {}


SHOPIFY = Connector(
    name=shopify.NAME,
    title=shopify.TITLE,
    domain=shopify.DOMAIN,
    api_version=shopify.API_VERSION,
    hosts=shopify.HOSTS,
    requests_per_second=shopify.REQUESTS_PER_SECOND,
    credentials=shopify.CREDENTIALS,
    headers=_headers,
    resources=(
        _resource(shopify.CUSTOMERS, "customers", "updated_at", order="updated_at asc"),
        _resource(shopify.ORDERS, "orders", "updated_at", status="any", order="updated_at asc"),
        _resource(shopify.CHECKOUTS, "checkouts", "updated_at", status="any"),
        _resource(shopify.DELETIONS, "events", "created_at", filter="Customer", verb="destroy"),
    ),
)
