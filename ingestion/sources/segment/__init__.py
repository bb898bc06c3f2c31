"""Segment and RudderStack: the files of their raw event exports. See README.md."""

from ingestion.sources.segment.source import SEGMENT

__all__ = ["SEGMENT"]
