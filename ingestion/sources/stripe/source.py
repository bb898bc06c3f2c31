"""Stripe's resources: the first read lists all objects, later ones ask the event log which of them changed.

Lists can only be filtered by creation, so changes are found in the events, which are kept for 30 days; after a longer
pause everything is listed again. Key of every resource: `id`; versions are appended.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ingestion.sources.model import Connector, Cursor, Page, RawTable, Resource, Window
from ingestion.sources.paging import token_pages
from ingestion.sources.stripe import settings as stripe
from ingestion.sources.stripe.records import CUSTOMER_DELETED, object_of

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.sources.client import Client


def _resource(table: RawTable, *events: str, **parameters: str) -> Resource:
    """A resource; `events` are the types of events that tell of its changes."""

    def read(client: Client, window: Window) -> Iterator[Page]:
        if window.since is None or _is_forgotten(client, window):
            yield from _pages(client, f"/v1/{table.name}", dict(parameters))
            return
        asked: dict[str, Any] = {"types[]": events, "created[gte]": int(window.since.timestamp())}
        if window.until:
            asked["created[lt]"] = int(window.until.timestamp())
        seen: set[str] = set()
        for page in _pages(client, "/v1/events", asked):
            # The log begins with the latest event: what it says of an object is what counts.
            latest = {record["id"]: record for record in reversed([object_of(event) for event in page])}
            yield [record for number, record in latest.items() if number not in seen]
            seen.update(latest)

    return Resource(table, read, Cursor(path=""))


def _is_forgotten(client: Client, window: Window) -> bool:
    """Whether the event log does not go back to the beginning of the window; asks for the vendor's time if needed."""
    if client.server_time is None:
        client.get("/v1/events", {"limit": 1})
    if client.server_time is None or window.since is None:
        return True
    return client.server_time - window.since > timedelta(days=stripe.EVENT_DAYS)


def _pages(client: Client, path: str, asked: dict[str, Any]) -> Iterator[Page]:
    def fetch(after: str | None) -> tuple[Page, str | None]:
        parameters = {"limit": stripe.PAGE_SIZE, **asked, **({"starting_after": after} if after else {})}
        body = client.get(path, parameters).body
        page = body["data"]
        return page, page[-1]["id"] if body["has_more"] and page else None

    return token_pages(fetch)


def _headers(settings: Settings) -> dict[str, str]:
    key = settings.stripe_key
    return {"Authorization": f"Bearer {key.get_secret_value()}", "Stripe-Version": stripe.API_VERSION} if key else {}


STRIPE = Connector(
    name=stripe.NAME,
    title=stripe.TITLE,
    domain=stripe.DOMAIN,
    api_version=stripe.API_VERSION,
    hosts=stripe.HOSTS,
    requests_per_second=stripe.REQUESTS_PER_SECOND,
    credentials=stripe.CREDENTIALS,
    headers=_headers,
    resources=(
        _resource(stripe.CUSTOMERS, "customer.created", "customer.updated", CUSTOMER_DELETED),
        _resource(
            stripe.SUBSCRIPTIONS,
            *(f"customer.subscription.{what}" for what in stripe.SUBSCRIPTION_CHANGES),
            status="all",
        ),
        _resource(stripe.INVOICES, *(f"invoice.{what}" for what in stripe.INVOICE_CHANGES)),
        _resource(stripe.REFUNDS, "refund.created", "refund.updated", "refund.failed"),
    ),
)
