"""Meta Ads: what campaigns on Facebook and Instagram cost and brought, by day. See README.md."""

from ingestion.sources.meta_ads.source import META_ADS

__all__ = ["META_ADS"]
