"""Pure helpers: JSON:API documents as flat records, filters and instants as Klaviyo writes them. No requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ingestion.sources.model import Record

# Addresses of further documents, and the type, which is the table.
_ENVELOPE = ("type", "links", "relationships")


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
    emails = {one["id"]: one["attributes"].get("email") for one in _included(body, "profile")}
    records: list[Record] = []
    for record, resource in zip(resource_records(body["data"]), body["data"], strict=True):
        profiles = _related(resource, "profile")
        profile = profiles[0]["id"] if profiles else None
        records.append({**record, "metric": metric, "profile_id": profile, "email": emails.get(profile)})
    return records


def _included(body: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    return [one for one in body.get("included") or () if one["type"] == kind]


def _related(resource: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The resources a relationship names; to one or to many."""
    found = ((resource.get("relationships") or {}).get(name) or {}).get("data") or []
    return found if isinstance(found, list) else [found]
