"""HubSpot CRM: contacts, companies, deals, tickets, feedback, calls, meetings and owners. See README.md."""

from ingestion.sources.hubspot.source import HUBSPOT

__all__ = ["HUBSPOT"]
