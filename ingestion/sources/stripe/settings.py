"""Stripe's constants: version, hosts, limits, credentials, and the raw tables with their fields.

How they are read is `source.py`. Amounts are whole minor units of their currency, instants seconds since 1970; both
are translated in staging.
"""

from __future__ import annotations

from ingestion.contract.model import Pii
from ingestion.sources.model import Credential, Field, Kind, RawTable, members

NAME = "stripe"
TITLE = "Stripe"
DOMAIN = "crm"
API_VERSION = "2025-09-30.clover"
HOSTS = ("api.stripe.com",)
REQUESTS_PER_SECOND = 25.0
PAGE_SIZE = 100
EVENT_DAYS = 29  # the event log goes back 30 days
SUBSCRIPTION_CHANGES = ("created", "updated", "deleted", "paused", "resumed", "trial_will_end")
INVOICE_CHANGES = ("created", "updated", "finalized", "paid", "payment_failed", "voided", "marked_uncollectible")
CREDENTIALS = (
    Credential("stripe_key", "Restricted key that may read customers, subscriptions, invoices, refunds and events."),
)


def _object(what: str) -> tuple[Field, ...]:
    return (
        Field("id", Kind.TEXT, f"Identifier of the {what}.", required=True),
        Field("created", Kind.INTEGER, f"When the {what} was created, seconds since 1970.", required=True),
        Field("livemode", Kind.BOOLEAN, "Whether it is real; false for test data.", required=True),
    )


def _known(names: str) -> frozenset[str]:
    return members(f"object metadata {names}")


CUSTOMERS = RawTable(
    "customers",
    "One row per version of a customer in Stripe.",
    ("id",),
    (
        *_object("customer"),
        Field("email", Kind.TEXT, "E-mail address.", pii=Pii.DIRECT),
        Field("phone", Kind.TEXT, "Phone number.", pii=Pii.DIRECT),
        Field("name", Kind.TEXT, "Name of the person or company.", pii=Pii.DIRECT),
        Field("address", Kind.JSON, "Billing address.", pii=Pii.DIRECT),
        Field("deleted_at", Kind.INTEGER, "When the customer was deleted, seconds since 1970."),
    ),
    _known(
        "balance currency default_source delinquent description discount invoice_prefix invoice_settings "
        "next_invoice_sequence preferred_locales shipping tax_exempt test_clock business_name individual_name "
        "customer_account"
    ),
)

SUBSCRIPTIONS = RawTable(
    "subscriptions",
    "One row per version of a subscription in Stripe, with its items.",
    ("id",),
    (
        *_object("subscription"),
        Field("customer", Kind.TEXT, "Customer who pays.", required=True, pii=Pii.QUASI),
        Field("status", Kind.TEXT, "State: trialing, active, past_due, canceled, …", required=True),
        Field("currency", Kind.TEXT, "Currency, lower case.", required=True),
        Field("items", Kind.JSON, "Prices and quantities.", required=True),
        Field("start_date", Kind.INTEGER, "When the subscription began, seconds since 1970."),
        Field("trial_start", Kind.INTEGER, "When the trial began, seconds since 1970."),
        Field("trial_end", Kind.INTEGER, "When the trial ends, seconds since 1970."),
        Field("cancel_at", Kind.INTEGER, "When the subscription will end, seconds since 1970."),
        Field("canceled_at", Kind.INTEGER, "When the cancellation was announced, seconds since 1970."),
        Field("ended_at", Kind.INTEGER, "When the subscription ended, seconds since 1970."),
    ),
    _known(
        "application application_fee_percent automatic_tax billing_cycle_anchor billing_cycle_anchor_config "
        "billing_mode billing_thresholds cancel_at_period_end cancellation_details collection_method days_until_due "
        "default_payment_method default_source default_tax_rates description discounts invoice_settings latest_invoice "
        "next_pending_invoice_item_invoice on_behalf_of pause_collection payment_settings "
        "pending_invoice_item_interval pending_setup_intent pending_update schedule test_clock transfer_data "
        "trial_settings customer_account"
    ),
)

INVOICES = RawTable(
    "invoices",
    "One row per version of an invoice in Stripe.",
    ("id",),
    (
        *_object("invoice"),
        Field("customer", Kind.TEXT, "Customer who pays.", pii=Pii.QUASI),
        Field("status", Kind.TEXT, "State: draft, open, paid, void, uncollectible."),
        Field("currency", Kind.TEXT, "Currency, lower case.", required=True),
        Field("total", Kind.INTEGER, "Total in minor units.", required=True),
        Field("total_excluding_tax", Kind.INTEGER, "Total without tax in minor units."),
        Field("amount_paid", Kind.INTEGER, "Paid so far in minor units."),
        Field("status_transitions", Kind.JSON, "When the invoice was finalised, paid, voided."),
    ),
    _known(
        "account_country account_name account_tax_ids amount_due amount_overpaid amount_remaining amount_shipping "
        "application attempt_count attempted auto_advance automatic_tax automatically_finalizes_at billing_reason "
        "collection_method custom_fields customer_address customer_email customer_name customer_phone "
        "customer_shipping customer_tax_exempt customer_tax_ids default_payment_method default_source "
        "default_tax_rates description discounts due_date effective_at ending_balance footer from_invoice "
        "hosted_invoice_url invoice_pdf issuer last_finalization_error latest_revision lines next_payment_attempt "
        "number on_behalf_of parent payment_settings period_end period_start post_payment_credit_notes_amount "
        "pre_payment_credit_notes_amount receipt_number rendering shipping_cost shipping_details starting_balance "
        "statement_descriptor subtotal subtotal_excluding_tax test_clock total_discount_amounts "
        "total_pretax_credit_amounts total_taxes webhooks_delivered_at payments confirmation_secret customer_account"
    ),
)

REFUNDS = RawTable(
    "refunds",
    "One row per version of a refund in Stripe.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Identifier of the refund.", required=True),
        Field("created", Kind.INTEGER, "When the refund was created, seconds since 1970.", required=True),
        Field("amount", Kind.INTEGER, "Amount in minor units.", required=True),
        Field("currency", Kind.TEXT, "Currency, lower case.", required=True),
        Field("charge", Kind.TEXT, "Payment that was paid back."),
        Field("status", Kind.TEXT, "State: pending, succeeded, failed, canceled."),
        Field("reason", Kind.TEXT, "Reason."),
    ),
    _known(
        "balance_transaction description destination_details failure_balance_transaction failure_reason "
        "instructions_email next_action payment_intent pending_reason receipt_number source_transfer_reversal "
        "transfer_reversal"
    ),
)
