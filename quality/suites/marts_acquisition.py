"""Gate 3, the marts about winning customers: what led to orders, what it cost, and what came of campaigns."""

from __future__ import annotations

from quality.suites.mart import ORDERS, Mart, subject_of

AD_SPEND = "conformed.social_ad_spend"
ATTRIBUTION_MODELS = ("first", "last", "linear", "position_based", "time_decay", "data_driven")

_attribution = subject_of("kpi_attribution")
_acquisition = subject_of("kpi_acquisition")
_channels = subject_of("kpi_channel_value")

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
        *("impressions_count", "clicks_count", "spend_amount", "click_rate", "impression_to_conversion_rate"),
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

MARTS = (ATTRIBUTION, ACQUISITION, CHANNEL_VALUE)
