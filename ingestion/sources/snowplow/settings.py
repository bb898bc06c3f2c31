"""Constants of Snowplow's enriched events: the folder's setting and the raw table with the canonical fields."""

from __future__ import annotations

from ingestion.contract.model import Pii
from ingestion.sources.exports import export_table
from ingestion.sources.model import Credential, Field, Kind, members

NAME = "snowplow"
TITLE = "Snowplow"
DOMAIN = "web"
API_VERSION = "canonical event model"
FOLDER = "snowplow_folder"
CREDENTIALS = (Credential(FOLDER, "Folder enriched events are stored in, as JSON Lines or Parquet."),)

_CAMPAIGN = ("source", "medium", "campaign", "content", "term", "network")

EVENTS = export_table(
    "events",
    "One row per event in a delivery of a file of Snowplow's enriched events.",
    (
        Field("event_id", Kind.TEXT, "Identifier of the event.", required=True),
        Field("collector_tstamp", Kind.TIME_TEXT, "When the collector got it, UTC.", required=True),
        Field("derived_tstamp", Kind.TIME_TEXT, "When it happened, wrong clocks set right, UTC."),
        Field("event", Kind.TEXT, "page_view, page_ping, struct, unstruct …", required=True),
        Field("event_name", Kind.TEXT, "Name of the event."),
        Field("user_id", Kind.TEXT, "Whom the site has logged in.", pii=Pii.DIRECT),
        Field("domain_userid", Kind.TEXT, "Cookie of the site.", pii=Pii.QUASI),
        Field("network_userid", Kind.TEXT, "Cookie of the collector.", pii=Pii.QUASI),
        Field("domain_sessionid", Kind.TEXT, "Session by the site's cookie."),
        Field("page_url", Kind.TEXT, "Address of the page.", pii=Pii.QUASI),
        Field("page_referrer", Kind.TEXT, "Address of the page before.", pii=Pii.QUASI),
        *(Field(f"mkt_{what}", Kind.TEXT, f"Campaign tag: {what}.") for what in _CAMPAIGN),
        Field("mkt_clickid", Kind.TEXT, "Click identifier of the network.", pii=Pii.QUASI),
        Field("se_category", Kind.TEXT, "Structured event: category."),
        Field("se_action", Kind.TEXT, "Structured event: action."),
        Field("se_label", Kind.TEXT, "Structured event: label."),
        Field("geo_country", Kind.TEXT, "Country, ISO 3166-1 alpha-2."),
        Field("dvce_type", Kind.TEXT, "Kind of device."),
    ),
    members(
        "app_id platform etl_tstamp dvce_created_tstamp txn_id name_tracker v_tracker v_collector v_etl user_ipaddress "
        "user_fingerprint domain_sessionidx geo_region geo_city geo_zipcode geo_latitude geo_longitude "
        "geo_region_name ip_isp ip_organization ip_domain ip_netspeed page_title page_urlscheme page_urlhost "
        "page_urlport page_urlpath page_urlquery page_urlfragment refr_urlscheme refr_urlhost refr_urlport "
        "refr_urlpath refr_urlquery refr_urlfragment refr_medium refr_source refr_term se_property se_value "
        "tr_orderid tr_affiliation tr_total tr_tax tr_shipping tr_city tr_state tr_country ti_orderid ti_sku ti_name "
        "ti_category ti_price ti_quantity pp_xoffset_min pp_xoffset_max pp_yoffset_min pp_yoffset_max useragent "
        "br_name br_family br_version br_type br_renderengine br_lang br_features_pdf br_features_flash "
        "br_features_java br_features_director br_features_quicktime br_features_realplayer "
        "br_features_windowsmedia br_features_gears br_features_silverlight br_cookies br_colordepth br_viewwidth "
        "br_viewheight os_name os_family os_manufacturer os_timezone dvce_ismobile dvce_screenwidth "
        "dvce_screenheight doc_charset doc_width doc_height tr_currency tr_total_base tr_tax_base tr_shipping_base "
        "ti_currency ti_price_base base_currency geo_timezone etl_tags dvce_sent_tstamp refr_domain_userid "
        "refr_dvce_tstamp event_vendor event_format event_version event_fingerprint true_tstamp load_tstamp contexts "
        "derived_contexts unstruct_event"
    ),
)
