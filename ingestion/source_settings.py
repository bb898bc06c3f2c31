"""Settings of the sources: where each vendor's API is and the credentials for it, all of them optional.

A source without credentials is left out of every run. Secrets are secret types, which print as asterisks.
"""

from __future__ import annotations

from pathlib import Path

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

    brevo_base_url: str = Field(default="https://api.brevo.com", description="Address of Brevo's API.")
    brevo_key: SecretStr | None = Field(default=None, description="API key of the Brevo account.")

    ga4_folder: Path | None = Field(default=None, description="Folder with the files of GA4's BigQuery export.")

    google_ads_base_url: str = Field(default="https://googleads.googleapis.com", description="Address of Google Ads.")
    google_ads_token_base_url: str = Field(
        default="https://oauth2.googleapis.com", description="Address of Google's token service."
    )
    google_ads_refresh_token: SecretStr | None = Field(default=None, description="OAuth refresh token for Google Ads.")
    google_ads_client_id: str | None = Field(default=None, description="OAuth client the refresh token belongs to.")
    google_ads_client_secret: SecretStr | None = Field(default=None, description="Secret of that OAuth client.")
    google_ads_token: SecretStr | None = Field(default=None, description="OAuth access token, good for an hour.")
    google_ads_developer_token: SecretStr | None = Field(default=None, description="Developer token of Google Ads.")
    google_ads_customer_id: str | None = Field(default=None, description="Number of the Google Ads account.")
    google_ads_login_customer_id: str | None = Field(default=None, description="Number of the manager account.")

    klaviyo_base_url: str = Field(default="https://a.klaviyo.com", description="Address of Klaviyo's API.")
    klaviyo_key: SecretStr | None = Field(default=None, description="Private API key of the Klaviyo account.")

    linkedin_base_url: str = Field(default="https://api.linkedin.com", description="Address of LinkedIn's API.")
    linkedin_token: SecretStr | None = Field(default=None, description="Access token of the page's administrator.")
    linkedin_organization_id: str | None = Field(default=None, description="Number of the organization in LinkedIn.")

    matomo_base_url: str | None = Field(default=None, description="Address of Matomo.")
    matomo_host: str | None = Field(default=None, description="Host of a Matomo of your own, outside matomo.cloud.")
    matomo_token: SecretStr | None = Field(default=None, description="token_auth of a Matomo user with view access.")
    matomo_site_id: str | None = Field(default=None, description="Number of the site in Matomo.")

    meta_ads_base_url: str = Field(default="https://graph.facebook.com", description="Address of Meta's Graph API.")
    meta_ads_token: SecretStr | None = Field(default=None, description="Access token with ads_read.")
    meta_ads_account_id: str | None = Field(default=None, description="Number of the ad account, without act_.")

    meta_graph_base_url: str = Field(default="https://graph.facebook.com", description="Address of Meta's Graph API.")
    meta_graph_token: SecretStr | None = Field(default=None, description="Access token of the Facebook page.")
    meta_graph_page_id: str | None = Field(default=None, description="Number of the Facebook page.")
    meta_graph_instagram_id: str | None = Field(default=None, description="Number of the page's Instagram account.")

    segment_folder: Path | None = Field(default=None, description="Folder with the event files of Segment.")
    sendgrid_folder: Path | None = Field(default=None, description="Folder with requests of SendGrid's event webhook.")
    snowplow_folder: Path | None = Field(default=None, description="Folder with Snowplow's enriched events.")

    typeform_base_url: str = Field(default="https://api.typeform.com", description="Address of Typeform's API.")
    typeform_token: SecretStr | None = Field(default=None, description="Personal access token of Typeform.")

    salesforce_base_url: str | None = Field(default=None, description="Address of the Salesforce organisation.")
    salesforce_client_id: str | None = Field(default=None, description="Consumer key of a Salesforce client app.")
    salesforce_client_secret: SecretStr | None = Field(default=None, description="Consumer secret of that client app.")
    salesforce_currency: str | None = Field(default=None, description="Currency of a Salesforce that has one only.")
