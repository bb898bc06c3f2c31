"""Pure helpers: JSON:API documents as flat records, filters and instants as Klaviyo writes them. No requests."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from ingestion.sources.model import Record

# Addresses of further documents, and the type, which is the table.
_ENVELOPE = ("type", "links", "relationships")
# What Klaviyo calls itself among the systems that send events.
INTEGRATION = "Klaviyo"


def instant_text(instant: datetime) -> str:
    """An instant as Klaviyo's filters take it: in UTC, without quotes around it."""
    return f"{instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def all_of(*conditions: str) -> str:
    """A filter that holds when every condition does; empty conditions are left out."""
    present = [condition for condition in conditions if condition]
    return present[0] if len(present) == 1 else f"and({','.join(present)})" if present else ""


def resource_records(resources: Iterable[Mapping[str, Any]]) -> list[Record]:
    """Resources without the envelope every JSON:API resource has."""
    return [{name: value for name, value in one.items() if name not in _ENVELOPE} for one in resources]


def campaign_records(body: Mapping[str, Any]) -> list[Record]:
    """Campaigns with their messages, which stand beside them in the document."""
    messages = {one["id"]: one["attributes"] for one in _included(body, "campaign-message")}
    return [
        {
            **record,
            "messages": [{"id": one["id"], **messages[one["id"]]} for one in _related(resource, "campaign-messages")],
        }
        for record, resource in zip(resource_records(body["data"]), body["data"], strict=True)
    ]


def event_records(body: Mapping[str, Any], metric: str) -> list[Record]:
    """Events of a metric with the address of their profile; a profile that was deleted has none."""
    emails = _emails(body)
    return [_event(record, resource, metric, emails) for record, resource in _paired(body)]


def own_event_records(body: Mapping[str, Any], wanted: Container[str]) -> list[Record]:
    """Of events of all metrics those of Klaviyo's own metrics with these names; other systems may use the names."""
    emails = _emails(body)
    metrics = {
        one["id"]: one["attributes"]["name"]
        for one in _included(body, "metric")
        # A metric somebody sent through the API belongs to no integration.
        if (one["attributes"].get("integration") or {}).get("name") == INTEGRATION
        and one["attributes"]["name"] in wanted
    }
    return [
        _event(record, resource, metrics[metric["id"]], emails)
        for record, resource in _paired(body)
        for metric in _related(resource, "metric")[:1]
        if metric["id"] in metrics
    ]


def _event(record: Record, resource: Mapping[str, Any], metric: str, emails: Mapping[str, str | None]) -> Record:
    profiles = _related(resource, "profile")
    profile = profiles[0]["id"] if profiles else None
    return {**record, "metric": metric, "profile_id": profile, "email": emails.get(profile)}


def _paired(body: Mapping[str, Any]) -> Iterator[tuple[Record, Mapping[str, Any]]]:
    return zip(resource_records(body["data"]), body["data"], strict=True)


def _emails(body: Mapping[str, Any]) -> dict[str, str | None]:
    return {one["id"]: one["attributes"].get("email") for one in _included(body, "profile")}


def _included(body: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [one for one in body.get("included") or () if one["type"] == kind]


def _related(resource: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The resources a relationship names; to one or to many."""
    found = ((resource.get("relationships") or {}).get(name) or {}).get("data") or []
    return found if isinstance(found, list) else [found]
