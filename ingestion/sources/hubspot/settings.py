"""HubSpot's constants: version, hosts, limits, credentials, and the raw tables with their fields.

How they are read is `source.py`; how an answer becomes a record, `records.py`.
"""

from __future__ import annotations

from ingestion.contract.model import Pii
from ingestion.sources.model import Credential, Field, Kind, RawTable

NAME = "hubspot"
TITLE = "HubSpot"
DOMAIN = "crm"
API_VERSION = "v3"
HOSTS = ("api.hubapi.com", "api-eu1.hubapi.com")
# Private apps may send 100 requests in 10 seconds; the search endpoint 4 a second.
REQUESTS_PER_SECOND = 4.0
PAGE_SIZE = 100
# Contacts with the history of a property come in smaller pages.
HISTORY_PAGE_SIZE = 50
CREDENTIALS = (Credential("hubspot_token", "Access token of a private app with read scopes for the CRM objects."),)

_KNOWN = frozenset(
    {"/url", "/objectWriteTraceId", "/properties/createdate", "/properties/hs_createdate", "/properties/hs_object_id"}
)


def prop(name: str, kind: Kind, description: str, *, column: str = "", pii: Pii = Pii.NONE) -> Field:
    """A property: always a text, or null when it was never set."""
    return Field(column or name, kind, description, path=f"/properties/{name}", pii=pii)


def _envelope(what: str) -> tuple[Field, ...]:
    return (
        Field("id", Kind.INTEGER_TEXT, f"Identifier of the {what} (`hs_object_id`).", required=True),
        Field("created_at", Kind.TIME_TEXT, f"When the {what} was created.", path="/createdAt", required=True),
        Field("updated_at", Kind.TIME_TEXT, f"When the {what} was last changed.", path="/updatedAt", required=True),
        Field("is_archived", Kind.BOOLEAN, f"Whether the {what} was deleted.", path="/archived", required=True),
        Field("archived_at", Kind.TIME_TEXT, f"When the {what} was deleted.", path="/archivedAt"),
    )


def _contact_ids(what: str) -> Field:
    return Field("contact_ids", Kind.JSON, f"Contacts the {what} is associated with, ascending.", pii=Pii.QUASI)


MODIFIED = prop("hs_lastmodifieddate", Kind.TIME_TEXT, "When it was last changed: the cursor.", column="modified_at")

CONTACTS = RawTable(
    "contacts",
    "One row per version of a contact in HubSpot.",
    ("id",),
    (
        *_envelope("contact"),
        prop("email", Kind.TEXT, "E-mail address.", pii=Pii.DIRECT),
        prop("phone", Kind.TEXT, "Phone number.", pii=Pii.DIRECT),
        prop("mobilephone", Kind.TEXT, "Mobile phone number.", column="mobile_phone", pii=Pii.DIRECT),
        prop("firstname", Kind.TEXT, "Given name.", column="first_name", pii=Pii.DIRECT),
        prop("lastname", Kind.TEXT, "Family name.", column="last_name", pii=Pii.DIRECT),
        prop("date_of_birth", Kind.TEXT, "Date of birth, as people typed it.", pii=Pii.DIRECT),
        prop("address", Kind.TEXT, "Street and house number.", column="street", pii=Pii.DIRECT),
        prop("zip", Kind.TEXT, "Postal code.", column="postal_code", pii=Pii.QUASI),
        prop("city", Kind.TEXT, "City.", pii=Pii.QUASI),
        prop("hs_country_region_code", Kind.TEXT, "Country, ISO 3166-1 alpha-2.", column="country", pii=Pii.QUASI),
        prop("associatedcompanyid", Kind.INTEGER_TEXT, "Primary company of the contact.", column="company_id"),
        prop("hs_analytics_source", Kind.TEXT, "Where HubSpot says the contact came from.", column="lead_source"),
        prop("lifecyclestage", Kind.TEXT, "Lifecycle stage in HubSpot.", column="lifecycle_stage"),
        prop("hubspot_owner_id", Kind.TEXT, "Person responsible for the contact.", column="owner_id"),
        prop("hs_merged_object_ids", Kind.TEXT, "Contacts merged into this one, separated by semicolons."),
        prop(
            "lastmodifieddate", Kind.TIME_TEXT, "When the contact was last changed: the cursor.", column="modified_at"
        ),
    ),
    _KNOWN | {"/properties/hs_lastmodifieddate"},
)

STAGE_CHANGES = RawTable(
    "stage_changes",
    "One row per change of the lifecycle stage of a contact in HubSpot.",
    ("contact_id", "changed_at"),
    (
        Field("contact_id", Kind.INTEGER_TEXT, "Contact that entered the stage.", required=True, pii=Pii.QUASI),
        Field("stage", Kind.TEXT, "HubSpot's name of the stage; none when the stage was taken back.", path="/value"),
        Field("changed_at", Kind.TIME_TEXT, "When the contact entered it.", path="/timestamp", required=True),
        Field("changed_by", Kind.TEXT, "What set it: CRM_UI, IMPORT, AUTOMATION_PLATFORM …", path="/sourceType"),
    ),
    frozenset({"/sourceId", "/sourceLabel", "/sourceMetadata", "/updatedByUserId"}),
)

COMPANIES = RawTable(
    "companies",
    "One row per version of a company in HubSpot.",
    ("id",),
    (
        *_envelope("company"),
        prop("name", Kind.TEXT, "Name."),
        prop("domain", Kind.TEXT, "Web domain."),
        prop("industry", Kind.TEXT, "Industry, as HubSpot's code."),
        prop("numberofemployees", Kind.DECIMAL_TEXT, "Number of employees.", column="employee_count"),
        prop("city", Kind.TEXT, "City."),
        prop("hs_country_code", Kind.TEXT, "Country, ISO 3166-1 alpha-2.", column="country"),
        MODIFIED,
    ),
    _KNOWN,
)

DEALS = RawTable(
    "deals",
    "One row per version of a deal in HubSpot.",
    ("id",),
    (
        *_envelope("deal"),
        _contact_ids("deal"),
        prop("dealname", Kind.TEXT, "Name.", column="name"),
        prop("dealstage", Kind.TEXT, "Stage in the pipeline, as HubSpot's internal name.", column="stage"),
        prop("hs_is_closed", Kind.BOOLEAN_TEXT, "Whether the deal is closed.", column="is_closed"),
        prop("hs_is_closed_won", Kind.BOOLEAN_TEXT, "Whether the deal was won.", column="is_won"),
        prop("amount", Kind.DECIMAL_TEXT, "Amount in the deal's currency."),
        prop("deal_currency_code", Kind.TEXT, "Currency, ISO 4217.", column="currency"),
        prop("closedate", Kind.TIME_TEXT, "When the deal was closed, or is expected to be.", column="close_date"),
        prop("hs_primary_associated_company", Kind.INTEGER_TEXT, "Company of the deal.", column="company_id"),
        MODIFIED,
    ),
    _KNOWN,
)

TICKETS = RawTable(
    "tickets",
    "One row per version of a ticket in HubSpot.",
    ("id",),
    (
        *_envelope("ticket"),
        _contact_ids("ticket"),
        prop("subject", Kind.TEXT, "Subject, as the person wrote it.", pii=Pii.DIRECT),
        prop("hs_ticket_category", Kind.TEXT, "Category.", column="category"),
        prop("source_type", Kind.TEXT, "Channel the request came in through."),
        prop("first_agent_reply_date", Kind.TIME_TEXT, "When the first answer was given.", column="first_reply_at"),
        prop("closed_date", Kind.TIME_TEXT, "When the ticket was closed.", column="closed_at"),
        MODIFIED,
    ),
    _KNOWN,
)

FEEDBACK = RawTable(
    "feedback_submissions",
    "One row per version of an answer to a survey in HubSpot.",
    ("id",),
    (
        *_envelope("answer"),
        _contact_ids("answer"),
        prop("hs_survey_type", Kind.TEXT, "Kind of survey: NPS, CSAT or CES.", column="survey_type"),
        prop("hs_value", Kind.DECIMAL_TEXT, "Answer on the survey's scale.", column="value"),
        prop("hs_content", Kind.TEXT, "Free text of the person.", column="comment", pii=Pii.DIRECT),
        prop("hs_survey_name", Kind.TEXT, "Name of the survey.", column="survey_name"),
        prop("hs_submission_timestamp", Kind.TIME_TEXT, "When the answer was given.", column="submitted_at"),
        MODIFIED,
    ),
    _KNOWN,
)


def _engagement(kind: str, what: str, *fields: Field) -> RawTable:
    happened = prop("hs_timestamp", Kind.TIME_TEXT, f"When the {what} took place.", column="occurred_at")
    return RawTable(
        kind,
        f"One row per version of a {what} in HubSpot.",
        ("id",),
        (*_envelope(what), _contact_ids(what), happened, *fields, MODIFIED),
        _KNOWN,
    )


CALLS = _engagement(
    "calls",
    "call",
    prop("hs_call_direction", Kind.TEXT, "INBOUND or OUTBOUND.", column="direction"),
    prop("hs_call_disposition", Kind.TEXT, "Outcome, as HubSpot's identifier.", column="outcome"),
)
MEETINGS = _engagement(
    "meetings",
    "meeting",
    prop("hs_meeting_outcome", Kind.TEXT, "Outcome: SCHEDULED, COMPLETED, NO_SHOW, CANCELED.", column="outcome"),
)

OWNERS = RawTable(
    "owners",
    "One row per version of an owner (a user responsible for records) in HubSpot.",
    ("id",),
    (
        Field("id", Kind.INTEGER_TEXT, "Identifier of the owner.", required=True),
        Field("email", Kind.TEXT, "E-mail address of the owner.", pii=Pii.DIRECT),
        Field("first_name", Kind.TEXT, "Given name.", path="/firstName", pii=Pii.DIRECT),
        Field("last_name", Kind.TEXT, "Family name.", path="/lastName", pii=Pii.DIRECT),
        Field("is_archived", Kind.BOOLEAN, "Whether the owner was deactivated.", path="/archived", required=True),
        Field("created_at", Kind.TIME_TEXT, "When the owner was created.", path="/createdAt"),
        Field("updated_at", Kind.TIME_TEXT, "When the owner was last changed.", path="/updatedAt"),
    ),
    frozenset({"/userId", "/userIdIncludingInactive", "/teams", "/type"}),
)
