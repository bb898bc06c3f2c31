"""Brevo's constants: version, hosts, limits, credentials, and the raw tables with their fields.

How they are read is `source.py`; how answers become records, `records.py`.
"""

from __future__ import annotations

from datetime import timedelta

from ingestion.contract.model import Pii
from ingestion.sources.model import Credential, Field, Kind, RawTable, members

NAME = "brevo"
TITLE = "Brevo"
DOMAIN = "email"
API_VERSION = "v3"
HOSTS = ("api.brevo.com",)
REQUESTS_PER_SECOND = 5.0
# Brevo has no Retry-After; this header counts the seconds until requests are allowed again.
WAIT_HEADER = "x-sib-ratelimit-reset"
PAGE_SIZE = 1000
CAMPAIGN_PAGE_SIZE = 100
EVENT_PAGE_SIZE = 2500
# Events are asked for by days, today included, and not further back.
EVENT_TIME = timedelta(days=90)
CREDENTIALS = (Credential("brevo_key", "API key of the account (v3, not an SMTP key)."),)

CONTACTS = RawTable(
    "contacts",
    "One row per version of a contact in Brevo.",
    ("id",),
    (
        Field("id", Kind.INTEGER, "Number of the contact.", required=True),
        Field("email", Kind.TEXT, "E-mail address; a contact may have a phone number only.", pii=Pii.DIRECT),
        Field(
            "email_blacklisted",
            Kind.BOOLEAN,
            "Whether the contact gets no campaigns: unsubscribed, complained, bounced hard or excluded by hand.",
            path="/emailBlacklisted",
            required=True,
        ),
        Field("sms_blacklisted", Kind.BOOLEAN, "Whether the contact gets no text messages.", path="/smsBlacklisted"),
        Field("created_at", Kind.TIME_TEXT, "When the contact was created.", path="/createdAt", required=True),
        Field("modified_at", Kind.TIME_TEXT, "When the contact last changed.", path="/modifiedAt", required=True),
        Field("list_ids", Kind.JSON, "Lists the contact is on.", path="/listIds"),
        Field("attributes", Kind.JSON, "Name, phone, opt-in and what else was asked.", pii=Pii.DIRECT),
    ),
    members("listUnsubscribed whatsappBlacklisted statistics"),
)

CAMPAIGNS = RawTable(
    "campaigns",
    "One row per version of an e-mail campaign in Brevo.",
    ("id",),
    (
        Field("id", Kind.INTEGER, "Number of the campaign.", required=True),
        Field("name", Kind.TEXT, "Name.", required=True),
        Field("subject", Kind.TEXT, "Subject line; empty when two are tested against each other."),
        Field("type", Kind.TEXT, "classic or trigger."),
        Field("status", Kind.TEXT, "draft, queued, inProcess, sent, suspended, archive …", required=True),
        Field("scheduled_at", Kind.TIME_TEXT, "When sending was to begin.", path="/scheduledAt"),
        Field("sent_date", Kind.TIME_TEXT, "When the campaign was sent.", path="/sentDate"),
        Field("created_at", Kind.TIME_TEXT, "When the campaign was created.", path="/createdAt"),
        Field("modified_at", Kind.TIME_TEXT, "When the campaign last changed.", path="/modifiedAt"),
        Field("tag", Kind.TEXT, "Tag of the campaign."),
    ),
    members(
        "abTesting subjectA subjectB splitRule winnerCriteria winnerDelay previewText sendAtBestTime testSent header "
        "footer sender replyTo toField htmlContent shareLink inlineImageActivation mirrorActive recurring recipients "
        "statistics returnBounce utmCampaignValue utmSource utmMedium utmID utmIDActive"
    ),
)

EVENTS = RawTable(
    "events",
    "One row per event of a transactional mail in Brevo.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Hash of message, recipient, event, time and link; not numbered.", required=True),
        Field("email", Kind.TEXT, "Recipient.", required=True, pii=Pii.DIRECT),
        Field("date", Kind.TIME_TEXT, "When it happened.", required=True),
        Field("event", Kind.TEXT, "requests, delivered, opened, loadedByProxy, clicks, hardBounces …", required=True),
        Field("message_id", Kind.TEXT, "Message.", path="/messageId", required=True),
        Field("subject", Kind.TEXT, "Subject line.", pii=Pii.QUASI),
        Field("tag", Kind.TEXT, "Tag the mail was sent with."),
        Field("template_id", Kind.INTEGER, "Template of the mail.", path="/templateId"),
        Field("link", Kind.TEXT, "Link that was clicked.", pii=Pii.QUASI),
        Field("reason", Kind.TEXT, "Why the mail did not arrive.", pii=Pii.QUASI),
        Field("ip", Kind.TEXT, "Network address.", pii=Pii.QUASI),
    ),
    members("from contactId"),
)
