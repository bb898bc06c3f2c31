"""Gate 3, the marts about winning customers: what led to orders, what it cost, and what came of campaigns."""

from __future__ import annotations

from quality.suites.mart import ORDERS, Mart, subject_of

AD_SPEND = "conformed.social_ad_spend"
ATTRIBUTION_MODELS = ("first", "last", "linear", "position_based", "time_decay", "data_driven")

_attribution = subject_of("kpi_attribution")
_acquisition = subject_of("kpi_acquisition")
_channels = subject_of("kpi_channel_value")
_campaigns = subject_of("campaign_evaluation")

ATTRIBUTION = Mart(
    "kpi_attribution",
    key=("source", "order_id", "model"),
    nullable_key=("touchpoint_id",),
    columns=("customer_id", "channel", "campaign", "revenue_amount"),
    rates=("credit",),
    statements=(
        *_attribution.filled("channel"),
        _attribution.one_of("model", ATTRIBUTION_MODELS),
        _attribution.none(
            "credits_of_an_order_add_up_to_one",
            "The credits of an order add up to exactly one in every attribution model.",
            "select 1 from marts.kpi_attribution group by source, order_id, model having sum(credit) <> 1",
        ),
        _attribution.none(
            "models_attribute_all_orders",
            "In every attribution model the credits and amounts are those of all purchases, to the cent.",
            f"""select model from (select unnest({list(ATTRIBUTION_MODELS)}) as model) as models
            left join (
                select model, sum(credit) as credit, sum(revenue_amount) as revenue_amount
                from marts.kpi_attribution group by model
            ) as credited using (model)
            cross join (
                select count(*) as order_count, coalesce(sum(revenue_amount), 0) as revenue_amount
                from {ORDERS} where is_purchase
            ) as orders
            where coalesce(credited.credit, 0) <> orders.order_count
                or coalesce(credited.revenue_amount, 0) <> orders.revenue_amount""",
            reads=(ORDERS,),
        ),
    ),
)

ACQUISITION = Mart(
    "kpi_acquisition",
    key=("reported_on", "platform", "campaign", "channel"),
    columns=("sales_cost_amount", "reference_model", "click_to_conversion_rate", "cost_per_acquisition_amount", "roas"),
    counts=(
        *("impressions", "clicks", "spend_amount", "click_rate", "impression_to_conversion_rate"),
        *(f"{model}_conversions_count" for model in ATTRIBUTION_MODELS),
        *(f"{model}_first_purchases_count" for model in ATTRIBUTION_MODELS),
    ),
    statements=(
        *(
            _acquisition.figure(
                f"{model}_conversions_are_all_orders",
                f"The conversions of all rows by the model {model} are all purchases.",
                f"""select abs((select coalesce(sum({model}_conversions_count), 0) from marts.kpi_acquisition)
                    - (select count(*) from {ORDERS} where is_purchase))""",
                reads=(ORDERS,),
                minimum=0,
                maximum=0.001,
            )
            for model in ATTRIBUTION_MODELS
        ),
        _acquisition.figure(
            "spend_equals_the_deliveries",
            "Spend and cost of sales of all rows are what was delivered, to the cent.",
            f"""select abs((select coalesce(sum(coalesce(spend_amount, 0) + coalesce(sales_cost_amount, 0)), 0)
                from marts.kpi_acquisition)
                - (select coalesce(sum(spend_amount), 0) from {AD_SPEND}))""",
            reads=(AD_SPEND,),
            minimum=0,
            maximum=0.004,
        ),
    ),
)

CHANNEL_VALUE = Mart(
    "kpi_channel_value",
    key=("acquisition_channel",),
    columns=(
        *("cost_per_acquisition_amount", "revenue_amount", "mean_historic_revenue_amount", "conversion_trend"),
        *("mean_historic_contribution_amount", "mean_predicted_clv_36m_amount", "is_declining"),
    ),
    rates=("recent_conversion_rate", "earlier_conversion_rate"),
    counts=(
        *("people_count", "customer_count", "spend_amount", "attributed_first_purchases_count"),
        "median_days_to_first_order",
    ),
    may_be_empty=False,
    statements=(
        _channels.ordered("customer_count", "people_count"),
        _channels.figure(
            "people_of_all_channels_are_everybody",
            "Everybody with a profile came by exactly one channel.",
            """select abs((select coalesce(sum(people_count), 0) from marts.kpi_channel_value)
                - (select count(*) from marts.customer_profile))""",
            reads=("marts.customer_profile",),
            minimum=0,
            maximum=0,
        ),
        _channels.figure(
            "revenue_equals_the_profiles",
            "The revenue of all channels is the revenue of all profiles, to the cent.",
            """select abs((select coalesce(sum(revenue_amount), 0) from marts.kpi_channel_value)
                - (select coalesce(sum(revenue_amount), 0) from marts.customer_profile))""",
            reads=("marts.customer_profile",),
            minimum=0,
            maximum=0.004,
        ),
    ),
)

CAMPAIGNS = Mart(
    "campaign_evaluation",
    key=("source", "campaign_id", "member_group", "segment_dimension", "segment"),
    columns=(
        *("campaign", "goal", "channel", "started_at", "window_days", "is_mature", "revenue_amount"),
        *("revenue_before_amount", "buyer_rate_lift", "buyer_rate_lift_low", "buyer_rate_lift_high"),
        *("revenue_lift_amount", "revenue_lift_low_amount", "revenue_lift_high_amount"),
    ),
    rates=("response_rate", "buyer_rate", "buyer_before_rate", "opt_out_rate"),
    counts=(
        *("member_count", "delivered_count", "human_open_count", "machine_open_count", "response_count"),
        *("buyer_count", "order_count", "buyer_before_count", "order_before_count", "opt_out_count"),
        *("moved_up_count", "moved_down_count"),
    ),
    statements=(
        _campaigns.one_of("member_group", ("treated", "holdout")),
        _campaigns.between("buyer_rate_lift", -1, 1),
        _campaigns.ordered("buyer_rate_lift_low", "buyer_rate_lift"),
        _campaigns.ordered("buyer_rate_lift", "buyer_rate_lift_high"),
        *(
            _campaigns.ordered(f"{count}_count", "member_count")
            for count in ("delivered", "response", "buyer", "opt_out", "moved_up", "moved_down")
        ),
        _campaigns.none(
            "segments_add_up_to_all_members",
            "The members of all segments of a group are all its members.",
            """select 1 from marts.campaign_evaluation group by source, campaign_id, member_group
            having sum(member_count) filter (where segment_dimension = 'all')
                is distinct from sum(member_count) filter (where segment_dimension = 'customer_segment')""",
        ),
        _campaigns.none(
            "unfinished_campaigns_have_no_lift",
            "Before the window is over nothing is said about the effect.",
            "select 1 from marts.campaign_evaluation where not is_mature and buyer_rate_lift is not null",
        ),
    ),
)

MARTS = (ATTRIBUTION, ACQUISITION, CHANNEL_VALUE, CAMPAIGNS)
