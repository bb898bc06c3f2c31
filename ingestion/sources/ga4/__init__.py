"""Google Analytics 4: the files of its BigQuery export. See README.md."""

from ingestion.sources.ga4.source import GA4

__all__ = ["GA4"]
