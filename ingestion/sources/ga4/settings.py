"""Constants of GA4's BigQuery export: its version, the setting of the folder, and the raw table of events.

Which files belong to which day is `records.py`. JSON exports write whole numbers as texts, Parquet as numbers.
"""

from __future__ import annotations

from ingestion.contract.model import Pii
from ingestion.sources.exports import export_table
from ingestion.sources.model import Credential, Field, Kind, members

NAME = "ga4"
TITLE = "Google Analytics 4"
DOMAIN = "web"
API_VERSION = "BigQuery export"
FOLDER = "ga4_folder"
CREDENTIALS = (Credential(FOLDER, "Folder the daily tables of the BigQuery export are exported to."),)

EVENTS = export_table(
    "events",
    "One row per event in a delivery of a day of GA4's BigQuery export.",
    (
        Field("event_date", Kind.TEXT, "Day in the property's time zone, YYYYMMDD.", required=True),
        Field("event_timestamp", Kind.INTEGER_OR_TEXT, "Microseconds since 1970.", required=True),
        Field("event_name", Kind.TEXT, "What happened.", required=True),
        Field("event_params", Kind.JSON, "Parameters: key and one of four values.", pii=Pii.QUASI),
        Field("user_pseudo_id", Kind.TEXT, "Cookie or app instance; missing without consent.", pii=Pii.QUASI),
        Field("user_id", Kind.TEXT, "Whom the site has logged in.", pii=Pii.DIRECT),
        Field("device", Kind.JSON, "Kind of device, browser, system.", pii=Pii.QUASI),
        Field("geo", Kind.JSON, "Country by name, region, city.", pii=Pii.QUASI),
        Field("collected_traffic_source", Kind.JSON, "Campaign tags and click ids collected with the event."),
        Field("ecommerce", Kind.JSON, "Totals of a purchase or refund."),
        Field("items", Kind.JSON, "Products the event is about."),
        Field("batch_page_id", Kind.INTEGER_OR_TEXT, "Number of the page in its batch."),
        Field("batch_ordering_id", Kind.INTEGER_OR_TEXT, "Number of the request of the page."),
        Field("batch_event_index", Kind.INTEGER_OR_TEXT, "Number of the event in the request."),
    ),
    members(
        "event_previous_timestamp event_value_in_usd event_bundle_sequence_id event_server_timestamp_offset "
        "privacy_info user_properties user_first_touch_timestamp user_ltv app_info traffic_source stream_id platform "
        "event_dimensions is_active_user session_traffic_source_last_click publisher"
    ),
)
