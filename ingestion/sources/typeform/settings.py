"""Typeform's constants: version, hosts, limits, credentials, and the raw tables of forms and responses.

How they are read is `source.py`. Which questions are NPS, CSAT or CES is told by the staging model.
"""

from __future__ import annotations

from datetime import timedelta

from ingestion.contract.model import Pii
from ingestion.sources.model import Credential, Field, Kind, RawTable, members

NAME = "typeform"
TITLE = "Typeform"
DOMAIN = "crm"
# The API has no version in its addresses; this is the edition of the documentation the connector was written after.
API_VERSION = "2026-11"
HOSTS = ("api.typeform.com", "api.eu.typeform.com", "api.typeform.eu")
REQUESTS_PER_SECOND = 2.0
PAGE_SIZE = 1000
FORMS_PAGE_SIZE = 200
# Responses may be missing from the list for 30 minutes after they were submitted, while later ones are in it.
LATE = timedelta(minutes=35)
CREDENTIALS = (Credential("typeform_token", "Personal access token with the scopes forms:read and responses:read."),)

FORMS = RawTable(
    "forms",
    "One row per version of a form in Typeform.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Identifier of the form.", required=True),
        Field("title", Kind.TEXT, "Name of the form."),
        Field("last_updated_at", Kind.TIME_TEXT, "When the form was last changed."),
        Field("fields", Kind.JSON, "Its questions: id, ref, type, properties with steps and start_at_one, groups."),
        Field("hidden", Kind.JSON, "Names of its hidden fields."),
    ),
    members(
        "type language created_at published_at workspace theme settings cui_settings welcome_screens thankyou_screens "
        "logic variables duplicate_from links outcome translations _links self"
    ),
)

RESPONSES = RawTable(
    "responses",
    "One row per version of a completed response to a form in Typeform.",
    ("form_id", "response_id"),
    (
        Field("form_id", Kind.TEXT, "Form that was answered.", required=True),
        Field("response_id", Kind.TEXT, "Identifier of the response, unique in its form only.", required=True),
        Field("landed_at", Kind.TIME_TEXT, "When the person opened the form.", required=True),
        Field("submitted_at", Kind.TIME_TEXT, "When the person sent it.", required=True),
        Field("hidden_email", Kind.TEXT, "Hidden field email.", path="/hidden/email", pii=Pii.DIRECT),
        Field("hidden_contact_id", Kind.TEXT, "Hidden field contact_id.", path="/hidden/contact_id", pii=Pii.QUASI),
        Field("hidden_touchpoint", Kind.TEXT, "Hidden field touchpoint.", path="/hidden/touchpoint"),
        Field("answers", Kind.JSON, "What was answered, in order: type, value and field.", pii=Pii.DIRECT),
    ),
    members(
        "landing_id token response_type metadata calculated variables definition ending thankyou_screen_ref outcome "
        "tags hidden/utm_source hidden/utm_medium hidden/utm_campaign hidden/utm_term hidden/utm_content"
    ),
)
