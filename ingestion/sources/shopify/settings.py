"""Shopify's constants: version, hosts, limits, credentials, and the raw tables with their fields.

How they are read is `source.py`. Money is delivered as text; what is net and what is gross is decided in staging.
"""

from __future__ import annotations

from ingestion.contract.model import Pii
from ingestion.sources.model import Credential, Field, Kind, RawTable, members

NAME = "shopify"
TITLE = "Shopify"
DOMAIN = "crm"
API_VERSION = "2026-10"
HOSTS = ("*.myshopify.com",)
REQUESTS_PER_SECOND = 2.0
PAGE_SIZE = 250
CREDENTIALS = (
    Credential("shopify_base_url", "Address of the shop, for example https://my-shop.myshopify.com."),
    Credential(
        "shopify_token",
        "Admin API access token of a custom app with read_customers, read_orders, read_all_orders and read_checkouts.",
    ),
)


def _record(what: str) -> tuple[Field, ...]:
    return (
        Field("id", Kind.INTEGER, f"Identifier of the {what}.", required=True),
        Field("created_at", Kind.TIME_TEXT, f"When the {what} was created.", required=True),
        Field("updated_at", Kind.TIME_TEXT, f"When the {what} was last changed.", required=True),
    )


CUSTOMERS = RawTable(
    "customers",
    "One row per version of a customer in Shopify.",
    ("id",),
    (
        *_record("customer"),
        Field("email", Kind.TEXT, "E-mail address.", pii=Pii.DIRECT),
        Field("phone", Kind.TEXT, "Phone number.", pii=Pii.DIRECT),
        Field("first_name", Kind.TEXT, "Given name.", pii=Pii.DIRECT),
        Field("last_name", Kind.TEXT, "Family name.", pii=Pii.DIRECT),
        Field("default_address", Kind.JSON, "Address used when none is given.", pii=Pii.DIRECT),
        Field("email_marketing_consent", Kind.JSON, "State of the consent to e-mail."),
        Field("sms_marketing_consent", Kind.JSON, "State of the consent to text messages."),
    ),
    members(
        "orders_count state total_spent last_order_id note verified_email multipass_identifier tax_exempt tags "
        "last_order_name currency addresses tax_exemptions admin_graphql_api_id"
    ),
)

ORDERS = RawTable(
    "orders",
    "One row per version of an order in Shopify, with its lines and refunds.",
    ("id",),
    (
        *_record("order"),
        Field("name", Kind.TEXT, "Number people see."),
        Field("customer_id", Kind.INTEGER, "Customer who ordered.", path="/customer/id", pii=Pii.QUASI),
        Field("email", Kind.TEXT, "E-mail address given with the order.", pii=Pii.DIRECT),
        Field("processed_at", Kind.TIME_TEXT, "When the order was placed, also when it was imported later."),
        Field("cancelled_at", Kind.TIME_TEXT, "When the order was cancelled."),
        Field("test", Kind.BOOLEAN, "Whether this is a test order."),
        Field("currency", Kind.TEXT, "Currency of the shop, ISO 4217.", required=True),
        Field("financial_status", Kind.TEXT, "State of the payment."),
        Field("fulfillment_status", Kind.TEXT, "State of the delivery; null before it begins."),
        Field("taxes_included", Kind.BOOLEAN, "Whether prices contain the tax.", required=True),
        Field("subtotal_price", Kind.DECIMAL_TEXT, "Goods after discounts, before shipping.", required=True),
        Field("total_tax", Kind.DECIMAL_TEXT, "Tax of the whole order."),
        Field("total_discounts", Kind.DECIMAL_TEXT, "Discounts of the whole order."),
        Field("total_shipping_price_set", Kind.JSON, "Shipping charged."),
        Field("source_name", Kind.TEXT, "Where the order came from: web, pos, an app."),
        Field("landing_site", Kind.TEXT, "Page the visit began with.", pii=Pii.QUASI),
        Field("referring_site", Kind.TEXT, "Site the visit came from."),
        Field("cart_token", Kind.TEXT, "Identifier of the cart.", pii=Pii.QUASI),
        Field("discount_codes", Kind.JSON, "Coupons used."),
        Field("line_items", Kind.JSON, "Positions.", required=True),
        Field("refunds", Kind.JSON, "Refunds so far."),
    ),
    members(
        "customer "
        "closed_at number note token gateway total_price total_weight confirmed confirmation_number "
        "total_line_items_price total_outstanding total_tip_received "
        "buyer_accepts_marketing cancel_reason checkout_token checkout_id reference user_id location_id "
        "source_identifier source_url device_id phone customer_locale app_id browser_ip client_details "
        "landing_site_ref order_number payment_details payment_gateway_names tags contact_email order_status_url "
        "presentment_currency total_line_items_price_set total_discounts_set subtotal_price_set total_price_set "
        "total_tax_set admin_graphql_api_id billing_address shipping_address shipping_lines fulfillments "
        "discount_applications note_attributes processing_method tax_lines payment_terms merchant_of_record_app_id "
        "estimated_taxes original_total_duties_set original_total_additional_fees_set po_number tax_exempt "
        "current_subtotal_price current_subtotal_price_set current_total_price current_total_price_set "
        "current_total_discounts current_total_discounts_set current_total_tax current_total_tax_set "
        "current_total_duties_set current_total_additional_fees_set company duties_included "
        "merchant_business_entity_id total_cash_rounding_payment_adjustment_set "
        "total_cash_rounding_refund_adjustment_set"
    ),
)

CHECKOUTS = RawTable(
    "checkouts",
    "One row per version of an abandoned checkout in Shopify.",
    ("id",),
    (
        *_record("checkout"),
        Field("token", Kind.TEXT, "Identifier of the checkout.", required=True, pii=Pii.QUASI),
        Field("cart_token", Kind.TEXT, "Identifier of the cart.", pii=Pii.QUASI),
        Field("email", Kind.TEXT, "E-mail address typed in.", pii=Pii.DIRECT),
        Field("currency", Kind.TEXT, "Currency, ISO 4217."),
        Field("total_price", Kind.DECIMAL_TEXT, "What the cart would have cost."),
        Field("completed_at", Kind.TIME_TEXT, "When the checkout was completed after all."),
        Field("landing_site", Kind.TEXT, "Page the visit began with.", pii=Pii.QUASI),
        Field("referring_site", Kind.TEXT, "Site the visit came from."),
    ),
    members(
        "gateway buyer_accepts_marketing note note_attributes subtotal_price total_discounts "
        "total_line_items_price total_weight taxes_included total_tax presentment_currency customer_locale line_items "
        "name source "
        "source_identifier source_url device_id phone closed_at user_id location_id source_name discount_codes "
        "tax_lines shipping_lines billing_address shipping_address customer abandoned_checkout_url "
        "total_duties buyer_accepts_sms_marketing sms_marketing_phone admin_graphql_api_id"
    ),
)

DELETIONS = RawTable(
    "deletions",
    "One row per deletion of a customer in Shopify, from its event log.",
    ("id",),
    (
        Field("id", Kind.INTEGER, "Identifier of the event.", required=True),
        Field("subject_id", Kind.INTEGER, "Customer that was deleted.", required=True, pii=Pii.QUASI),
        Field("subject_type", Kind.TEXT, "Kind of record that was deleted.", required=True),
        Field("verb", Kind.TEXT, "What happened.", required=True),
        Field("created_at", Kind.TIME_TEXT, "When it was deleted.", required=True),
    ),
    members("arguments body message author description path"),
)
