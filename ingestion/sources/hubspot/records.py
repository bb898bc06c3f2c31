"""Pure helpers: what HubSpot answers, as the records we keep. No requests, no state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ingestion.sources.model import Record


def with_contacts(records: Sequence[Record], associations: Mapping[str, Sequence[str]]) -> list[Record]:
    """The records with the contacts they are associated with, as `contact_ids`."""
    return [{**record, "contact_ids": list(associations.get(str(record["id"]), ()))} for record in records]


def association_ids(answer: Mapping[str, Any]) -> dict[str, list[str]]:
    """Associated ids by the id they belong to, ascending; those without any are left out."""
    return {
        str(found["from"]["id"]): [str(number) for number in sorted({int(to["toObjectId"]) for to in found["to"]})]
        for found in answer.get("results", [])
    }


def stage_changes(contacts: Sequence[Record]) -> list[Record]:
    """The changes of the contacts' lifecycle stage, the oldest first, one record each."""
    return [
        {"contact_id": str(contact["id"]), **change}
        for contact in contacts
        for change in reversed(contact["propertiesWithHistory"].get("lifecyclestage") or ())
    ]


def epoch_milliseconds(instant: datetime) -> str:
    """An instant as search filters want it."""
    return str(int(instant.timestamp() * 1000))


def next_token(answer: Mapping[str, Any]) -> str | None:
    """The token of the next page, None on the last one."""
    return answer.get("paging", {}).get("next", {}).get("after")
