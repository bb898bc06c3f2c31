"""Snowplow: the files of enriched events. See README.md."""

from ingestion.sources.snowplow.source import SNOWPLOW

__all__ = ["SNOWPLOW"]
