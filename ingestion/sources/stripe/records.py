"""Pure helpers: what Stripe's event log says about objects. No requests, no state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ingestion.sources.model import Record

CUSTOMER_DELETED = "customer.deleted"


def object_of(event: Mapping[str, Any]) -> Record:
    """The object as the event left it; a deleted customer is marked with the time of the event."""
    found = event["data"]["object"]
    return {**found, "deleted_at": event["created"]} if event["type"] == CUSTOMER_DELETED else found
