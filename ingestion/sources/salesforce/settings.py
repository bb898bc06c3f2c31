"""Salesforce's constants: version, hosts, limits, credentials, and the raw tables with their fields.

How they are read is `source.py`; how a table becomes a query, `records.py`.
"""

from __future__ import annotations

from ingestion.contract.model import Pii
from ingestion.sources.model import Credential, Field, Kind, RawTable, members

NAME = "salesforce"
TITLE = "Salesforce"
DOMAIN = "crm"
API_VERSION = "v62.0"
HOSTS = ("*.my.salesforce.com",)
# The daily allowance counts, not the second: 25 requests may run at a time, this connector sends one after the other.
REQUESTS_PER_SECOND = 10.0
PAGE_SIZE = 2000
GRANT_PATH = "/services/oauth2/token"
# Fields an organisation may not have; asking for one that is not there is an error.
CURRENCY = "CurrencyIsoCode"
OPTIONAL = frozenset({CURRENCY})
# The object each table is read from.
OBJECTS = {
    "leads": "Lead",
    "contacts": "Contact",
    "accounts": "Account",
    "opportunities": "Opportunity",
    "tasks": "Task",
    "cases": "Case",
}
CREDENTIALS = (
    Credential("salesforce_base_url", "Address of the organisation, for example https://acme.my.salesforce.com."),
    Credential("salesforce_client_id", "Consumer key of a client app with the client credentials flow."),
    Credential("salesforce_client_secret", "Consumer secret of the client app."),
)

_KNOWN = members("attributes")


def sf(name: str, member: str, kind: Kind, description: str, *, required: bool = False, pii: Pii = Pii.NONE) -> Field:
    """A field of an object, in Salesforce's own name."""
    return Field(name, kind, description, path=f"/{member}", required=required, pii=pii)


def _object(name: str, member: str, what: str, *fields: Field) -> RawTable:
    head = (
        sf("id", "Id", Kind.TEXT, f"Identifier of the {what}, 18 characters.", required=True),
        sf("is_deleted", "IsDeleted", Kind.BOOLEAN, f"Whether the {what} lies in the recycle bin.", required=True),
        sf("created_date", "CreatedDate", Kind.TIME_TEXT, f"When the {what} was created.", required=True),
        sf("system_modstamp", "SystemModstamp", Kind.TIME_TEXT, "When it was last changed: the cursor.", required=True),
    )
    return RawTable(name, f"One row per version of {member} in Salesforce.", ("id",), (*head, *fields), _KNOWN)


def _person(what: str, address: str) -> tuple[Field, ...]:
    return (
        sf("master_record_id", "MasterRecordId", Kind.TEXT, f"The {what} it was merged into."),
        sf("first_name", "FirstName", Kind.TEXT, "Given name.", pii=Pii.DIRECT),
        sf("last_name", "LastName", Kind.TEXT, "Family name.", pii=Pii.DIRECT),
        sf("email", "Email", Kind.TEXT, "E-mail address.", pii=Pii.DIRECT),
        sf("phone", "Phone", Kind.TEXT, "Phone number.", pii=Pii.DIRECT),
        sf("mobile_phone", "MobilePhone", Kind.TEXT, "Mobile phone number.", pii=Pii.DIRECT),
        sf("street", f"{address}Street", Kind.TEXT, "Street and house number.", pii=Pii.DIRECT),
        sf("postal_code", f"{address}PostalCode", Kind.TEXT, "Postal code.", pii=Pii.QUASI),
        sf("city", f"{address}City", Kind.TEXT, "City.", pii=Pii.QUASI),
        sf("country", f"{address}Country", Kind.TEXT, "Country, as typed or as code.", pii=Pii.QUASI),
        sf("lead_source", "LeadSource", Kind.TEXT, "Where the CRM says the person came from."),
        sf("owner_id", "OwnerId", Kind.TEXT, "User or queue responsible."),
    )


LEADS = _object(
    "leads",
    "a Lead",
    "lead",
    *_person("lead", ""),
    sf("company", "Company", Kind.TEXT, "Company the lead works for, as typed."),
    sf("status", "Status", Kind.TEXT, "State of the lead."),
    sf("is_converted", "IsConverted", Kind.BOOLEAN, "Whether the lead became a contact.", required=True),
    sf("converted_date", "ConvertedDate", Kind.DATE_TEXT, "Day of the conversion."),
    sf("converted_contact_id", "ConvertedContactId", Kind.TEXT, "Contact the lead became.", pii=Pii.QUASI),
    sf("converted_account_id", "ConvertedAccountId", Kind.TEXT, "Account the lead became."),
    sf("converted_opportunity_id", "ConvertedOpportunityId", Kind.TEXT, "Opportunity the lead became."),
)

CONTACTS = _object(
    "contacts",
    "a Contact",
    "contact",
    *_person("contact", "Mailing"),
    sf("account_id", "AccountId", Kind.TEXT, "Account the contact works for."),
    sf("birthdate", "Birthdate", Kind.DATE_TEXT, "Date of birth.", pii=Pii.DIRECT),
)

ACCOUNTS = _object(
    "accounts",
    "an Account",
    "account",
    sf("master_record_id", "MasterRecordId", Kind.TEXT, "The account it was merged into."),
    sf("name", "Name", Kind.TEXT, "Name.", required=True),
    sf("website", "Website", Kind.TEXT, "Web address."),
    sf("industry", "Industry", Kind.TEXT, "Industry."),
    sf("number_of_employees", "NumberOfEmployees", Kind.INTEGER, "Number of employees."),
    sf("city", "BillingCity", Kind.TEXT, "City."),
    sf("country", "BillingCountry", Kind.TEXT, "Country, as typed or as code."),
)

OPPORTUNITIES = _object(
    "opportunities",
    "an Opportunity",
    "opportunity",
    sf("account_id", "AccountId", Kind.TEXT, "Account of the opportunity."),
    sf("contact_id", "ContactId", Kind.TEXT, "Primary contact of the opportunity.", pii=Pii.QUASI),
    sf("name", "Name", Kind.TEXT, "Name."),
    sf("stage_name", "StageName", Kind.TEXT, "Stage in the pipeline.", required=True),
    sf("amount", "Amount", Kind.NUMBER, "Amount in the opportunity's currency, in major units."),
    sf("currency_iso_code", "CurrencyIsoCode", Kind.TEXT, "Currency, ISO 4217; with one currency only, the one set."),
    sf("close_date", "CloseDate", Kind.DATE_TEXT, "Day it was closed, or is expected to be."),
    sf("is_closed", "IsClosed", Kind.BOOLEAN, "Whether the opportunity is closed.", required=True),
    sf("is_won", "IsWon", Kind.BOOLEAN, "Whether the opportunity was won.", required=True),
)

TASKS = _object(
    "tasks",
    "a Task",
    "task",
    sf("who_id", "WhoId", Kind.TEXT, "Lead or contact the task is about.", pii=Pii.QUASI),
    sf("task_subtype", "TaskSubtype", Kind.TEXT, "Kind: Task, Call, Email, ListEmail, Cadence, LinkedIn."),
    sf("call_type", "CallType", Kind.TEXT, "Inbound, Outbound or Internal."),
    sf("call_disposition", "CallDisposition", Kind.TEXT, "Outcome of a call."),
    sf("status", "Status", Kind.TEXT, "State of the task."),
    sf("is_closed", "IsClosed", Kind.BOOLEAN, "Whether the task is done.", required=True),
    sf("activity_date", "ActivityDate", Kind.DATE_TEXT, "Day the task is due."),
    sf("completed_date_time", "CompletedDateTime", Kind.TIME_TEXT, "When the task was done."),
)

CASES = _object(
    "cases",
    "a Case",
    "case",
    sf("contact_id", "ContactId", Kind.TEXT, "Contact who asked.", pii=Pii.QUASI),
    sf("supplied_email", "SuppliedEmail", Kind.TEXT, "Address the request came from.", pii=Pii.DIRECT),
    sf("origin", "Origin", Kind.TEXT, "Channel the request came in through."),
    sf("type", "Type", Kind.TEXT, "Kind of request."),
    sf("reason", "Reason", Kind.TEXT, "Reason of the request."),
    sf("is_closed", "IsClosed", Kind.BOOLEAN, "Whether the case is closed.", required=True),
    sf("closed_date", "ClosedDate", Kind.TIME_TEXT, "When the case was closed."),
)
