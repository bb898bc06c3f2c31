"""All connectors, and the way to look one up. The connectors themselves are the neighbouring folders."""

from __future__ import annotations

from ingestion.sources.errors import SourceError
from ingestion.sources.hubspot import HUBSPOT
from ingestion.sources.mailchimp import MAILCHIMP
from ingestion.sources.model import Connector
from ingestion.sources.salesforce import SALESFORCE
from ingestion.sources.shopify import SHOPIFY
from ingestion.sources.stripe import STRIPE

CONNECTORS: tuple[Connector, ...] = (
    HUBSPOT,
    MAILCHIMP,
    SALESFORCE,
    SHOPIFY,
    STRIPE,
)


class UnknownSourceError(SourceError):
    """A name that is no connector's."""

    exit_code = 2


def connector_named(name: str) -> Connector:
    """The connector of that name. Raises UnknownSourceError with the choices when there is none."""
    for connector in CONNECTORS:
        if connector.name == name:
            return connector
    raise UnknownSourceError(
        f"There is no source {name!r}; choose from {', '.join(connector.name for connector in CONNECTORS)}."
    )
