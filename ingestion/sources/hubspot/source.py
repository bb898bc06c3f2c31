"""HubSpot's resources: the first read lists all objects, later ones search for those that changed.

Search never returns archived objects, so these are listed in every read. Search ends at 10,000 results: each page
begins anew at the last instant of the page before. Key of every resource: `id`; versions are appended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from ingestion.sources.hubspot import settings as hubspot
from ingestion.sources.hubspot.records import (
    association_ids,
    epoch_milliseconds,
    next_token,
    stage_changes,
    with_contacts,
)
from ingestion.sources.model import Connector, Cursor, Page, RawTable, Resource, Window
from ingestion.sources.paging import keyset_pages, token_pages

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.sources.client import Client


_STAGE = "lifecyclestage"
_CONTACT_MODIFIED = "lastmodifieddate"


def _objects(table: RawTable, modified: str, *, is_by_day: bool = False) -> Resource:
    """A CRM object type; `modified` is the property that says when an object last changed."""
    properties = [
        field.pointer.removeprefix("/properties/") for field in table.fields if field.pointer.startswith("/properties/")
    ]
    is_associated = any(field.name == "contact_ids" for field in table.fields)
    cursor = Cursor(f"/properties/{modified}")

    def read(client: Client, window: Window) -> Iterator[Page]:
        if window.since is None:
            found = token_pages(_list_page(client, table.name, properties, archived=False))
        else:
            found = keyset_pages(_search_page(client, table.name, properties, modified, window), cursor, window.since)
        for page in found:
            yield _associated(client, table.name, page) if is_associated and page else page
        for page in token_pages(_list_page(client, table.name, properties, archived=True)):
            yield with_contacts(page, {}) if is_associated else page

    return Resource(table, read, cursor, is_by_day)


def _list_page(
    client: Client, kind: str, properties: list[str], *, archived: bool, **others: str | int
) -> Callable[[str | None], tuple[Page, str | None]]:
    def fetch(after: str | None) -> tuple[Page, str | None]:
        parameters = {
            "limit": hubspot.PAGE_SIZE,
            "properties": ",".join(properties),
            "archived": str(archived).lower(),
            **others,
            **({"after": after} if after else {}),
        }
        body = client.get(f"/crm/v3/objects/{kind}", parameters).body
        return body["results"], next_token(body)

    return fetch


def _search_page(
    client: Client, kind: str, properties: list[str], modified: str, window: Window
) -> Callable[[datetime, str | None], tuple[Page, str | None]]:
    def fetch(since: datetime, after: str | None) -> tuple[Page, str | None]:
        filters = [{"propertyName": modified, "operator": "GTE", "value": epoch_milliseconds(since)}]
        if window.until:
            filters.append({"propertyName": modified, "operator": "LT", "value": epoch_milliseconds(window.until)})
        body = client.post(
            f"/crm/v3/objects/{kind}/search",
            {
                "filterGroups": [{"filters": filters}],
                "sorts": [{"propertyName": modified, "direction": "ASCENDING"}],
                "properties": properties,
                "limit": hubspot.PAGE_SIZE,
                **({"after": after} if after else {}),
            },
        ).body
        return body["results"], next_token(body)

    return fetch


def _associated(client: Client, kind: str, page: Page) -> Page:
    answer = client.post(
        f"/crm/v4/associations/{kind}/contacts/batch/read", {"inputs": [{"id": record["id"]} for record in page]}
    )
    return with_contacts(page, association_ids(answer.body))


def _read_stage_changes(client: Client, window: Window) -> Iterator[Page]:
    """The history of the lifecycle stage of contacts: of all, later of those that changed; read by HubSpot's clock.

    Search does not tell histories, so that they are asked for contact by contact of what was found, in batches.
    """
    if window.since is None:
        history = {"limit": hubspot.HISTORY_PAGE_SIZE, "propertiesWithHistory": _STAGE}
        for page in token_pages(_list_page(client, "contacts", [_STAGE], archived=False, **history)):
            yield stage_changes(page)
        return
    found = _search_page(client, "contacts", [_CONTACT_MODIFIED], _CONTACT_MODIFIED, window)
    for page in keyset_pages(found, Cursor(f"/properties/{_CONTACT_MODIFIED}"), window.since):
        numbers = [{"id": record["id"]} for record in page]
        for start in range(0, len(numbers), hubspot.HISTORY_PAGE_SIZE):
            inputs = numbers[start : start + hubspot.HISTORY_PAGE_SIZE]
            asked = {"inputs": inputs, "properties": [], "propertiesWithHistory": [_STAGE]}
            yield stage_changes(client.post("/crm/v3/objects/contacts/batch/read", asked).body["results"])


def _read_owners(client: Client, _window: Window) -> Iterator[Page]:
    """All owners, deactivated ones too: there are few, and no cursor."""
    for archived in ("false", "true"):

        def fetch(after: str | None, archived: str = archived) -> tuple[Page, str | None]:
            parameters = {"limit": hubspot.PAGE_SIZE, "archived": archived, **({"after": after} if after else {})}
            body = client.get("/crm/v3/owners", parameters).body
            return body["results"], next_token(body)

        yield from token_pages(fetch)


def _headers(settings: Settings) -> dict[str, str]:
    token = settings.hubspot_token
    return {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}


HUBSPOT = Connector(
    name=hubspot.NAME,
    title=hubspot.TITLE,
    domain=hubspot.DOMAIN,
    api_version=hubspot.API_VERSION,
    hosts=hubspot.HOSTS,
    requests_per_second=hubspot.REQUESTS_PER_SECOND,
    credentials=hubspot.CREDENTIALS,
    headers=_headers,
    resources=(
        _objects(hubspot.CONTACTS, _CONTACT_MODIFIED),
        Resource(hubspot.STAGE_CHANGES, _read_stage_changes, Cursor("")),
        *(_objects(table, "hs_lastmodifieddate") for table in (hubspot.COMPANIES, hubspot.DEALS, hubspot.TICKETS)),
        *(
            _objects(table, "hs_lastmodifieddate", is_by_day=True)
            for table in (hubspot.FEEDBACK, hubspot.CALLS, hubspot.MEETINGS)
        ),
        Resource(hubspot.OWNERS, _read_owners),
    ),
)
