"""Constants of Meta's ads insights: version, hosts, limits, credentials, and the raw table of campaign days.

How days are read is `source.py`. All figures come as texts; amounts are in the account's currency.
"""

from __future__ import annotations

from datetime import timedelta

from ingestion.sources.model import Credential, Field, Kind, RawTable, members

NAME = "meta_ads"
TITLE = "Meta Ads"
DOMAIN = "social"
API_VERSION = "v26.0"
HOSTS = ("graph.facebook.com",)
REQUESTS_PER_SECOND = 2.0
PAGE_SIZE = 500
# Conversions are assigned to the day of the click, up to 28 days later.
READ_AGAIN = timedelta(days=28)
# Meta keeps 37 months, days before are an error: three years are asked for.
KEPT = timedelta(days=3 * 365)
# Longer spans are refused as too much data for one answer.
SPAN = timedelta(days=90)
CREDENTIALS = (
    Credential("meta_ads_token", "Access token of a system user with ads_read."),
    Credential("meta_ads_account_id", "Number of the ad account, without act_."),
)

CAMPAIGN_DAYS = RawTable(
    "campaign_days",
    "One row per version of a day of a campaign in Meta Ads.",
    ("date_start", "campaign_id"),
    (
        Field("campaign_id", Kind.TEXT, "Identifier of the campaign.", required=True),
        Field("date_start", Kind.DATE_TEXT, "Day in the account's time zone.", required=True),
        Field("campaign_name", Kind.TEXT, "Name of the campaign."),
        Field("objective", Kind.TEXT, "What the campaign is for."),
        Field("account_currency", Kind.TEXT, "Currency of the account.", required=True),
        Field("impressions", Kind.INTEGER_TEXT, "Times an ad was shown.", required=True),
        Field("clicks", Kind.INTEGER_TEXT, "Clicks on an ad."),
        Field("spend", Kind.DECIMAL_TEXT, "Money spent.", required=True),
        Field("actions", Kind.JSON, "What people did after an ad: action_type and value."),
    ),
    members("date_stop"),
)
