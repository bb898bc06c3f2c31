"""Matomo: visits with their actions. See README.md."""

from ingestion.sources.matomo.source import MATOMO

__all__ = ["MATOMO"]
