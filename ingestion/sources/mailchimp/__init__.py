"""Mailchimp: lists, members, campaigns and what happened to their mails. See README.md."""

from ingestion.sources.mailchimp.source import MAILCHIMP

__all__ = ["MAILCHIMP"]
