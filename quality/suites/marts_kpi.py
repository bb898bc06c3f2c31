"""Gate 3, the marts of figures: KPIs by period and segment. Each figure can be recalculated from its parts."""

from __future__ import annotations

from quality.suites.mart import Mart, subject_of

ORDERS = "conformed.crm_orders"

_summary = subject_of("kpi_summary")
_conversion = subject_of("kpi_stage_conversion")
_retention = subject_of("kpi_cohort_retention")
_movement = subject_of("kpi_customer_movement")
_transactions = subject_of("kpi_transactions")
_targets = subject_of("kpi_targets")

_SHARES = (
    *("churn_rate", "subscription_churn_rate", "repeat_purchase_rate", "returning_buyer_rate", "csat"),
    *("email_open_rate", "email_any_open_rate", "email_click_rate", "email_click_to_open_rate"),
    *("email_machine_open_rate", "web_engagement_rate", "loyalty_engagement_rate", "engagement_rate"),
    *("self_service_rate", "referral_rate", "review_rate", "recommended_customer_rate", "contacted_win_back_rate"),
    *("campaign_response_rate", "campaign_conversion_rate", "campaign_opt_out_rate", "cross_sell_rate", "churn_risk"),
)

SUMMARY = Mart(
    "kpi_summary",
    key=("kpi", "period_start", "segment"),
    columns=(
        *("value", "numerator", "denominator", "target_value", "gap", "is_mature"),
        *("reporting_currency", "business_timezone"),
    ),
    may_be_empty=False,
    statements=(
        *_summary.filled("reporting_currency", "business_timezone"),
        _summary.none(
            "nothing_is_divided_by_zero",
            "A figure without a denominator is null.",
            "select 1 from marts.kpi_summary where denominator = 0 and value is not null",
        ),
        _summary.none(
            "shares_lie_between_0_and_1",
            f"A share of people, mails or answers lies between 0 and 1: {', '.join(_SHARES)}.",
            f"select 1 from marts.kpi_summary where kpi in {_SHARES} and value not between 0 and 1",
        ),
        _summary.none(
            "nps_lies_between_its_ends",
            "The net promoter score lies between -100 and 100.",
            "select 1 from marts.kpi_summary where kpi = 'nps' and value not between -100 and 100",
        ),
    ),
)

CONVERSION = Mart(
    "kpi_stage_conversion",
    key=("model", "from_stage", "to_stage", "cohort_month"),
    nullable_key=("acquisition_channel",),
    columns=("median_days", "p90_days", "window_days", "is_mature"),
    rates=("conversion_rate",),
    counts=("entered_count", "converted_count", "open_count"),
    statements=(_conversion.ordered("converted_count", "entered_count"),),
)

RETENTION = Mart(
    "kpi_cohort_retention",
    key=("cohort_month", "months_since_first_order"),
    columns=("revenue_amount", "is_complete"),
    rates=("retention_rate",),
    counts=("cohort_size", "active_count", "months_since_first_order"),
    statements=(
        _retention.ordered("active_count", "cohort_size"),
        _retention.none(
            "unfinished_months_have_no_rate",
            "The retention rate of a month that is not over is null.",
            "select 1 from marts.kpi_cohort_retention where not is_complete and retention_rate is not null",
        ),
        _retention.figure(
            "cohorts_are_all_buyers",
            "Every buyer is in exactly one cohort.",
            """select abs((select coalesce(sum(cohort_size), 0) from marts.kpi_cohort_retention
                where months_since_first_order = 0)
                - (select count(*) from marts.customer_profile where order_count > 0))""",
            reads=("marts.customer_profile",),
            minimum=0,
            maximum=0,
        ),
        _retention.figure(
            "revenue_equals_the_profiles",
            "The revenue of all cohorts is the revenue of all profiles, to the cent.",
            """select abs((select coalesce(sum(revenue_amount), 0) from marts.kpi_cohort_retention)
                - (select coalesce(sum(revenue_amount), 0) from marts.customer_profile))""",
            reads=("marts.customer_profile",),
            minimum=0,
            maximum=0.004,
        ),
    ),
)

MOVEMENT = Mart(
    "kpi_customer_movement",
    key=("period_start", "segment_dimension", "segment"),
    rates=("churn_rate", "subscription_churn_rate"),
    counts=(
        *("customers_at_start_count", "new_count", "reactivated_count", "lost_count"),
        *("moved_in_count", "moved_out_count"),
        # Above 1 when people come back who were neither customers nor lost when the month began.
        *("customers_at_end_count", "retention_rate", "win_back_rate"),
    ),
    statements=(
        _movement.none(
            "customers_at_end_add_up",
            "Customers at the end = at the start + new + reactivated − lost.",
            """select 1 from marts.kpi_customer_movement
            where customers_at_end_count is distinct from
                customers_at_start_count + new_count + reactivated_count - lost_count""",
        ),
        _movement.none(
            "months_begin_as_the_last_ended",
            "Customers at the start = at the end of the month before + moved in − moved out.",
            """select 1 from (
                select *, lag(customers_at_end_count, 1, 0) over (
                    partition by segment_dimension, segment order by period_start
                ) as before_count
                from marts.kpi_customer_movement
            ) as months
            where customers_at_start_count is distinct from before_count + moved_in_count - moved_out_count""",
        ),
    ),
)

TRANSACTIONS = Mart(
    "kpi_transactions",
    key=("ordered_on",),
    nullable_key=("channel",),
    columns=(
        *("iso_week", "revenue_amount", "refunded_amount", "average_order_amount", "orders_per_buyer"),
        *("is_week_complete", "is_month_complete"),
    ),
    sizes=("order_count",),
    counts=("buyer_count", "new_buyer_count", "returning_buyer_count"),
    statements=(
        _transactions.figure(
            "revenue_equals_the_orders",
            "The revenue of all days is the revenue of all purchases, to the cent.",
            f"""select abs((select coalesce(sum(revenue_amount), 0) from marts.kpi_transactions)
                - (select coalesce(sum(revenue_amount), 0) from {ORDERS} where is_purchase))""",
            reads=(ORDERS,),
            minimum=0,
            maximum=0.004,
        ),
        _transactions.figure(
            "order_count_equals_the_orders",
            "The orders of all days are all purchases.",
            f"""select abs((select coalesce(sum(order_count), 0) from marts.kpi_transactions)
                - (select count(*) from {ORDERS} where is_purchase))""",
            reads=(ORDERS,),
            minimum=0,
            maximum=0,
        ),
        _transactions.none(
            "new_and_returning_buyers_add_up",
            "Buyers = new buyers + returning buyers.",
            """select 1 from marts.kpi_transactions
            where buyer_count is distinct from new_buyer_count + returning_buyer_count""",
        ),
    ),
)

TARGETS = Mart(
    "kpi_targets",
    key=("kpi", "period_start", "segment"),
    columns=(
        *("phase", "value", "target_value", "gap", "origin"),
        *("is_higher_better", "is_reached", "weight", "is_mature"),
    ),
    statements=(
        *_targets.filled("target_value", "origin"),
        _targets.one_of("origin", ("delivered", "preset")),
        _targets.none(
            "values_are_those_of_the_summary",
            "A target is compared with the value of the summary.",
            """select 1 from marts.kpi_targets
            left join marts.kpi_summary using (kpi, period_start, segment)
            where kpi_targets.value is distinct from kpi_summary.value""",
            reads=("marts.kpi_summary",),
        ),
    ),
)

MARTS = (SUMMARY, CONVERSION, RETENTION, MOVEMENT, TRANSACTIONS, TARGETS)
