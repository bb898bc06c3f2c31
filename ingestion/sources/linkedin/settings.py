"""LinkedIn's constants: version, hosts, limits, credentials, and the raw tables with their fields.

How days are read is `source.py`; how LinkedIn wants its questions written, `records.py`.
"""

from __future__ import annotations

from datetime import timedelta

from ingestion.sources.model import Credential, Field, Kind, RawTable

NAME = "linkedin"
TITLE = "LinkedIn"
DOMAIN = "social"
# Sent as the header `LinkedIn-Version`; a version is answered for a year at least.
API_VERSION = "202609"
RESTLI_VERSION = "2.0.0"
HOSTS = ("api.linkedin.com",)
REQUESTS_PER_SECOND = 2.0
PAGE_SIZE = 100
# Figures of a day come two days later and are corrected for a while.
READ_AGAIN = timedelta(days=28)
# LinkedIn keeps the figures of twelve months.
KEPT = timedelta(days=364)
CREDENTIALS = (
    Credential("linkedin_token", "Access token of an administrator of the page, with rw_organization_admin."),
    Credential("linkedin_organization_id", "Number of the organization, the last part of its URN."),
)

_START = Field(
    "day_start", Kind.INTEGER, "When the day began, UTC, in milliseconds.", path="/timeRange/start", required=True
)
_END = Field("day_end", Kind.INTEGER, "When the day ended, UTC, in milliseconds.", path="/timeRange/end")
_ENTITY = Field("organization", Kind.TEXT, "URN of the organization.", path="/organizationalEntity", required=True)


def _count(name: str, path: str, description: str, *, required: bool = False) -> Field:
    return Field(name, Kind.INTEGER, description, path=path, required=required)


SHARE_DAYS = RawTable(
    "share_days",
    "One row per version of a day of an organization's posts in LinkedIn, without what was paid for.",
    ("organization", "day_start"),
    (
        _ENTITY,
        _START,
        _END,
        Field("share", Kind.TEXT, "Post the figures are of; empty for all posts together."),
        _count("impressions", "/totalShareStatistics/impressionCount", "Times a post was shown.", required=True),
        _count("unique_impressions", "/totalShareStatistics/uniqueImpressionsCount", "Members a post was shown to."),
        _count("clicks", "/totalShareStatistics/clickCount", "Clicks on posts."),
        _count("likes", "/totalShareStatistics/likeCount", "Reactions, less those taken back."),
        _count("comments", "/totalShareStatistics/commentCount", "Comments, less those taken back."),
        _count("shares", "/totalShareStatistics/shareCount", "Reposts, less those taken back."),
        Field(
            "engagement",
            Kind.NUMBER,
            "Clicks, likes, comments and reposts per impression, as a fraction.",
            path="/totalShareStatistics/engagement",
        ),
    ),
    frozenset({"/ugcPost", "/totalShareStatistics/shareMentionsCount", "/totalShareStatistics/commentMentionsCount"}),
)

PAGE_DAYS = RawTable(
    "page_days",
    "One row per version of a day of an organization's page in LinkedIn.",
    ("organization", "day_start"),
    (
        Field("organization", Kind.TEXT, "URN of the organization.", required=True),
        _START,
        _END,
        _count(
            "page_views",
            "/totalPageStatistics/views/allPageViews/pageViews",
            "Views of the page and its sections, on all devices.",
            required=True,
        ),
        _count(
            "unique_page_views",
            "/totalPageStatistics/views/allPageViews/uniquePageViews",
            "Members who viewed the page or one of its sections.",
        ),
    ),
    frozenset({"/totalPageStatistics"}),
)

FOLLOWER_DAYS = RawTable(
    "follower_days",
    "One row per version of a day's new followers of an organization in LinkedIn.",
    ("organization", "day_start"),
    (
        _ENTITY,
        _START,
        _END,
        _count(
            "organic_gain", "/followerGains/organicFollowerGain", "New followers who came by themselves.", required=True
        ),
        _count("paid_gain", "/followerGains/paidFollowerGain", "New followers advertising brought."),
    ),
)

FOLLOWERS = RawTable(
    "followers",
    "One row per version of a day's count of an organization's followers in LinkedIn, as it was when it was read.",
    ("organization", "day"),
    (
        Field("organization", Kind.TEXT, "URN of the organization.", required=True),
        Field("day", Kind.DATE_TEXT, "Day the followers were counted, UTC, by LinkedIn's clock.", required=True),
        _count("follower_count", "/firstDegreeSize", "Followers.", required=True),
    ),
)
