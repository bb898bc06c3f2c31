"""Constants of event files as Segment and RudderStack write them: the folder's setting and the raw table of events."""

from __future__ import annotations

from ingestion.contract.model import Pii
from ingestion.sources.exports import export_table
from ingestion.sources.model import Credential, Field, Kind, members

NAME = "segment"
TITLE = "Segment"
DOMAIN = "web"
API_VERSION = "Spec"
FOLDER = "segment_folder"
CREDENTIALS = (Credential(FOLDER, "Folder Segment or RudderStack stores raw events in."),)

EVENTS = export_table(
    "events",
    "One row per event in a delivery of a file of Segment or RudderStack.",
    (
        Field("message_id", Kind.TEXT, "Identifier of the event.", path="/messageId", required=True),
        Field("type", Kind.TEXT, "identify, alias, group, page, screen or track.", required=True),
        Field("anonymous_id", Kind.TEXT, "Cookie or device.", path="/anonymousId", pii=Pii.QUASI),
        Field("user_id", Kind.TEXT, "Whom the site has logged in.", path="/userId", pii=Pii.DIRECT),
        Field("previous_id", Kind.TEXT, "What an alias replaces.", path="/previousId", pii=Pii.QUASI),
        Field("event", Kind.TEXT, "Name of what was tracked."),
        Field("name", Kind.TEXT, "Name of the page or screen."),
        Field("properties", Kind.JSON, "What belongs to the event.", pii=Pii.QUASI),
        Field("traits", Kind.JSON, "What is known of the person.", pii=Pii.DIRECT),
        Field("context", Kind.JSON, "Page, campaign, device, traits.", pii=Pii.DIRECT),
        Field("timestamp", Kind.TIME_TEXT, "When it happened, by the vendor's clock."),
        Field("original_timestamp", Kind.TIME_TEXT, "When, by the device's clock.", path="/originalTimestamp"),
        Field("sent_at", Kind.TIME_TEXT, "When it was sent, by the device's clock.", path="/sentAt"),
        Field("received_at", Kind.TIME_TEXT, "When the vendor got it.", path="/receivedAt", required=True),
    ),
    members(
        "_metadata category channel groupId integrations projectId rudderId request_ip sourceId version writeKey "
        "loadId externalId"
    ),
)
