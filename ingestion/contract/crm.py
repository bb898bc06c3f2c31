"""Contract of the CRM domain, first half: who people are and what they buy.

Service, surveys, loyalty and consents stand in `crm_relations.py`.
"""

from __future__ import annotations

from ingestion.contract import columns as c
from ingestion.contract.model import Entity, EntityKind, Pii

CONTACTS = Entity(
    domain="crm",
    name="contacts",
    kind=EntityKind.RECORD,
    key=("contact_id",),
    clock="created_at",
    description="One row per contact record of a CRM.",
    columns=(
        c.identifier("contact_id", "Identifier of the contact in its CRM.", required=True, pii=Pii.QUASI),
        c.EMAIL,
        c.PHONE,
        c.text("first_name", "Given name.", pii=Pii.DIRECT),
        c.text("last_name", "Family name.", pii=Pii.DIRECT),
        c.date("birth_date", "Date of birth.", pii=Pii.DIRECT),
        c.text("street", "Street and house number.", pii=Pii.DIRECT),
        c.text("postal_code", "Postal code.", pii=Pii.QUASI),
        c.CITY,
        c.COUNTRY,
        c.identifier("company_id", "Company the contact works for."),
        c.text("lead_source", "Where the CRM says the contact came from."),
        c.text("owner", "Sales or service person responsible for the contact."),
        c.LOYALTY_ID,
        c.USER_ID,
        c.CREATED_AT_REQUIRED,
        c.UPDATED_AT,
        c.timestamp("deleted_at", "When the contact was deleted or archived in its CRM."),
        c.identifier("merged_into_contact_id", "Contact that took this one over in a CRM merge.", pii=Pii.QUASI),
    ),
)

COMPANIES = Entity(
    domain="crm",
    name="companies",
    kind=EntityKind.RECORD,
    key=("company_id",),
    clock="created_at",
    description="One row per company record of a CRM.",
    columns=(
        c.identifier("company_id", "Identifier of the company in its CRM.", required=True),
        c.text("name", "Name of the company.", required=True),
        c.text("domain", "Web domain of the company."),
        c.text("industry", "Industry the company works in."),
        c.count("employee_count", "Number of employees."),
        c.text("city", "City of the company."),
        c.text("country", "Country of the company as ISO 3166-1 alpha-2 code."),
        c.CREATED_AT,
        c.UPDATED_AT,
    ),
)

DEALS = Entity(
    domain="crm",
    name="deals",
    kind=EntityKind.RECORD,
    key=("deal_id",),
    clock="created_at",
    description="One row per sales opportunity (Verkaufschance).",
    columns=(
        c.identifier("deal_id", "Identifier of the deal.", required=True),
        c.CONTACT_ID,
        c.identifier("company_id", "Company the deal is made with."),
        c.text("name", "Name of the deal."),
        c.text("stage", "Stage in the sales pipeline, in the words of the source."),
        c.flag("is_closed", "Whether the deal is closed, won or lost."),
        c.flag("is_won", "Whether the deal was won."),
        c.amount("amount", "Value of the deal."),
        c.CURRENCY,
        c.CREATED_AT_REQUIRED,
        c.UPDATED_AT,
        c.timestamp("closed_at", "When the deal was closed."),
    ),
)

ORDERS = Entity(
    domain="crm",
    name="orders",
    kind=EntityKind.RECORD,
    key=("order_id",),
    clock="ordered_at",
    description="One row per order (Bestellung).",
    columns=(
        c.identifier("order_id", "Identifier of the order.", required=True),
        c.CONTACT_ID,
        c.EMAIL,
        c.USER_ID,
        c.ANONYMOUS_ID,
        c.LOYALTY_ID,
        c.timestamp("ordered_at", "When the order was placed.", required=True),
        c.choice(
            "status",
            "State of the order. Refunded in full it stays a purchase only if it was delivered as fulfilled before.",
            *("pending", "paid", "fulfilled", "cancelled", "refunded"),
        ),
        c.amount("net_amount", "Value of the goods without tax and shipping, after discounts.", required=True),
        c.amount("tax_amount", "Tax."),
        c.amount("shipping_amount", "Shipping charged."),
        c.amount("discount_amount", "Discount granted, already subtracted from the net amount."),
        c.amount("cost_amount", "Cost of the goods sold."),
        c.amount("refunded_amount", "Net amount paid back so far."),
        c.CURRENCY_REQUIRED,
        c.choice("channel", "Sales channel.", "online", "store", "phone", "marketplace", required=False),
        c.text("coupon_code", "Coupon used."),
        c.CAMPAIGN,
        c.flag("is_test", "Whether this is a test order."),
        c.timestamp("cancelled_at", "When the order was cancelled before it was fulfilled."),
        c.UPDATED_AT,
    ),
)

ORDER_LINES = Entity(
    domain="crm",
    name="order_lines",
    kind=EntityKind.REFERENCE,
    key=("order_id", "line_number"),
    description="One row per position of an order.",
    columns=(
        c.identifier("order_id", "Order the position belongs to.", required=True),
        c.count("line_number", "Number of the position within its order.", required=True),
        c.identifier("product_id", "Product bought.", required=True),
        c.text("product_name", "Name of the product."),
        c.text("category", "Product category."),
        c.number("quantity", "Pieces bought.", required=True),
        c.amount("unit_price", "Net price of one piece, in the currency of the order.", required=True),
        c.amount("net_amount", "Net value of the position, in the currency of the order."),
    ),
)

SUBSCRIPTIONS = Entity(
    domain="crm",
    name="subscriptions",
    kind=EntityKind.RECORD,
    key=("subscription_id",),
    description="One row per subscription or contract (Vertrag), including its trial.",
    columns=(
        c.identifier("subscription_id", "Identifier of the subscription.", required=True),
        c.CONTACT_ID,
        c.EMAIL,
        c.text("plan", "Plan or product of the contract."),
        c.timestamp("trial_started_at", "When the trial began."),
        c.timestamp("trial_ends_at", "When the trial ends or ended."),
        c.timestamp("started_at", "When the paid contract began."),
        c.timestamp("term_ends_at", "When the present contract term ends."),
        c.timestamp("cancelled_at", "When the cancellation was announced."),
        c.timestamp("ended_at", "When the contract ended."),
        c.amount("mrr_amount", "Monthly recurring revenue."),
        c.CURRENCY,
        c.UPDATED_AT,
    ),
)

ENTITIES = (
    CONTACTS,
    COMPANIES,
    DEALS,
    ORDERS,
    ORDER_LINES,
    SUBSCRIPTIONS,
)
