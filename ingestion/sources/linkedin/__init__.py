"""LinkedIn: what a company's page and its posts achieved by day, and how many follow it. See README.md."""

from ingestion.sources.linkedin.source import LINKEDIN

__all__ = ["LINKEDIN"]
