"""Klaviyo: profiles with their consents, e-mail campaigns and what happened to mails. See README.md."""

from ingestion.sources.klaviyo.source import KLAVIYO

__all__ = ["KLAVIYO"]
