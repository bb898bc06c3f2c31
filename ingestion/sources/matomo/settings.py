"""Matomo's constants: version, hosts, limits, credentials, and the raw table of visits.

How visits are read is `source.py`. Instants are seconds since 1970; numbers come as numbers or as texts, depending on
the PHP version Matomo runs on.
"""

from __future__ import annotations

from ingestion.contract.model import Pii
from ingestion.sources.model import Credential, Field, Kind, RawTable, members

NAME = "matomo"
TITLE = "Matomo"
DOMAIN = "web"
API_VERSION = "5"
HOSTS = ("*.matomo.cloud",)
REQUESTS_PER_SECOND = 5.0
PAGE_SIZE = 500
CREDENTIALS = (
    Credential("matomo_base_url", "Address of Matomo, for example https://my-site.matomo.cloud."),
    Credential("matomo_token", "Token of a user with view access to the site (token_auth)."),
    Credential("matomo_site_id", "Number of the site (idSite)."),
)

_CAMPAIGN = ("name", "source", "medium", "content", "keyword")

VISITS = RawTable(
    "visits",
    "One row per version of a visit in Matomo, with its actions.",
    ("id_visit",),
    (
        Field("id_visit", Kind.INTEGER_OR_TEXT, "Number of the visit.", path="/idVisit", required=True),
        Field("visitor_id", Kind.TEXT, "Cookie of the visitor.", path="/visitorId", required=True, pii=Pii.QUASI),
        Field("user_id", Kind.TEXT, "Whom the site has logged in.", path="/userId", pii=Pii.DIRECT),
        Field("server_timestamp", Kind.INTEGER, "End of the visit so far.", path="/serverTimestamp", required=True),
        Field("last_action_timestamp", Kind.INTEGER, "Last action.", path="/lastActionTimestamp", required=True),
        Field("referrer_type", Kind.TEXT, "direct, search, website, social or campaign.", path="/referrerType"),
        Field("referrer_name", Kind.TEXT, "Search engine, site or campaign.", path="/referrerName"),
        Field("referrer_keyword", Kind.TEXT, "Search term or campaign keyword.", path="/referrerKeyword"),
        Field("referrer_url", Kind.TEXT, "Address of the page before.", path="/referrerUrl", pii=Pii.QUASI),
        *(
            Field(f"campaign_{what}", Kind.TEXT, f"Campaign tag: {what}.", path=f"/campaign{what.title()}")
            for what in _CAMPAIGN
        ),
        Field("country_code", Kind.TEXT, "Country, lower case; xx when unknown.", path="/countryCode"),
        Field("device_type", Kind.TEXT, "Kind of device.", path="/deviceType"),
        Field("site_currency", Kind.TEXT, "Currency of all amounts.", path="/siteCurrency"),
        Field("action_details", Kind.JSON, "What the visitor did, in order.", path="/actionDetails", pii=Pii.QUASI),
    ),
    members(
        "idSite visitIp fingerprint serverDate serverTimePretty serverDatePretty serverDatePrettyFirstAction "
        "serverTimePrettyFirstAction serverTimestampPretty goalConversions siteCurrencySymbol siteName "
        "visitorType visitorTypeIcon visitConverted visitConvertedIcon visitCount visitEcommerceStatus "
        "visitEcommerceStatusIcon daysSinceFirstVisit secondsSinceFirstVisit daysSinceLastEcommerceOrder "
        "secondsSinceLastEcommerceOrder daysSinceLastVisit secondsSinceLastVisit visitDuration visitDurationPretty "
        "searches actions interactions events lastActionDateTime visitLocalTime visitLocalHour visitServerHour "
        "firstActionTimestamp referrerTypeName referrerKeywordPosition referrerSearchEngineUrl "
        "referrerSearchEngineIcon referrerSocialNetworkUrl referrerSocialNetworkIcon languageCode language "
        "deviceTypeIcon deviceBrand deviceModel operatingSystem operatingSystemName operatingSystemIcon "
        "operatingSystemCode operatingSystemVersion browserFamily browserFamilyDescription browser browserName "
        "browserIcon browserCode browserVersion totalEcommerceRevenue totalEcommerceConversions totalEcommerceItems "
        "totalAbandonedCartsRevenue totalAbandonedCarts totalAbandonedCartsItems continent continentCode country "
        "countryFlag region regionCode city location latitude longitude plugins pluginsIcons provider providerName "
        "providerUrl resolution customVariables customDimensions formConversions sessionReplayUrl experiments "
        "adClickId adProviderId adProviderName campaignId campaignGroup campaignPlacement crashes dimension1 "
        "dimension2 dimension3 dimension4 dimension5"
    ),
)
