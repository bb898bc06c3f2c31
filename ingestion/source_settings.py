"""Settings of the sources: where each vendor's API is and the credentials for it, all of them optional.

A source without credentials is left out of every run. Secrets are secret types, which print as asterisks.
"""

from __future__ import annotations

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class SourceSettings(BaseSettings):
    """The part of the settings that connectors read."""

    hubspot_base_url: str = Field(default="https://api.hubapi.com", description="Address of HubSpot's API.")
    hubspot_token: SecretStr | None = Field(default=None, description="Access token of a HubSpot private app.")

    shopify_base_url: str | None = Field(default=None, description="Address of the Shopify shop.")
    shopify_token: SecretStr | None = Field(default=None, description="Admin API access token of a Shopify app.")

    stripe_base_url: str = Field(default="https://api.stripe.com", description="Address of Stripe's API.")
    stripe_key: SecretStr | None = Field(default=None, description="Restricted key of the Stripe account.")

    mailchimp_base_url: str | None = Field(default=None, description="Address of Mailchimp's API with the data centre.")
    mailchimp_key: SecretStr | None = Field(default=None, description="API key of the Mailchimp account.")

    salesforce_base_url: str | None = Field(default=None, description="Address of the Salesforce organisation.")
    salesforce_client_id: str | None = Field(default=None, description="Consumer key of a Salesforce client app.")
    salesforce_client_secret: SecretStr | None = Field(
        default=None, description="Consumer secret of the Salesforce client app."
    )
    salesforce_currency: str | None = Field(
        default=None, description="Currency of a Salesforce organisation that has only one, ISO 4217."
    )
