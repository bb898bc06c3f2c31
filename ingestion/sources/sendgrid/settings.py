"""Constants of SendGrid's event webhook: the setting of the folder and the raw table with the fields of an event."""

from __future__ import annotations

from ingestion.contract.model import Pii
from ingestion.sources.exports import export_table
from ingestion.sources.model import Credential, Field, Kind, members

NAME = "sendgrid"
TITLE = "SendGrid"
DOMAIN = "email"
API_VERSION = "Event Webhook"
FOLDER = "sendgrid_folder"
CREDENTIALS = (Credential(FOLDER, "Folder the bodies of the event webhook's requests are stored in."),)

# Opt-outs can come without `sg_event_id`, changes of the account without `email`: neither may be refused for it.
EVENTS = export_table(
    "events",
    "One row per event in a delivery of a file of SendGrid's event webhook.",
    (
        Field("event", Kind.TEXT, "processed, delivered, open, click, bounce, unsubscribe …", required=True),
        Field("timestamp", Kind.INTEGER_OR_TEXT, "When it happened, seconds since 1970.", required=True),
        Field("sg_event_id", Kind.TEXT, "Identifier of the event."),
        Field("sg_message_id", Kind.TEXT, "Identifier of the mail."),
        Field("email", Kind.TEXT, "E-mail address of the recipient.", pii=Pii.DIRECT),
        Field("type", Kind.TEXT, "Kind of a bounce (bounce, blocked) or of a change of the account."),
        Field("sg_machine_open", Kind.BOOLEAN, "Whether Apple's Mail Privacy Protection opened the mail."),
        Field("url", Kind.TEXT, "Link that was clicked.", pii=Pii.QUASI),
        Field("useragent", Kind.TEXT, "Program that opened or clicked.", pii=Pii.QUASI),
        Field("asm_group_id", Kind.INTEGER_OR_TEXT, "Unsubscribe group of the mail."),
        Field("reason", Kind.TEXT, "Why the mail bounced or was dropped.", pii=Pii.QUASI),
        Field("singlesend_id", Kind.TEXT, "Single Send the mail belongs to."),
        Field("mc_auto_id", Kind.TEXT, "Automation the mail belongs to."),
        Field("marketing_campaign_id", Kind.INTEGER_OR_TEXT, "Campaign of the earlier Marketing Campaigns."),
        Field("newsletter_id", Kind.INTEGER_OR_TEXT, "Legacy newsletter.", path="/newsletter/newsletter_id"),
    ),
    members(
        "attempt bounce_classification category cert_err domain from ip marketing_campaign_name "
        "marketing_campaign_split_id marketing_campaign_version mc_auto_msg_id mc_auto_name mc_auto_step_id "
        "mc_auto_unique_id mc_pod_id mc_stats newsletter phase_id pool post_type response send_at sg_content_type "
        "sg_template_id sg_template_name sg_user_id singlesend_name smtp-id status template_hash template_id "
        "template_version_id tls unique_args url_offset"
    ),
)
