"""HubSpot's constants: version, hosts, limits, credentials, and the raw tables with their fields.

How they are read is `source.py`; how an answer becomes a record, `records.py`.
"""

from __future__ import annotations

from ingestion.contract.model import Pii
from ingestion.sources.model import Credential, Field, Kind, RawTable

NAME = "hubspot"
TITLE = "HubSpot"
API_VERSION = "v3"
HOSTS = ("api.hubapi.com", "api-eu1.hubapi.com")
# Private apps may send 100 requests in 10 seconds; the search endpoint 4 a second.
REQUESTS_PER_SECOND = 4.0
PAGE_SIZE = 100
CREDENTIALS = (Credential("hubspot_token", "Access token of a private app with read scopes for the CRM objects."),)

_KNOWN = frozenset({"/url", "/objectWriteTraceId"})


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
        prop("lastmodifieddate", Kind.TIME_TEXT, "When the contact was last changed: the cursor.", column="modified_at"),
    ),
    _KNOWN | {"/properties/createdate", "/properties/hs_object_id"},
)

TABLES = (CONTACTS,)
