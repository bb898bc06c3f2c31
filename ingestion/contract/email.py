"""Contract of the e-mail domain: campaigns, who was in them, and what happened to each mail."""

from __future__ import annotations

from ingestion.contract import columns as c
from ingestion.contract.model import Entity, EntityKind, Pii

CAMPAIGNS = Entity(
    domain="email",
    name="campaigns",
    kind=EntityKind.REFERENCE,
    key=("campaign_id",),
    clock="sent_at",
    description="One row per e-mail campaign.",
    columns=(
        c.identifier("campaign_id", "Identifier of the campaign.", required=True),
        c.text("name", "Name of the campaign.", required=True),
        c.text("subject", "Subject line."),
        c.timestamp("sent_at", "When the campaign was sent."),
        c.text("channel", "Channel of the campaign."),
        c.text("goal", "What the campaign is for."),
    ),
)

CAMPAIGN_MEMBERS = Entity(
    domain="email",
    name="campaign_members",
    kind=EntityKind.EVENT,
    key=("campaign_id", "contact_id", "email"),
    clock="assigned_at",
    description="One row per person assigned to a campaign, treated or held out.",
    columns=(
        c.identifier("campaign_id", "Campaign the person was assigned to.", required=True),
        c.EMAIL,
        c.CONTACT_ID,
        c.choice("group", "Whether the person was treated or held out for comparison.", "treated", "holdout"),
        c.timestamp("assigned_at", "When the person was assigned.", required=True),
    ),
)

EVENTS = Entity(
    domain="email",
    name="events",
    kind=EntityKind.EVENT,
    key=("event_id",),
    clock="occurred_at",
    description="One row per event of a mail to a person.",
    columns=(
        c.identifier("event_id", "Identifier of the event.", required=True),
        c.EMAIL_REQUIRED,
        c.identifier("campaign_id", "Campaign the mail belongs to."),
        c.choice(
            "type",
            "What happened to the mail.",
            "sent",
            "delivered",
            "open",
            "click",
            "bounce",
            "unsubscribe",
            "complaint",
        ),
        c.OCCURRED_AT,
        c.text("url", "Link that was clicked.", pii=Pii.QUASI),
        c.flag("is_machine", "Whether a mail privacy proxy or scanner did it, not the person."),
        c.text("user_agent", "Program that reported the event.", pii=Pii.QUASI),
    ),
)

ENTITIES = (CAMPAIGNS, CAMPAIGN_MEMBERS, EVENTS)
