"""Gate 3, the marts about journeys: what people do next, occasions to contact them, segments of people."""

from __future__ import annotations

from quality.suites.mart import Mart, subject_of

_map = subject_of("journey_map")
_transitions = subject_of("journey_transitions")
_triggers = subject_of("trigger_candidates")
_segments = subject_of("segment_profile")

TRIGGERS = (
    *("contract_ending", "trial_ending", "abandoned_cart", "win_back", "overdue"),
    *("review_request", "second_purchase", "birthday", "welcome"),
)

JOURNEY_MAP = Mart(
    "journey_map",
    key=("model", "stage", "touchpoint", "segment_dimension", "segment"),
    columns=("nps", "mean_csat_score", "mean_ces_score"),
    rates=("drop_off_rate",),
    sizes=("people_count",),
    counts=(
        *("touchpoint_count", "continued_count", "drop_off_count", "open_count", "median_wait_days"),
        *("nps_response_count", "csat_response_count", "ces_response_count"),
    ),
    may_be_empty=False,
    statements=(
        _map.ordered("people_count", "touchpoint_count"),
        _map.between("nps", -100, 100),
        _map.between("mean_csat_score", 1, 5),
        _map.between("mean_ces_score", 1, 7),
        _map.none(
            "every_touchpoint_went_on_broke_off_or_is_open",
            "Touchpoints = continued + broken off + open.",
            """select 1 from marts.journey_map
            where touchpoint_count is distinct from continued_count + drop_off_count + open_count""",
        ),
        _map.none(
            "every_segmentation_holds_every_touchpoint",
            "In each model the touchpoints of the segments of each dimension are all touchpoints.",
            """select model, segment_dimension from marts.journey_map group by all
            having sum(touchpoint_count) <> (select count(*) from lifecycle.touchpoints)""",
            reads=("lifecycle.touchpoints",),
        ),
    ),
)

JOURNEY_TRANSITIONS = Mart(
    "journey_transitions",
    key=("model", "stage", "from_touchpoint", "to_touchpoint"),
    rates=("share",),
    sizes=("people_count",),
    counts=("transition_count", "median_wait_days"),
    statements=(
        _transitions.ordered("people_count", "transition_count"),
        _transitions.none(
            "shares_add_up_to_one",
            "The shares of what people did after a touchpoint add up to 1.",
            """select 1 from marts.journey_transitions group by model, stage, from_touchpoint
            having abs(sum(share) - 1) > 1e-9""",
        ),
        _transitions.none(
            "ends_agree_with_the_map",
            "Journeys end as often as the journey map says that they broke off.",
            """select model, stage, touchpoint, drop_off_count from marts.journey_map
            where segment_dimension = 'all' and drop_off_count > 0
            except
            select model, stage, from_touchpoint, transition_count from marts.journey_transitions
            where to_touchpoint = 'journey_end'""",
            reads=("marts.journey_map",),
        ),
    ),
)

TRIGGER_CANDIDATES = Mart(
    "trigger_candidates",
    is_steady=False,
    key=("customer_id", "trigger"),
    columns=(
        *("due_on", "expires_on", "priority", "evidence_touchpoint_id"),
        *("channel", "is_contactable", "reason_not_contactable"),
    ),
    statements=(
        *_triggers.filled("due_on", "priority", "is_contactable"),
        _triggers.one_of("trigger", TRIGGERS),
        _triggers.one_of("channel", ("email", "phone", "post")),
        _triggers.ordered("due_on", "expires_on"),
        _triggers.none(
            "nobody_is_contacted_without_permission",
            "Every candidate has either a channel the person agreed to or the reason there is none.",
            """select 1 from marts.trigger_candidates
            where (channel is null) = (reason_not_contactable is null) or is_contactable <> (channel is not null)""",
        ),
        _triggers.none(
            "channels_agree_with_the_profile",
            "A candidate's channel is one the profile calls contactable.",
            """select 1 from marts.trigger_candidates as candidate
            join marts.customer_profile as person on person.customer_id = candidate.customer_id
            where not case candidate.channel
                when 'email' then person.is_email_contactable
                when 'phone' then person.is_phone_contactable
                when 'post' then person.is_post_contactable
                else not (person.is_email_contactable or person.is_phone_contactable or person.is_post_contactable)
            end""",
            reads=("marts.customer_profile",),
        ),
        _triggers.none(
            "the_first_is_the_next_best_trigger",
            "The candidate of a person that comes first is the next_best_trigger of the profile.",
            """select customer_id, arg_min(trigger, priority) from marts.trigger_candidates group by customer_id
            except
            select customer_id, next_best_trigger from marts.customer_profile""",
            reads=("marts.customer_profile",),
        ),
    ),
)

SEGMENT_PROFILE = Mart(
    "segment_profile",
    key=("segment", "customer_type", "company_industry", "company_size_band", "country"),
    columns=(
        *("revenue_amount", "revenue_per_buyer_amount", "mrr_amount", "historic_clv_amount"),
        *("predicted_clv_36m_amount", "mean_engagement_score", "mean_lead_score"),
        *("nps", "mean_csat_score", "mean_ces_score"),
    ),
    rates=("mean_email_open_rate",),
    sizes=("people_count",),
    counts=(
        *("buyer_count", "contract_customer_count", "contactable_count", "order_count"),
        *("nps_response_count", "csat_response_count", "ces_response_count"),
    ),
    statements=(
        _segments.between("nps", -100, 100),
        _segments.between("mean_csat_score", 1, 5),
        _segments.between("mean_ces_score", 1, 7),
        _segments.figure(
            "everybody_is_in_one_segment",
            "The people of all segments are the people with a profile.",
            """select abs((select coalesce(sum(people_count), 0) from marts.segment_profile)
                - (select count(*) from marts.customer_profile))""",
            reads=("marts.customer_profile",),
            minimum=0,
            maximum=0,
        ),
        _segments.figure(
            "revenue_equals_the_profiles",
            "The revenue of all segments is the revenue of all profiles, to the cent.",
            """select abs((select coalesce(sum(revenue_amount), 0) from marts.segment_profile)
                - (select coalesce(sum(revenue_amount), 0) from marts.customer_profile))""",
            reads=("marts.customer_profile",),
            minimum=0,
            maximum=0.004,
        ),
    ),
)

MARTS = (JOURNEY_MAP, JOURNEY_TRANSITIONS, TRIGGER_CANDIDATES, SEGMENT_PROFILE)
