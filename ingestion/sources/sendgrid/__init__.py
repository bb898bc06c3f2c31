"""SendGrid: the stored events of its event webhook. See README.md."""

from ingestion.sources.sendgrid.source import SENDGRID

__all__ = ["SENDGRID"]
