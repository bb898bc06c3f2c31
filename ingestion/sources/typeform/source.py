"""Typeform's resources: forms that have changed, and the responses to every form, the newest first.

Each page of responses is what was submitted before the last one of the page before (`before`, a token), so that a new
response moves nobody. Keys: `id` for forms, form and response for responses; versions are appended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ingestion.sources.errors import ProtocolError
from ingestion.sources.model import Connector, Cursor, Page, Resource, Window
from ingestion.sources.paging import token_pages
from ingestion.sources.typeform import settings as typeform
from ingestion.sources.typeform.records import has_changed_in, span_of, with_form

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.sources.client import Client


def _listed_forms(client: Client) -> list[Mapping[str, Any]]:
    """All forms the token may see.

    Raises:
        ProtocolError: when a form vanished from the list while its pages were read, so that another one was skipped.
    """
    found: dict[str, Mapping[str, Any]] = {}
    page, page_count = 1, 1
    while page <= page_count:
        body = client.get("/forms", {"page": page, "page_size": typeform.FORMS_PAGE_SIZE}).body
        found |= {form["id"]: form for form in body["items"]}
        page, page_count = page + 1, body["page_count"]
    if page_count > 1 and len(found) < body["total_items"]:
        raise ProtocolError(
            "forms: the list of forms changed while it was read. Nothing was loaded and the cursor stays; the next "
            "load tries again."
        )
    return list(found.values())


def _read_forms(client: Client, window: Window) -> Iterator[Page]:
    for form in _listed_forms(client):
        if has_changed_in(form, window):
            yield [client.get(_path(form)).body]


def _read_responses(client: Client, window: Window) -> Iterator[Page]:
    for form in _listed_forms(client):
        yield from _responses(client, form, window)


def _responses(client: Client, form: Mapping[str, Any], window: Window) -> Iterator[Page]:
    asked = {"page_size": typeform.PAGE_SIZE, "response_type": "completed", **span_of(window)}

    def fetch(before: str | None) -> tuple[Page, str | None]:
        items = client.get(f"{_path(form)}/responses", asked | ({"before": before} if before else {})).body["items"]
        return with_form(items, form["id"]), items[-1]["token"] if len(items) == typeform.PAGE_SIZE else None

    return token_pages(fetch)


def _path(form: Mapping[str, Any]) -> str:
    return f"/forms/{quote(form['id'], safe='')}"


def _headers(settings: Settings) -> dict[str, str]:
    token = settings.typeform_token
    return {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}


TYPEFORM = Connector(
    name=typeform.NAME,
    title=typeform.TITLE,
    domain=typeform.DOMAIN,
    api_version=typeform.API_VERSION,
    hosts=typeform.HOSTS,
    requests_per_second=typeform.REQUESTS_PER_SECOND,
    credentials=typeform.CREDENTIALS,
    headers=_headers,
    resources=(
        # Forms come first: a response is read by the questions its form had then.
        Resource(typeform.FORMS, _read_forms, Cursor("/last_updated_at")),
        Resource(typeform.RESPONSES, _read_responses, Cursor("/submitted_at", overlap=typeform.LATE), is_by_day=True),
    ),
)
