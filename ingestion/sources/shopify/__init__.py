"""Shopify Admin REST: customers, orders with lines and refunds, abandoned checkouts, deletions. See README.md."""

from ingestion.sources.shopify.source import SHOPIFY

__all__ = ["SHOPIFY"]
