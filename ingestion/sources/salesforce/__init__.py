"""Salesforce CRM: leads, contacts, accounts, opportunities, tasks and cases. See README.md."""

from ingestion.sources.salesforce.source import SALESFORCE

__all__ = ["SALESFORCE"]
