"""Stripe: customers, subscriptions, invoices and refunds. See README.md."""

from ingestion.sources.stripe.source import STRIPE

__all__ = ["STRIPE"]
