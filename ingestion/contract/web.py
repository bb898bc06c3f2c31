"""Contract of the web domain: what people do on site, shop and app."""

from __future__ import annotations

from ingestion.contract import columns as c
from ingestion.contract.model import Column, Entity, EntityKind, Pii, ValueType

EVENTS = Entity(
    domain="web",
    name="events",
    kind=EntityKind.EVENT,
    key=("event_id",),
    clock="occurred_at",
    description="One row per action of a visitor on site, shop or app.",
    columns=(
        c.identifier("event_id", "Identifier of the event.", required=True),
        c.identifier("anonymous_id", "Cookie or device identifier set before login.", required=True, pii=Pii.QUASI),
        c.USER_ID,
        c.EMAIL,
        c.choice(
            "event",
            "What the visitor did.",
            "page_view",
            "product_view",
            "compare",
            "search",
            "help_view",
            "review_view",
            "pricing_view",
            "add_to_cart",
            "checkout_started",
            "form_submit",
            "newsletter_signup",
            "trial_started",
            "login",
            "identify",
            "custom",
        ),
        c.OCCURRED_AT,
        c.text("page_url", "Address of the page.", pii=Pii.QUASI),
        c.text("referrer", "Address of the page before.", pii=Pii.QUASI),
        c.text("utm_source", "Campaign tag: source."),
        c.text("utm_medium", "Campaign tag: medium."),
        c.text("utm_campaign", "Campaign tag: campaign."),
        c.text("utm_content", "Campaign tag: content."),
        c.text("utm_term", "Campaign tag: search term."),
        c.identifier(
            "click_id",
            "Click identifier of an advertising platform as `<kind>:<value>`, for example `gclid:Cj0KCQ`.",
            pii=Pii.QUASI,
        ),
        c.identifier("product_id", "Product the event is about."),
        c.amount("value_amount", "Value of the event, for example of the cart."),
        c.CURRENCY,
        c.text("device_type", "desktop, mobile, tablet or other."),
        c.COUNTRY,
        Column("properties", ValueType.JSON, "Further properties of the event.", pii=Pii.QUASI),
    ),
)

ENTITIES = (EVENTS,)
