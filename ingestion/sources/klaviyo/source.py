"""Klaviyo's resources: profiles and campaigns by the time of their change, events by metric and time.

Pages are sorted by that time and linked by cursors, which mark a place in the order: what changes meanwhile moves to
the end and is read there again. Key of every resource: `id`; versions are appended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ingestion.sources.klaviyo import settings as klaviyo
from ingestion.sources.klaviyo.records import (
    all_of,
    campaign_records,
    event_records,
    instant_text,
    own_event_records,
    resource_records,
)
from ingestion.sources.model import Connector, Cursor, Page, Resource, Window
from ingestion.sources.paging import token_pages

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.sources.client import Client

_PROFILE_CHANGE = Cursor("/attributes/updated")
_CAMPAIGN_CHANGE = Cursor("/attributes/updated_at")
_EVENT = Cursor("/attributes/datetime", overlap=klaviyo.EVENT_DELAY)
# Profiles can be asked for after an instant, not at it, and show their own in whole seconds.
_SECOND = timedelta(seconds=1)

Document = Mapping[str, Any]


def _pages(client: Client, path: str, asked: Mapping[str, Any], records: Callable[[Document], Page]) -> Iterator[Page]:
    """The pages of a collection; each document links the next one, with everything that was asked in the link."""

    def fetch(link: str | None) -> tuple[Page, str | None]:
        body = (client.get(link) if link else client.get(path, asked)).body
        return records(body), body["links"].get("next")

    return token_pages(fetch)


def _read_profiles(client: Client, window: Window) -> Iterator[Page]:
    asked = {"sort": "updated", "page[size]": klaviyo.PAGE_SIZE, "additional-fields[profile]": "subscriptions"}
    changed = all_of(
        f"greater-than(updated,{instant_text(window.since - _SECOND)})" if window.since else "",
        f"less-than(updated,{instant_text(window.until)})" if window.until else "",
    )
    asked |= {"filter": changed} if changed else {}
    return _pages(client, "/api/profiles", asked, lambda body: resource_records(body["data"]))


def _read_campaigns(client: Client, window: Window) -> Iterator[Page]:
    for is_archived in ("false", "true"):
        chosen = all_of(
            "equals(messages.channel,'email')",
            f"equals(archived,{is_archived})",
            *_between("updated_at", window),
        )
        asked = {
            "filter": chosen,
            "sort": "updated_at",
            "include": "campaign-messages",
            "page[size]": klaviyo.PAGE_SIZE,
        }
        yield from _pages(client, "/api/campaigns", asked, campaign_records)


def _read_events(client: Client, window: Window) -> Iterator[Page]:
    """The events of Klaviyo's own metrics of mails.

    What is new is asked for at once: when all metrics together fit on one page, that is all. Else the metrics are read
    one by one (an account may have a hundred times as many other events, and a filter names one metric only).
    """
    page = _page_of_all_metrics(client, window) if window.since else None
    if page is not None:
        yield page
        return
    for metrics in _metrics(client):
        for metric in metrics:
            name = metric["attributes"]["name"]
            if name in klaviyo.METRIC_NAMES:
                yield from _read_metric(client, window, metric["id"], name)


def _page_of_all_metrics(client: Client, window: Window) -> Page | None:
    """The events of a window, whatever their metric, as far as they tell of mails; None when there are more pages."""
    body = client.get("/api/events", _event_query(_between("datetime", window), include="metric,profile")).body
    return None if body["links"].get("next") else own_event_records(body, klaviyo.METRIC_NAMES)


def _metrics(client: Client) -> Iterator[Page]:
    """Klaviyo's own metrics; other systems may call theirs the same."""
    asked = {"filter": "equals(integration.name,'Klaviyo')"}
    return _pages(client, "/api/metrics", asked, lambda body: resource_records(body["data"]))


def _read_metric(client: Client, window: Window, number: str, name: str) -> Iterator[Page]:
    asked = _event_query((f"equals(metric_id,'{number}')", *_between("datetime", window)), include="profile")
    return _pages(client, "/api/events", asked, lambda body: event_records(body, name))


def _event_query(conditions: Iterable[str], include: str) -> dict[str, Any]:
    return {
        "filter": all_of(*conditions),
        "sort": "datetime",
        "include": include,
        "fields[profile]": "email",
        "page[size]": klaviyo.EVENT_PAGE_SIZE,
    }


def _between(field: str, window: Window) -> tuple[str, str]:
    return (
        f"greater-or-equal({field},{instant_text(window.since)})" if window.since else "",
        f"less-than({field},{instant_text(window.until)})" if window.until else "",
    )


def _headers(settings: Settings) -> dict[str, str]:
    key = settings.klaviyo_key
    if key is None:
        return {}
    return {
        "Authorization": f"Klaviyo-API-Key {key.get_secret_value()}",
        "Accept": "application/vnd.api+json",
        "revision": klaviyo.API_VERSION,
    }


KLAVIYO = Connector(
    name=klaviyo.NAME,
    title=klaviyo.TITLE,
    domain=klaviyo.DOMAIN,
    api_version=klaviyo.API_VERSION,
    hosts=klaviyo.HOSTS,
    requests_per_second=klaviyo.REQUESTS_PER_SECOND,
    credentials=klaviyo.CREDENTIALS,
    headers=_headers,
    resources=(
        Resource(klaviyo.PROFILES, _read_profiles, _PROFILE_CHANGE),
        Resource(klaviyo.CAMPAIGNS, _read_campaigns, _CAMPAIGN_CHANGE),
        Resource(klaviyo.EVENTS, _read_events, _EVENT),
    ),
)
