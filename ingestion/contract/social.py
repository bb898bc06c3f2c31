"""Contract of the social domain: interactions of people, figures of pages, and advertising spend."""

from __future__ import annotations

from ingestion.contract import columns as c
from ingestion.contract.model import Entity, EntityKind, Pii

INTERACTIONS = Entity(
    domain="social",
    name="interactions",
    kind=EntityKind.EVENT,
    key=("interaction_id",),
    clock="occurred_at",
    description="One row per interaction of a person with the brand on a social platform.",
    columns=(
        c.identifier("interaction_id", "Identifier of the interaction.", required=True),
        c.text("platform", "Social platform.", required=True),
        c.identifier("handle", "Name of the person on the platform.", required=True, pii=Pii.DIRECT),
        c.EMAIL,
        c.choice(
            "type",
            "What the person did.",
            "follow",
            "unfollow",
            "like",
            "comment",
            "share",
            "mention",
            "message",
            "click",
            "save",
        ),
        c.identifier("post_id", "Post the interaction is about."),
        c.OCCURRED_AT,
        c.text("sentiment", "Tone as the source classifies it: positive, neutral or negative."),
    ),
)

PAGE_METRICS = Entity(
    domain="social",
    name="page_metrics",
    kind=EntityKind.DAILY,
    key=("platform", "page_id", "metric_date"),
    clock="metric_date",
    description="One row per social page and day.",
    columns=(
        c.text("platform", "Social platform.", required=True),
        c.identifier("page_id", "Page or account.", required=True),
        c.date("metric_date", "Day the figures are of.", required=True),
        c.count("impressions", "Times a post was shown."),
        c.count("reach", "People who saw a post."),
        c.count("likes", "Likes."),
        c.count("comments", "Comments."),
        c.count("shares", "Shares."),
        c.count("saves", "Saves."),
        c.count("clicks", "Clicks."),
        c.count("followers", "Followers at the end of the day."),
    ),
)

AD_SPEND = Entity(
    domain="social",
    name="ad_spend",
    kind=EntityKind.DAILY,
    key=("platform", "campaign_id", "spend_date"),
    clock="spend_date",
    description="One row per advertising campaign and day; offline media have the platform `offline`.",
    columns=(
        c.text(
            "platform",
            "Advertising platform; `offline` for flyer, poster or footfall, `sales` for what sales cost.",
            required=True,
        ),
        c.identifier("campaign_id", "Campaign on the platform.", required=True),
        c.date("spend_date", "Day the figures are of.", required=True),
        c.text("campaign_name", "Name of the campaign, as used in campaign tags."),
        c.text("channel", "Marketing channel the spend belongs to."),
        c.count("impressions", "Times an ad was shown."),
        c.count("clicks", "Clicks on an ad."),
        c.amount("spend_amount", "Money spent.", required=True),
        c.CURRENCY_REQUIRED,
        c.number("conversions_reported", "Conversions the platform claims."),
    ),
)

ENTITIES = (INTERACTIONS, PAGE_METRICS, AD_SPEND)
