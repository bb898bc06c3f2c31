"""Google Ads: what campaigns cost and brought, by day. See README.md."""

from ingestion.sources.google_ads.source import GOOGLE_ADS

__all__ = ["GOOGLE_ADS"]
