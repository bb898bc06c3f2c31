"""The company's CRM in Salesforce: the same people as contacts, every fourth of them a lead before.

Leads are converted when the contact appears; merges, deletions, opportunities, calls and cases as the CRM has them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ingestion.sandbox.server.company.deliveries import Deliveries, Numbers, Row
from ingestion.sandbox.server.store import Store, put_from_creation

PREFIXES = {"Lead": "00Q", "Contact": "003", "Account": "001", "Opportunity": "006", "Task": "00T", "Case": "500"}
LEAD_TIME = timedelta(days=14)
_SUFFIX = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def put_salesforce(store: Store, company: Deliveries) -> None:
    """Put the company's Salesforce organisation into the store."""
    contacts, accounts = Numbers(1), Numbers(1)
    for row in company.rows("crm_companies"):
        record = {
            "Name": row["name"],
            "Website": row["domain"],
            "Industry": row["industry"],
            "NumberOfEmployees": row["employee_count"],
            "BillingCity": row["city"],
            "BillingCountry": row["country"],
        }
        key = salesforce_id("Account", accounts.of(row["company_id"]))
        put_from_creation(store, "salesforce.Account", key, (row["created_at"], row["updated_at"]), record)
    for row in company.rows("crm_contacts"):
        _put_person(store, row, contacts, accounts)
    _put_opportunities(store, company.rows("crm_deals"), contacts, accounts)
    _put_cases(store, company.rows("crm_tickets"), contacts)
    _put_calls(store, company.rows("crm_activities"), contacts)


def salesforce_id(kind: str, number: int) -> str:
    """An identifier of 18 characters: 15, and three that say which of them are capital letters."""
    short = f"{PREFIXES[kind]}{number:012d}"
    chunks = (short[start : start + 5] for start in range(0, 15, 5))
    return short + "".join(
        _SUFFIX[sum(1 << place for place, letter in enumerate(chunk) if letter.isupper())] for chunk in chunks
    )


def _put_person(store: Store, row: Row, contacts: Numbers, accounts: Numbers) -> None:
    is_new, number = row["contact_id"] not in contacts, contacts.of(row["contact_id"])
    person = {
        "FirstName": row["first_name"],
        "LastName": row["last_name"],
        "Email": row["email"],
        "Phone": row["phone"],
        "LeadSource": row["lead_source"],
    }
    key, times = salesforce_id("Contact", number), (row["created_at"], row["updated_at"])
    if is_new and number % 4 == 0:
        _put_lead(store, salesforce_id("Lead", number), row["created_at"], person, key)
    contact = person | {
        "MailingStreet": row["street"],
        "MailingPostalCode": row["postal_code"],
        "MailingCity": row["city"],
        "MailingCountry": row["country"],
        "Birthdate": row["birth_date"].isoformat() if row["birth_date"] else None,
        "AccountId": salesforce_id("Account", accounts.of(row["company_id"])) if row["company_id"] else None,
    }
    winner = row["merged_into_contact_id"]
    if winner:
        contact["MasterRecordId"] = salesforce_id("Contact", contacts.of(winner))
    is_deleted = bool(winner or row["deleted_at"])
    put_from_creation(store, "salesforce.Contact", key, times, contact, is_deleted=is_deleted)


def _put_lead(store: Store, key: str, converted_at: datetime, person: dict[str, Any], contact: str) -> None:
    lead = person | {"Status": "Open", "IsConverted": False}
    store.put("salesforce.Lead", key, converted_at - LEAD_TIME, lead)
    converted = {
        "Status": "Converted",
        "IsConverted": True,
        "ConvertedDate": converted_at.date().isoformat(),
        "ConvertedContactId": contact,
    }
    store.put("salesforce.Lead", key, converted_at, lead | converted)


def _put_opportunities(store: Store, rows: list[Row], contacts: Numbers, accounts: Numbers) -> None:
    opportunities = Numbers(1)
    for row in rows:
        closed = row["closed_at"] or row["created_at"] + timedelta(days=90)
        record = {
            "AccountId": salesforce_id("Account", accounts.of(row["company_id"])) if row["company_id"] else None,
            "ContactId": _contact(row, contacts),
            "Name": row["name"],
            "StageName": row["stage"] or "Prospecting",
            "Amount": float(row["amount"]) if row["amount"] is not None else None,
            "CurrencyIsoCode": row["currency"],
            "CloseDate": closed.date().isoformat(),
            "IsClosed": bool(row["is_closed"]),
            "IsWon": bool(row["is_won"]),
        }
        key = salesforce_id("Opportunity", opportunities.of(row["deal_id"]))
        put_from_creation(store, "salesforce.Opportunity", key, (row["created_at"], row["updated_at"]), record)


def _put_cases(store: Store, rows: list[Row], contacts: Numbers) -> None:
    cases = Numbers(1)
    for row in rows:
        record = {
            "ContactId": _contact(row, contacts),
            "SuppliedEmail": row["email"],
            "Origin": row["channel"],
            "Reason": row["topic"],
            "IsClosed": row["resolved_at"] is not None,
            "ClosedDate": _stamp(row["resolved_at"]) if row["resolved_at"] else None,
        }
        key = salesforce_id("Case", cases.of(row["ticket_id"]))
        put_from_creation(store, "salesforce.Case", key, (row["opened_at"], row["updated_at"]), record)


def _put_calls(store: Store, rows: list[Row], contacts: Numbers) -> None:
    tasks = Numbers(1)
    for row in rows:
        if row["type"] != "call":
            continue
        record = {
            "WhoId": _contact(row, contacts),
            "TaskSubtype": "Call",
            "CallType": row["direction"].capitalize() if row["direction"] else None,
            "CallDisposition": row["outcome"],
            "Status": "Completed",
            "IsClosed": True,
            "ActivityDate": row["occurred_at"].date().isoformat(),
            "CompletedDateTime": _stamp(row["occurred_at"]),
        }
        store.put("salesforce.Task", salesforce_id("Task", tasks.of(row["activity_id"])), row["occurred_at"], record)


def _contact(row: Row, contacts: Numbers) -> str | None:
    return salesforce_id("Contact", contacts.of(row["contact_id"])) if row["contact_id"] else None


def _stamp(instant: datetime) -> str:
    return instant.isoformat(timespec="milliseconds").replace("+00:00", "+0000")
