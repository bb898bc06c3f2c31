"""Mailchimp's constants: version, hosts, limits, credentials, and the raw tables with their fields.

How they are read is `source.py`; how nested answers become records, `records.py`.
"""

from __future__ import annotations

from datetime import timedelta

from ingestion.contract.model import Pii
from ingestion.sources.model import Credential, Field, Kind, RawTable, members

NAME = "mailchimp"
TITLE = "Mailchimp"
DOMAIN = "email"
API_VERSION = "3.0"
HOSTS = ("*.api.mailchimp.com",)
REQUESTS_PER_SECOND = 5.0
PAGE_SIZE = 500
# People unsubscribe from a campaign long after it was sent; Mailchimp does not say when it last happened.
UNSUBSCRIBE_TIME = timedelta(days=30)
CREDENTIALS = (
    Credential("mailchimp_base_url", "Address with your data centre, for example https://us6.api.mailchimp.com."),
    Credential("mailchimp_key", "API key of the account."),
)

_EMAIL = Field("email_address", Kind.TEXT, "E-mail address of the member.", required=True, pii=Pii.DIRECT)
_CAMPAIGN = Field("campaign_id", Kind.TEXT, "Campaign.", required=True)
_MEMBER = Field("email_id", Kind.TEXT, "Member: MD5 of the lower-case address.", required=True, pii=Pii.QUASI)
_LIST = Field("list_id", Kind.TEXT, "Audience.", required=True)


def _known(names: str) -> frozenset[str]:
    return members(f"_links {names}")


LISTS = RawTable(
    "lists",
    "One row per version of an audience in Mailchimp.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Identifier of the audience.", required=True),
        Field("name", Kind.TEXT, "Name."),
        Field("date_created", Kind.TIME_TEXT, "When the audience was created."),
        Field("double_optin", Kind.BOOLEAN, "Whether new members have to confirm."),
    ),
    _known(
        "web_id contact permission_reminder use_archive_bar campaign_defaults notify_on_subscribe "
        "notify_on_unsubscribe list_rating email_type_option subscribe_url_short subscribe_url_long beamer_address "
        "visibility has_welcome marketing_permissions modules stats"
    ),
)

MEMBERS = RawTable(
    "members",
    "One row per version of a member of an audience in Mailchimp.",
    ("list_id", "id"),
    (
        _LIST,
        Field("id", Kind.TEXT, "Member: MD5 of the lower-case address.", required=True, pii=Pii.QUASI),
        _EMAIL,
        Field("status", Kind.TEXT, "subscribed, unsubscribed, cleaned, pending, archived …", required=True),
        Field("merge_fields", Kind.JSON, "Name, phone and what else the form asks.", pii=Pii.DIRECT),
        Field("timestamp_signup", Kind.TIME_TEXT, "When the form was sent."),
        Field("timestamp_opt", Kind.TIME_TEXT, "When the opt-in was confirmed, or the member imported."),
        Field("last_changed", Kind.TIME_TEXT, "When the member last changed.", required=True),
        Field("unsubscribe_reason", Kind.TEXT, "Why the member left."),
        Field("source", Kind.TEXT, "Where the member came from."),
        Field("location", Kind.JSON, "Where the member was when opting in.", pii=Pii.QUASI),
    ),
    _known(
        "unique_email_id contact_id full_name web_id email_type consents_to_one_to_one_messaging interests stats "
        "ip_signup ip_opt member_rating language vip email_client tags_count tags marketing_permissions last_note "
        "sms_phone_number sms_subscription_status sms_subscription_last_updated"
    ),
)

CAMPAIGNS = RawTable(
    "campaigns",
    "One row per version of a campaign in Mailchimp.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Identifier of the campaign.", required=True),
        Field("type", Kind.TEXT, "Kind: regular, plaintext, rss, variate."),
        Field("status", Kind.TEXT, "State: save, paused, schedule, sending, sent.", required=True),
        Field("create_time", Kind.TIME_TEXT, "When the campaign was created."),
        Field("send_time", Kind.TIME_TEXT, "When the campaign was sent."),
        Field("list_id", Kind.TEXT, "Audience.", path="/recipients/list_id"),
        Field("title", Kind.TEXT, "Name.", path="/settings/title"),
        Field("subject_line", Kind.TEXT, "Subject line.", path="/settings/subject_line"),
    ),
    _known(
        "settings recipients web_id parent_campaign_id archive_url long_archive_url emails_sent "
        "content_type needs_block_refresh resendable tracking delivery_status report_summary variate_settings rss_opts "
        "ab_split_opts social_card"
    ),
)

SENT_TO = RawTable(
    "sent_to",
    "One row per mail of a campaign in Mailchimp.",
    ("campaign_id", "email_id"),
    (
        _CAMPAIGN,
        _LIST,
        _MEMBER,
        _EMAIL,
        Field("status", Kind.TEXT, "sent, hard or soft (bounced).", required=True),
        Field("send_time", Kind.TIME_TEXT, "When the campaign was sent.", required=True),
    ),
)

EMAIL_ACTIVITY = RawTable(
    "email_activity",
    "One row per open, click or bounce of a mail in Mailchimp.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Campaign, member, action, time, link; not numbered.", required=True),
        _CAMPAIGN,
        _LIST,
        _MEMBER,
        _EMAIL,
        Field("action", Kind.TEXT, "open, click or bounce.", required=True),
        Field("timestamp", Kind.TIME_TEXT, "When it happened.", required=True),
        Field("url", Kind.TEXT, "Link that was clicked.", pii=Pii.QUASI),
        Field("type", Kind.TEXT, "Kind of bounce: hard or soft."),
        Field("ip", Kind.TEXT, "Network address.", pii=Pii.QUASI),
    ),
)

UNSUBSCRIBES = RawTable(
    "unsubscribes",
    "One row per member who left through a campaign in Mailchimp.",
    ("campaign_id", "email_id"),
    (
        _CAMPAIGN,
        _LIST,
        _MEMBER,
        _EMAIL,
        Field("timestamp", Kind.TIME_TEXT, "When the member left.", required=True),
        Field("reason", Kind.TEXT, "Why."),
    ),
    _known("merge_fields vip list_is_active"),
)
