"""All connectors, and the way to look one up. The connectors themselves are the neighbouring folders."""

from __future__ import annotations

from ingestion.errors import ExitCode
from ingestion.sources.brevo import BREVO
from ingestion.sources.errors import SourceError
from ingestion.sources.ga4 import GA4
from ingestion.sources.google_ads import GOOGLE_ADS
from ingestion.sources.hubspot import HUBSPOT
from ingestion.sources.klaviyo import KLAVIYO
from ingestion.sources.linkedin import LINKEDIN
from ingestion.sources.mailchimp import MAILCHIMP
from ingestion.sources.matomo import MATOMO
from ingestion.sources.meta_ads import META_ADS
from ingestion.sources.meta_graph import META_GRAPH
from ingestion.sources.model import Connector
from ingestion.sources.salesforce import SALESFORCE
from ingestion.sources.segment import SEGMENT
from ingestion.sources.sendgrid import SENDGRID
from ingestion.sources.shopify import SHOPIFY
from ingestion.sources.snowplow import SNOWPLOW
from ingestion.sources.stripe import STRIPE
from ingestion.sources.typeform import TYPEFORM

CONNECTORS: tuple[Connector, ...] = (
    HUBSPOT,
    SHOPIFY,
    STRIPE,
    MAILCHIMP,
    BREVO,
    GA4,
    GOOGLE_ADS,
    KLAVIYO,
    LINKEDIN,
    MATOMO,
    META_ADS,
    META_GRAPH,
    SALESFORCE,
    SEGMENT,
    SENDGRID,
    SNOWPLOW,
    TYPEFORM,
)


class UnknownSourceError(SourceError):
    """A name that is no connector's."""

    exit_code = ExitCode.USAGE


def connector_named(name: str) -> Connector:
    """The connector of that name. Raises UnknownSourceError with the choices when there is none."""
    for connector in CONNECTORS:
        if connector.name == name:
            return connector
    raise UnknownSourceError(
        f"There is no source {name!r}; choose from {', '.join(connector.name for connector in CONNECTORS)}."
    )
