"""The company's CRM in HubSpot: contacts with merges and deletions, companies, deals, tickets, engagements, surveys."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from ingestion.sandbox.server.company.deliveries import Deliveries, Numbers, Row
from ingestion.sandbox.server.store import Store, put_from_creation

SURVEYS = {"nps": "NPS", "csat": "CSAT", "ces": "CES"}


def put_hubspot(store: Store, company: Deliveries) -> None:
    """Put the company's HubSpot account into the store."""
    contacts, companies = Numbers(100_001), Numbers(700_001)
    for row in company.rows("crm_companies"):
        properties = {
            **_texts(row, name="name", domain="domain", industry="industry", city="city", country="hs_country_code"),
            "numberofemployees": _text(row["employee_count"]),
        }
        _put(store, "companies", companies.of(row["company_id"]), row["created_at"], row["updated_at"], properties)
    _put_contacts(store, company.rows("crm_contacts"), contacts, companies)
    _put_stages(store, company.rows("crm_stage_changes"), contacts)
    _put_deals(store, company.rows("crm_deals"), contacts, companies)
    _put_tickets(store, company.rows("crm_tickets"), contacts)
    _put_engagements(store, company.rows("crm_activities"), contacts)
    _put_answers(store, company.rows("crm_survey_responses"), contacts)


def _put_contacts(store: Store, rows: list[Row], contacts: Numbers, companies: Numbers) -> None:
    merged: dict[str, list[str]] = defaultdict(list)
    latest: dict[str, dict[str, Any]] = {}
    for row in rows:
        number = contacts.of(row["contact_id"])
        properties = _texts(
            row,
            email="email",
            phone="phone",
            first_name="firstname",
            last_name="lastname",
            street="address",
            postal_code="zip",
            city="city",
            country="hs_country_region_code",
            lead_source="hs_analytics_source",
            owner="hubspot_owner_id",
        )
        properties["associatedcompanyid"] = str(companies.of(row["company_id"])) if row["company_id"] else None
        at = row["updated_at"] or row["created_at"]
        winner = row["merged_into_contact_id"]
        latest[row["contact_id"]] = properties
        if winner and winner in latest:
            merged[winner].append(str(number))
            kept = latest[winner] | {"hs_merged_object_ids": ";".join(merged[winner])}
            latest[winner] = kept
            store.put("hubspot.contacts", str(contacts.of(winner)), at, {"properties": kept})
            record = {"properties": properties, "is_merged": True}
            store.put("hubspot.contacts", str(number), at, record, is_deleted=True)
            continue
        if merged[row["contact_id"]]:
            properties["hs_merged_object_ids"] = ";".join(merged[row["contact_id"]])
        is_deleted = row["deleted_at"] is not None
        _put(store, "contacts", number, row["created_at"], at, properties, is_deleted=is_deleted)


def _put_stages(store: Store, rows: list[Row], contacts: Numbers) -> None:
    """The history of the contacts' stages; entering a stage changes the contact."""
    stages: dict[str, set[tuple[datetime, str, str]]] = defaultdict(set)
    for row in rows:
        stages[str(contacts.of(row["contact_id"]))].add((row["changed_at"], row["stage"], row["changed_by"]))
    for number, changes in stages.items():
        store.amend("hubspot.contacts", number, {"stages": sorted(changes)})
        for at, _, _ in changes:
            contact = store.get_at("hubspot.contacts", number, at)
            if contact is not None and not contact.is_deleted and contact.changed_at < at:
                store.put("hubspot.contacts", number, at, contact.record)


def _put_deals(store: Store, rows: list[Row], contacts: Numbers, companies: Numbers) -> None:
    deals = Numbers(300_001)
    for row in rows:
        properties = {
            **_texts(row, name="dealname", stage="dealstage", currency="deal_currency_code"),
            "hs_is_closed": _text(row["is_closed"]),
            "hs_is_closed_won": _text(row["is_won"]),
            "amount": _text(row["amount"]),
            "closedate": _text(row["closed_at"]),
            "hs_primary_associated_company": str(companies.of(row["company_id"])) if row["company_id"] else None,
        }
        number = deals.of(row["deal_id"])
        _put(store, "deals", number, row["created_at"], row["updated_at"], properties, _contacts(row, contacts))


def _put_tickets(store: Store, rows: list[Row], contacts: Numbers) -> None:
    tickets = Numbers(400_001)
    for row in rows:
        properties = {
            **_texts(row, topic="hs_ticket_category", channel="source_type"),
            "first_agent_reply_date": _text(row["first_response_at"]),
            "closed_date": _text(row["resolved_at"]),
        }
        number = tickets.of(row["ticket_id"])
        _put(store, "tickets", number, row["opened_at"], row["updated_at"], properties, _contacts(row, contacts))


def _put_engagements(store: Store, rows: list[Row], contacts: Numbers) -> None:
    numbers = Numbers(500_001)
    for row in rows:
        if row["type"] not in ("call", "meeting"):
            continue
        happened, number = {"hs_timestamp": _text(row["occurred_at"])}, numbers.of(row["activity_id"])
        if row["type"] == "call":
            properties = happened | {
                "hs_call_direction": _upper(row["direction"]),
                "hs_call_disposition": row["outcome"],
            }
            _put(store, "calls", number, row["occurred_at"], None, properties, _contacts(row, contacts))
        else:
            properties = happened | {"hs_meeting_outcome": "COMPLETED"}
            _put(store, "meetings", number, row["occurred_at"], None, properties, _contacts(row, contacts))


def _put_answers(store: Store, rows: list[Row], contacts: Numbers) -> None:
    answers = Numbers(600_001)
    for row in rows:
        properties = {
            "hs_survey_type": SURVEYS[row["survey_type"]],
            "hs_value": _text(row["score"]),
            "hs_content": row["comment"],
            "hs_survey_name": row["touchpoint"],
            "hs_submission_timestamp": _text(row["responded_at"]),
        }
        number = answers.of(row["response_id"])
        _put(store, "feedback_submissions", number, row["responded_at"], None, properties, _contacts(row, contacts))


def _put(  # noqa: PLR0913 - one record has this many sides
    store: Store,
    kind: str,
    number: int,
    created_at: datetime,
    updated_at: datetime | None,
    properties: dict[str, Any],
    contact_ids: list[str] | None = None,
    *,
    is_deleted: bool = False,
) -> None:
    record = {"properties": properties, "contact_ids": contact_ids or []}
    put_from_creation(store, f"hubspot.{kind}", str(number), (created_at, updated_at), record, is_deleted=is_deleted)


def _contacts(row: Row, contacts: Numbers) -> list[str]:
    return [str(contacts.of(row["contact_id"]))] if row["contact_id"] else []


def _texts(row: Row, **properties: str) -> dict[str, Any]:
    return {name: row[column] for column, name in properties.items()}


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _upper(value: str | None) -> str | None:
    return value.upper() if value else None
