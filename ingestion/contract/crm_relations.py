"""Contract of the CRM domain, second half: talks, service, surveys, loyalty, referrals, consents, stages in the CRM.

Who people are and what they buy stands in `crm.py`.
"""

from __future__ import annotations

from ingestion.contract import columns as c
from ingestion.contract.model import Entity, EntityKind, Pii

ACTIVITIES = Entity(
    domain="crm",
    name="activities",
    kind=EntityKind.EVENT,
    key=("activity_id",),
    clock="occurred_at",
    description="One row per personal contact between the company and a person.",
    columns=(
        c.identifier("activity_id", "Identifier of the activity.", required=True),
        c.CONTACT_ID_REQUIRED,
        c.choice("type", "Kind of activity.", "call", "meeting", "chat", "demo", "quote", "mailing", "visit"),
        c.OCCURRED_AT,
        c.text("direction", "inbound or outbound."),
        c.text("outcome", "Result in the words of the source."),
        c.CAMPAIGN,
    ),
)

TICKETS = Entity(
    domain="crm",
    name="tickets",
    kind=EntityKind.RECORD,
    key=("ticket_id",),
    clock="opened_at",
    description="One row per service request (Support-Anfrage).",
    columns=(
        c.identifier("ticket_id", "Identifier of the ticket.", required=True),
        c.CONTACT_ID,
        c.EMAIL,
        c.text("channel", "Channel the request came in through."),
        c.text("topic", "What the request is about."),
        c.timestamp("opened_at", "When the request was made.", required=True),
        c.timestamp("first_response_at", "When the first answer was given."),
        c.timestamp("resolved_at", "When the request was solved."),
        c.flag("is_self_service", "Whether the person solved it alone with the help centre."),
        c.UPDATED_AT,
    ),
)

SURVEY_RESPONSES = Entity(
    domain="crm",
    name="survey_responses",
    kind=EntityKind.EVENT,
    key=("response_id",),
    clock="responded_at",
    description="One row per answer to a satisfaction question.",
    columns=(
        c.identifier("response_id", "Identifier of the answer.", required=True),
        c.CONTACT_ID,
        c.EMAIL,
        c.choice("survey_type", "Kind of question.", "nps", "csat", "ces"),
        c.number("score", "Answer on the question's own scale.", required=True, minimum=-1000, maximum=1000),
        c.number("scale_min", "Lowest answer on the scale.", minimum=-1000, maximum=1000),
        c.number("scale_max", "Highest answer on the scale.", minimum=-1000, maximum=1000),
        c.flag("higher_is_better", "Whether a high answer is a good one."),
        c.timestamp("responded_at", "When the answer was given.", required=True),
        c.text("touchpoint", "Touchpoint the question was about."),
        c.text("comment", "Free text of the person.", pii=Pii.DIRECT),
    ),
)

LOYALTY_EVENTS = Entity(
    domain="crm",
    name="loyalty_events",
    kind=EntityKind.EVENT,
    key=("event_id",),
    clock="occurred_at",
    description="One row per event of the loyalty programme.",
    columns=(
        c.identifier("event_id", "Identifier of the event.", required=True),
        c.LOYALTY_ID,
        c.CONTACT_ID,
        c.EMAIL,
        c.choice("type", "Kind of event.", "enrolled", "scan", "earn", "redeem", "left"),
        c.number("points", "Points earned or redeemed."),
        c.OCCURRED_AT,
    ),
)

REFERRALS = Entity(
    domain="crm",
    name="referrals",
    kind=EntityKind.EVENT,
    key=("referral_id",),
    clock="occurred_at",
    description="One row per recommendation of a person to another (Empfehlung).",
    columns=(
        c.identifier("referral_id", "Identifier of the referral.", required=True),
        c.identifier("referrer_contact_id", "Contact who recommended.", pii=Pii.QUASI),
        c.text("referrer_email", "E-mail address of the person who recommended.", pii=Pii.DIRECT),
        c.text("referred_email", "E-mail address of the person who was invited.", pii=Pii.DIRECT),
        c.OCCURRED_AT,
    ),
)

REVIEWS = Entity(
    domain="crm",
    name="reviews",
    kind=EntityKind.EVENT,
    key=("review_id",),
    clock="occurred_at",
    description="One row per product review (Bewertung).",
    columns=(
        c.identifier("review_id", "Identifier of the review.", required=True),
        c.CONTACT_ID,
        c.EMAIL,
        c.identifier("product_id", "Product reviewed."),
        c.number("rating", "Stars from 1 to 5.", required=True, minimum=1, maximum=5),
        c.flag("is_public", "Whether others can read the review."),
        c.OCCURRED_AT,
    ),
)

CONSENTS = Entity(
    domain="crm",
    name="consents",
    kind=EntityKind.EVENT,
    key=("consent_id",),
    clock="occurred_at",
    description="One row per change of a consent (Einwilligung).",
    columns=(
        c.identifier("consent_id", "Identifier of the change.", required=True),
        c.CONTACT_ID,
        c.EMAIL,
        c.PHONE,
        c.choice("channel", "Channel the consent is for.", "email", "phone", "sms", "post", "tracking"),
        c.text("purpose", "Purpose the consent is for."),
        c.choice("status", "New state.", "requested", "granted", "confirmed", "revoked", "objected"),
        c.OCCURRED_AT,
        c.text("wording_version", "Version of the text shown."),
        c.text("evidence", "Where the proof is kept."),
    ),
)

STAGE_CHANGES = Entity(
    domain="crm",
    name="stage_changes",
    kind=EntityKind.EVENT,
    key=("change_id",),
    clock="changed_at",
    description="One row per change of the lifecycle stage a CRM keeps at its contact.",
    columns=(
        c.identifier("change_id", "Identifier of the change.", required=True),
        c.CONTACT_ID_REQUIRED,
        c.text("stage", "Stage the contact entered, in the words of the CRM.", required=True),
        c.timestamp("changed_at", "When the contact entered the stage.", required=True),
        c.text("changed_by", "What set the stage, in the words of the CRM: a person, an import, an automation."),
    ),
)

ENTITIES = (
    ACTIVITIES,
    TICKETS,
    SURVEY_RESPONSES,
    LOYALTY_EVENTS,
    REFERRALS,
    REVIEWS,
    CONSENTS,
    STAGE_CHANGES,
)
