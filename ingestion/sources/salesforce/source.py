"""Salesforce's resources: one query per object for what changed, deleted records included, batch by batch.

The result of a query is fixed when it is sent; `nextRecordsUrl` leads through it, so that a record that changes
meanwhile is found by the next load. Key of every resource: `id`; versions are appended.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingestion.sources.model import Connector, Cursor, Page, RawTable, Resource, Window
from ingestion.sources.paging import token_pages
from ingestion.sources.salesforce import settings as salesforce
from ingestion.sources.salesforce.records import object_fields, query_of, with_currency

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.sources.client import Client

_DATA = f"/services/data/{salesforce.API_VERSION}"


def _resource(table: RawTable) -> Resource:
    def read(client: Client, window: Window) -> Iterator[Page]:
        absent = _absent_fields(client, table)
        query = query_of(table, window, absent)

        def fetch(batch: str | None) -> tuple[Page, str | None]:
            body = (client.get(batch) if batch else client.get(f"{_DATA}/queryAll", {"q": query})).body
            page = body["records"]
            if salesforce.CURRENCY in absent:
                page = with_currency(page, client.members.get("currency"))
            return page, None if body["done"] else body["nextRecordsUrl"]

        yield from token_pages(fetch)

    return Resource(table, read, Cursor("/SystemModstamp"), is_by_day=table is salesforce.TASKS)


def _absent_fields(client: Client, table: RawTable) -> set[str]:
    """The optional fields this organisation does not have; asks only where there can be one."""
    optional = salesforce.OPTIONAL.intersection(object_fields(table))
    if not optional:
        return set()
    described = client.get(f"{_DATA}/sobjects/{salesforce.OBJECTS[table.name]}/describe").body
    return optional - {field["name"] for field in described["fields"]}


def _headers(_settings: Settings) -> dict[str, str]:
    return {"Sforce-Query-Options": f"batchSize={salesforce.PAGE_SIZE}"}


def _form(settings: Settings) -> dict[str, str]:
    secret = settings.salesforce_client_secret
    return {
        "grant_type": "client_credentials",
        "client_id": settings.salesforce_client_id or "",
        "client_secret": secret.get_secret_value() if secret else "",
    }


def _members(settings: Settings) -> dict[str, str]:
    return {"currency": settings.salesforce_currency} if settings.salesforce_currency else {}


SALESFORCE = Connector(
    name=salesforce.NAME,
    title=salesforce.TITLE,
    domain=salesforce.DOMAIN,
    api_version=salesforce.API_VERSION,
    hosts=salesforce.HOSTS,
    requests_per_second=salesforce.REQUESTS_PER_SECOND,
    credentials=salesforce.CREDENTIALS,
    headers=_headers,
    resources=tuple(
        _resource(table)
        for table in (
            salesforce.LEADS,
            salesforce.CONTACTS,
            salesforce.ACCOUNTS,
            salesforce.OPPORTUNITIES,
            salesforce.TASKS,
            salesforce.CASES,
        )
    ),
    form=_form,
    members=_members,
    grant_path=salesforce.GRANT_PATH,
)
