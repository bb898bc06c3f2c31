"""Constants of Google Ads: version, hosts, limits, credentials, and the raw table of campaign days.

How days are read is `source.py`. Whole numbers come as texts, cost in millionths of the account's currency.
"""

from __future__ import annotations

from datetime import date, timedelta

from ingestion.sources.model import Credential, Field, Kind, RawTable

NAME = "google_ads"
TITLE = "Google Ads"
DOMAIN = "social"
API_VERSION = "v25"
HOSTS = ("googleads.googleapis.com", "oauth2.googleapis.com")
REQUESTS_PER_SECOND = 2.0
# Conversions are assigned to the day of the click, and clicks are checked for fraud later.
READ_AGAIN = timedelta(days=14)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2037, 12, 30)
GRANT_PATH, GRANT_BASE = "/token", "google_ads_token_base_url"
# An access token somebody else obtained, good for an hour, can stand for the three that renew it.
ACCESS = "google_ads_token"
CREDENTIALS = (
    Credential("google_ads_refresh_token", "OAuth refresh token for the scope adwords.", unless=ACCESS),
    Credential("google_ads_client_id", "OAuth client the refresh token belongs to.", unless=ACCESS),
    Credential("google_ads_client_secret", "Secret of that OAuth client.", unless=ACCESS),
    Credential("google_ads_developer_token", "Developer token of the manager account."),
    Credential("google_ads_customer_id", "Number of the account, digits only."),
)

CAMPAIGN_DAYS = RawTable(
    "campaign_days",
    "One row per version of a day of a campaign in Google Ads.",
    ("date", "campaign_id"),
    (
        Field("campaign_id", Kind.INTEGER_TEXT, "Identifier of the campaign.", path="/campaign/id", required=True),
        Field("date", Kind.DATE_TEXT, "Day in the account's time zone.", path="/segments/date", required=True),
        Field("campaign_name", Kind.TEXT, "Name of the campaign.", path="/campaign/name"),
        Field("channel_type", Kind.TEXT, "Where ads are shown.", path="/campaign/advertisingChannelType"),
        Field("currency_code", Kind.TEXT, "Currency.", path="/customer/currencyCode", required=True),
        Field("impressions", Kind.INTEGER_TEXT, "Times an ad was shown.", path="/metrics/impressions"),
        Field("clicks", Kind.INTEGER_TEXT, "Clicks on an ad.", path="/metrics/clicks"),
        Field("cost_micros", Kind.INTEGER_TEXT, "Cost in millionths.", path="/metrics/costMicros", required=True),
        Field("conversions", Kind.NUMBER, "Conversions; parts are possible.", path="/metrics/conversions"),
    ),
    frozenset({"/campaign/resourceName", "/customer/resourceName"}),
)
