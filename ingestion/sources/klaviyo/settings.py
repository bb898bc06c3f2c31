"""Klaviyo's constants: revision, hosts, limits, credentials, metrics, and the raw tables with their fields.

How they are read is `source.py`; how JSON:API documents become records, `records.py`.
"""

from __future__ import annotations

from datetime import timedelta

from ingestion.contract.model import Pii
from ingestion.sources.model import Credential, Field, Kind, RawTable

NAME = "klaviyo"
TITLE = "Klaviyo"
DOMAIN = "email"
# Sent as the header `revision`; Klaviyo answers in the shape of that day for two years.
API_VERSION = "2026-07-15"
HOSTS = ("a.klaviyo.com",)
# Profiles, the tightest of the end points that are asked often: 750 a minute.
REQUESTS_PER_SECOND = 10.0
PAGE_SIZE = 100
EVENT_PAGE_SIZE = 1000
# Opens and clicks are told a while after they happened.
EVENT_DELAY = timedelta(hours=2)
CREDENTIALS = (Credential("klaviyo_key", "Private API key with read access to profiles, campaigns, metrics, events."),)

# Klaviyo's own metrics that tell of a mail; the last two are one under its older and its newer name.
METRIC_NAMES = frozenset(
    {
        "Received Email",
        "Opened Email",
        "Clicked Email",
        "Bounced Email",
        "Dropped Email",
        "Marked Email as Spam",
        "Unsubscribed",
        "Unsubscribed from Email Marketing",
    }
)


def _attribute(
    name: str, kind: Kind, description: str, *, required: bool = False, pii: Pii = Pii.NONE, member: str = ""
) -> Field:
    return Field(name, kind, description, path=f"/attributes/{member or name}", required=required, pii=pii)


PROFILES = RawTable(
    "profiles",
    "One row per version of a profile in Klaviyo.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Identifier of the profile.", required=True),
        _attribute("email", Kind.TEXT, "E-mail address; a profile may have a phone number only.", pii=Pii.DIRECT),
        _attribute("phone_number", Kind.TEXT, "Phone number with country code.", pii=Pii.DIRECT),
        _attribute("external_id", Kind.TEXT, "What another system calls the person.", pii=Pii.QUASI),
        _attribute("first_name", Kind.TEXT, "First name.", pii=Pii.DIRECT),
        _attribute("last_name", Kind.TEXT, "Last name.", pii=Pii.DIRECT),
        _attribute("location", Kind.JSON, "Address; the country as somebody wrote it.", pii=Pii.DIRECT),
        _attribute("subscriptions", Kind.JSON, "Consents and suppressions by channel, as they are now."),
        _attribute("properties", Kind.JSON, "What else is known of the person.", pii=Pii.DIRECT),
        _attribute("created_at", Kind.TIME_TEXT, "When the profile was created.", required=True, member="created"),
        _attribute("updated_at", Kind.TIME_TEXT, "When the profile last changed.", required=True, member="updated"),
    ),
    frozenset(
        f"/attributes/{name}"
        for name in ("organization", "locale", "title", "image", "last_event_date", "anonymous_id")
    ),
)

CAMPAIGNS = RawTable(
    "campaigns",
    "One row per version of an e-mail campaign in Klaviyo.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Identifier of the campaign.", required=True),
        _attribute("name", Kind.TEXT, "Name.", required=True),
        _attribute("status", Kind.TEXT, "Draft, Scheduled, Sending, Sent, Cancelled …", required=True),
        _attribute("archived", Kind.BOOLEAN, "Whether the campaign was archived."),
        _attribute("created_at", Kind.TIME_TEXT, "When the campaign was created."),
        _attribute("updated_at", Kind.TIME_TEXT, "When the campaign last changed.", required=True),
        _attribute("scheduled_at", Kind.TIME_TEXT, "When somebody scheduled the campaign."),
        _attribute("send_time", Kind.TIME_TEXT, "When the campaign was, or will be, sent."),
        Field("messages", Kind.JSON, "The campaign's messages with subject and sender."),
    ),
    frozenset(f"/attributes/{name}" for name in ("audiences", "send_options", "tracking_options", "send_strategy")),
)

EVENTS = RawTable(
    "events",
    "One row per event of a mail in Klaviyo.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Identifier of the event.", required=True),
        Field("metric", Kind.TEXT, "Name of the metric: Received Email, Opened Email …", required=True),
        Field("profile_id", Kind.TEXT, "Profile of the recipient.", pii=Pii.QUASI),
        Field("email", Kind.TEXT, "Address of that profile when the event was read.", pii=Pii.DIRECT),
        _attribute("occurred_at", Kind.TIME_TEXT, "When it happened.", required=True, member="datetime"),
        _attribute("event_properties", Kind.JSON, "Message, flow, link, client and flags of machines.", pii=Pii.DIRECT),
    ),
    frozenset({"/attributes/timestamp", "/attributes/uuid"}),
)
