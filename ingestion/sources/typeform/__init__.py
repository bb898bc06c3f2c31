"""Typeform: forms with their questions, and the responses to them. See README.md."""

from ingestion.sources.typeform.source import TYPEFORM

__all__ = ["TYPEFORM"]
