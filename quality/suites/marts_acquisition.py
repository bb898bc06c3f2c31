"""Gate 3, the marts about winning customers: what led to orders, what it cost, and what came of campaigns."""

from __future__ import annotations

from quality.suites.mart import ORDERS, Mart, subject_of

ATTRIBUTION_MODELS = ("first", "last", "linear", "position_based", "time_decay", "data_driven")

_attribution = subject_of("kpi_attribution")

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

MARTS = (ATTRIBUTION,)
