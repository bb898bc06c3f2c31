"""Contract of the CRM domain: contacts, companies, sales, service, surveys, loyalty and consents."""

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
        c.choice("status", "State of the order.", "pending", "paid", "fulfilled", "cancelled", "refunded"),
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
        c.number("score", "Answer on the question's own scale.", required=True),
        c.number("scale_min", "Lowest answer on the scale."),
        c.number("scale_max", "Highest answer on the scale."),
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

ENTITIES = (
    CONTACTS,
    COMPANIES,
    DEALS,
    ORDERS,
    ORDER_LINES,
    SUBSCRIPTIONS,
    ACTIVITIES,
    TICKETS,
    SURVEY_RESPONSES,
    LOYALTY_EVENTS,
    REFERRALS,
    REVIEWS,
    CONSENTS,
)
