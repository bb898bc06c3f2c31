"""Brevo: contacts, e-mail campaigns and what happened to transactional mails. See README.md."""

from ingestion.sources.brevo.source import BREVO

__all__ = ["BREVO"]
