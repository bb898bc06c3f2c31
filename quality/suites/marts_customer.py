"""Gate 3, the marts about people: profile, identifiers, stays, touchpoints, stages."""

from __future__ import annotations

from quality.suites.mart import Mart, subject_of

_profile = subject_of("customer_profile")
_identifiers = subject_of("customer_identifiers")
_history = subject_of("customer_id_history")
_sources = subject_of("customer_attribute_sources")
_touchpoints = subject_of("customer_touchpoints")

PROFILE = Mart(
    "customer_profile",
    key=("customer_id",),
    may_be_empty=False,
    columns=(
        *("is_identified", "identified_at", "first_seen_at", "last_seen_at"),
        *("full_name", "first_name", "last_name", "email", "phone", "city", "postal_code", "country", "birth_on"),
        *("is_business", "company_name", "company_industry", "company_size_band"),
        *("acquisition_channel", "acquisition_campaign", "first_touchpoint", "first_touchpoint_at", "lead_source"),
        *("six_phase_stage", "relationship_phase", "relationship_subphase", "three_r_phase", "customer_segment"),
        *("experience_stage", "cycle_number", "is_lost", "lost_at", "is_reactivated"),
        *("reactivation_channel", "lapse_threshold_days"),
        *("first_order_at", "last_order_at", "revenue_amount", "refunded_amount", "contribution_amount"),
        *("average_order_amount", "median_days_between_orders"),
        *("has_active_contract", "contract_ends_on", "mrr_amount", "trial_ends_at", "is_trial_expired"),
        *("rfm_recency_score", "rfm_frequency_score", "rfm_monetary_score", "rfm_segment"),
        *("predicted_clv_36m_amount", "nps_score", "nps_category", "csat_score", "ces_score"),
        *("lead_score", "engagement_score", "last_channel", "email_consent_status"),
        *("is_email_contactable", "is_phone_contactable", "is_post_contactable", "is_tracking_allowed"),
        *("next_best_trigger", "crm_lifecycle_stage", "crm_stage_changed_at"),
    ),
    rates=("probability_alive", "churn_risk_rate", "email_open_rate", "email_click_rate"),
    counts=("source_count", "identifier_count", "order_count", "distinct_category_count", "open_ticket_count"),
    statements=(
        _profile.between("nps_score", 0, 10),
        _profile.one_of("nps_category", ("promoter", "passive", "detractor")),
        *(_profile.between(f"rfm_{part}_score", 1, 5) for part in ("recency", "frequency", "monetary")),
        _profile.between("median_days_between_orders", 0),
    ),
)

IDENTIFIERS = Mart(
    "customer_identifiers",
    key=("identifier_type", "identifier_value"),
    columns=("customer_id", "source", "first_seen_at", "last_seen_at", "is_bridging"),
    may_be_empty=False,
    statements=(
        *_identifiers.filled("customer_id"),
        _identifiers.figure(
            "holds_every_identifier",
            "The mart holds exactly the identifiers of everybody with a touchpoint, whatever the map says of others.",
            """select abs((select count(*) from marts.customer_identifiers)
                - (select count(*) from identity.customer_identifiers_map
                    where customer_id in (select customer_id from lifecycle.touchpoints)))""",
            reads=("identity.customer_identifiers_map", "lifecycle.touchpoints"),
            minimum=0,
            maximum=0,
        ),
        _identifiers.none(
            "every_customer_has_a_profile",
            "Every identifier belongs to a person with a profile.",
            "select customer_id from marts.customer_identifiers except select customer_id from marts.customer_profile",
            reads=("marts.customer_profile",),
        ),
    ),
)

ID_HISTORY = Mart(
    "customer_id_history",
    key=("old_customer_id",),
    columns=("customer_id", "changed_at", "reason"),
    statements=(
        _history.none(
            "retired_ids_are_not_in_use",
            "No retired customer_id has a profile.",
            """select old_customer_id from marts.customer_id_history
            intersect select customer_id from marts.customer_profile""",
            reads=("marts.customer_profile",),
        ),
    ),
)

ATTRIBUTE_SOURCES = Mart(
    "customer_attribute_sources",
    key=("customer_id", "attribute"),
    columns=("source", "basis"),
    statements=(
        *_sources.filled("source", "basis"),
        _sources.none(
            "every_value_has_a_source",
            "Every name, address and further value of a person in the profile is told with the source it comes from.",
            """select customer_id, attribute from (
                unpivot (select customer_id, first_name, last_name, email, phone, city, postal_code, country,
                    birth_on::varchar as birth_on, company_name, lead_source from marts.customer_profile)
                on columns(* exclude customer_id) into name attribute value chosen)
            except select customer_id, attribute from marts.customer_attribute_sources""",
            reads=("marts.customer_profile",),
        ),
    ),
)

STAGE_HISTORY = Mart(
    "customer_stage_history",
    key=("customer_id", "model", "entered_at"),
    columns=(
        *("stage", "left_at", "days_in_stage", "entered_by_rule", "entered_by_touchpoint_id"),
        *("previous_stage", "next_stage", "is_current"),
    ),
    sizes=("cycle_number",),
    counts=("days_in_stage",),
    may_be_empty=False,
)

TOUCHPOINTS = Mart(
    "customer_touchpoints",
    key=("touchpoint_id",),
    columns=(
        *("customer_id", "occurred_at", "domain", "source", "touchpoint", "channel", "campaign", "session_id"),
        *("occurrence", "revenue_amount", "attributes"),
    ),
    may_be_empty=False,
    statements=(
        *_touchpoints.filled("customer_id", "occurred_at", "touchpoint"),
        _touchpoints.between("occurrence", 1),
        _touchpoints.figure(
            "holds_every_touchpoint",
            "The mart holds exactly the touchpoints of the lifecycle layer.",
            """select abs((select count(*) from marts.customer_touchpoints)
                - (select count(*) from lifecycle.touchpoints))""",
            reads=("lifecycle.touchpoints",),
            minimum=0,
            maximum=0,
        ),
    ),
)

STAGES = Mart(
    "lifecycle_stages",
    key=("model", "stage"),
    columns=("parent", "stage_order", "is_optional", "label_en", "label_de", "description"),
    may_be_empty=False,
    statements=subject_of("lifecycle_stages").filled("label_en", "label_de", "description"),
)

MARTS = (PROFILE, IDENTIFIERS, ID_HISTORY, ATTRIBUTE_SOURCES, STAGE_HISTORY, TOUCHPOINTS, STAGES)
