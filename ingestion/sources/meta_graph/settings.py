"""Constants of Meta's Graph API for pages: version, hosts, limits, credentials, and the raw tables with their fields.

How they are read is `source.py`. Which figure becomes which column, and which day it is of, is told by the staging
models.
"""

from __future__ import annotations

from datetime import timedelta

from ingestion.contract.model import Pii
from ingestion.sources.model import Credential, Field, Kind, RawTable, members

NAME = "meta_graph"
TITLE = "Meta Graph"
DOMAIN = "social"
API_VERSION = "v26.0"
HOSTS = ("graph.facebook.com",)
REQUESTS_PER_SECOND = 2.0
PAGE_SIZE = 100
# Posts and media of one answer that carries their comments too, and the comments of each; Meta refuses larger answers.
THREADS = 50
COMMENTS = 50
# Calls of one batch.
BATCH = 50
# Meta's days, of both platforms, end at midnight in this time zone.
TIMEZONE = "America/Los_Angeles"
# Figures of a day settle for two days; a week leaves time for a run that failed.
READ_AGAIN = timedelta(days=7)
# How long a post is looked at again: its counts change, and people comment on it.
OPEN = timedelta(days=90)
# What Meta keeps of a page's and of an Instagram account's days.
PAGE_KEPT = timedelta(days=2 * 365 - 1)
ACCOUNT_KEPT = timedelta(days=89)
# Meta refuses more than 90 days at once, counted in hours: one day less leaves room for the end of summer time.
SPAN = timedelta(days=89)
PAGE_METRICS = (
    "page_media_view",
    "page_total_media_view_unique",
    "page_follows",
    "page_total_actions",
    "page_actions_post_reactions_like_total",
    "page_actions_post_reactions_love_total",
    "page_actions_post_reactions_wow_total",
    "page_actions_post_reactions_haha_total",
    "page_actions_post_reactions_sorry_total",
    "page_actions_post_reactions_anger_total",
)
ACCOUNT_METRICS = ("views", "reach", "likes", "comments", "shares", "saves", "profile_links_taps")
CREDENTIALS = (
    Credential("meta_graph_token", "Page access token that never expires, of a system user with the page's insights."),
    Credential("meta_graph_page_id", "Number of the Facebook page."),
)

_PAGE = Field("page_id", Kind.TEXT, "Page that was asked.", required=True)
_ACCOUNT = Field("account_id", Kind.TEXT, "Instagram account that was asked.", required=True)

ACCOUNTS = RawTable(
    "accounts",
    "One row per version of a page or Instagram account on a day it was looked at.",
    ("id", "seen_on"),
    (
        Field("id", Kind.TEXT, "Identifier of the page or account.", required=True),
        Field("seen_on", Kind.DATE_TEXT, "Meta's day on which it was looked at.", required=True),
        Field("platform", Kind.TEXT, "facebook or instagram.", required=True),
        Field("username", Kind.TEXT, "Its name in addresses."),
        Field("followers_count", Kind.INTEGER, "Followers at that moment."),
    ),
    members("name media_count"),
)

PAGE_INSIGHTS = RawTable(
    "page_insights",
    "One row per version of a figure of a day of the Facebook page.",
    ("page_id", "name", "end_time"),
    (
        _PAGE,
        Field("name", Kind.TEXT, "Metric.", required=True),
        Field("end_time", Kind.TIME_TEXT, "Midnight at which the day ended, in Meta's time zone.", required=True),
        Field("value", Kind.INTEGER, "The figure.", required=True),
    ),
    members("id period title description"),
)

ACCOUNT_INSIGHTS = RawTable(
    "account_insights",
    "One row per version of a figure of a day of the Instagram account.",
    ("account_id", "name", "day"),
    (
        _ACCOUNT,
        Field("name", Kind.TEXT, "Metric.", required=True),
        Field("day", Kind.DATE_TEXT, "Day in Meta's time zone.", required=True),
        Field("value", Kind.INTEGER, "The figure.", path="/total_value/value", required=True),
    ),
    members("id period title description"),
)

POSTS = RawTable(
    "posts",
    "One row per version of a post on the Facebook page, by the page or by visitors.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Identifier of the post.", required=True),
        _PAGE,
        Field("created_time", Kind.TIME_TEXT, "When it was posted.", required=True),
        Field("updated_time", Kind.TIME_TEXT, "When it was last changed or commented on."),
        Field("from_id", Kind.TEXT, "Who posted it, as numbered for this page.", path="/from/id", pii=Pii.QUASI),
        Field("from_name", Kind.TEXT, "Name of who posted it.", path="/from/name", pii=Pii.DIRECT),
        Field("message", Kind.TEXT, "Its text."),
        Field("permalink_url", Kind.TEXT, "Its address."),
        Field("reaction_count", Kind.INTEGER, "Reactions so far.", path="/reactions/summary/total_count"),
        Field("comment_count", Kind.INTEGER, "Comments so far.", path="/comments/summary/total_count"),
        Field("share_count", Kind.INTEGER, "Shares so far.", path="/shares/count"),
    ),
    # What stands beside the counts says who asked.
    members("reactions reactions/summary comments comments/summary"),
)

COMMENTS_TABLE = RawTable(
    "comments",
    "One row per version of a comment on a post of the Facebook page, or of a reply to one.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Identifier of the comment.", required=True),
        _PAGE,
        Field("post_id", Kind.TEXT, "Post it is on.", required=True),
        Field("created_time", Kind.TIME_TEXT, "When it was written.", required=True),
        Field("from_id", Kind.TEXT, "Who wrote it, as numbered for this page.", path="/from/id", pii=Pii.QUASI),
        Field("from_name", Kind.TEXT, "Name of who wrote it.", path="/from/name", pii=Pii.DIRECT),
        Field("message", Kind.TEXT, "Its text.", pii=Pii.DIRECT),
    ),
)

TAGGED_POSTS = RawTable(
    "tagged_posts",
    "One row per version of a post that mentions the Facebook page.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Identifier of the post.", required=True),
        _PAGE,
        Field("created_time", Kind.TIME_TEXT, "When it was posted.", required=True),
        Field("tagged_time", Kind.TIME_TEXT, "When the page was mentioned in it."),
        Field("from_id", Kind.TEXT, "Who posted it; rarely delivered.", path="/from/id", pii=Pii.QUASI),
        Field("from_name", Kind.TEXT, "Name of who posted it.", path="/from/name", pii=Pii.DIRECT),
        Field("message", Kind.TEXT, "Its text.", pii=Pii.DIRECT),
    ),
)

MEDIA = RawTable(
    "media",
    "One row per version of a post, reel or album of the Instagram account.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Identifier of the media.", required=True),
        _ACCOUNT,
        Field("timestamp", Kind.TIME_TEXT, "When it was published.", required=True),
        Field("media_type", Kind.TEXT, "IMAGE, VIDEO or CAROUSEL_ALBUM."),
        Field("media_product_type", Kind.TEXT, "FEED, REELS, STORY or AD."),
        Field("caption", Kind.TEXT, "Its text."),
        Field("permalink", Kind.TEXT, "Its address."),
        Field("like_count", Kind.INTEGER, "Likes so far; hidden ones are not delivered."),
        Field("comments_count", Kind.INTEGER, "Comments so far."),
    ),
)

MEDIA_COMMENTS = RawTable(
    "media_comments",
    "One row per version of a comment on media of the Instagram account, or of a reply to one.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Identifier of the comment.", required=True),
        _ACCOUNT,
        Field("media_id", Kind.TEXT, "Media it is on.", required=True),
        Field("timestamp", Kind.TIME_TEXT, "When it was written.", required=True),
        Field("parent_id", Kind.TEXT, "Comment it is a reply to."),
        Field("username", Kind.TEXT, "Who wrote it.", pii=Pii.DIRECT),
        Field("text", Kind.TEXT, "Its text.", pii=Pii.DIRECT),
    ),
)

TAGGED_MEDIA = RawTable(
    "tagged_media",
    "One row per version of media of others in which the Instagram account is tagged.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Identifier of the media.", required=True),
        _ACCOUNT,
        Field("timestamp", Kind.TIME_TEXT, "When it was published.", required=True),
        Field("username", Kind.TEXT, "Who published it.", pii=Pii.DIRECT),
        Field("caption", Kind.TEXT, "Its text.", pii=Pii.DIRECT),
    ),
)
