with

purchases as (select * from {{ ref('purchases') }}),

base_cadence as (select * from {{ ref('base_cadence') }}),

thresholds as (

    select
        purchases.*,
        case
            when purchases.purchase_number >= {{ var('lapse_own_purchases_minimum') }}
                then {{ lapse_days('purchases.own_gap_quantile_days') }}
            else {{ lapse_days('coalesce(category_cadence.gap_quantile_days, base_cadence.gap_quantile_days)') }}
        end as lapse_threshold_days,
        min(case when purchases.kind = 'order' then purchases.purchased_at end) over (
            partition by purchases.customer_id order by purchases.purchased_at, purchases.touchpoint_id
            rows between 1 following and unbounded following
        ) as next_order_at,
    from purchases
    left join base_cadence
        on base_cadence.purchase_month = {{ business_month('purchases.purchased_at') }}
        and base_cadence.category is null
    left join base_cadence as category_cadence
        on category_cadence.purchase_month = {{ business_month('purchases.purchased_at') }}
        and category_cadence.category = purchases.category

),

covered as (

    select
        *,
        case
            when kind = 'contract'
                then coalesce(
                    {{ add_days('contract_ends_at', var('contract_grace_days')) }}, timestamp '9999-01-01'
                )
            else least({{ add_days('purchased_at', 'lapse_threshold_days') }}, next_order_at)
        end as covered_until,
    from thresholds

),

connected as (

    select
        *,
        max(covered_until) over earlier_purchases as covered_before,
        max(case when kind = 'contract' then covered_until end) over (
            partition by customer_id order by purchased_at, touchpoint_id
        ) as contract_covered_until,
    from covered
    window earlier_purchases as (
        partition by customer_id order by purchased_at, touchpoint_id rows between unbounded preceding and 1 preceding
    )

),

numbered as (

    select
        *,
        count(*) filter (where covered_before is null or purchased_at > covered_before)
            over (partition by customer_id order by purchased_at, touchpoint_id) as period_number,
    from connected

)

select
    touchpoint_id,
    customer_id,
    kind,
    purchase_number,
    period_number,
    purchased_at,
    next_at,
    covered_until,
    {{ add_days('purchased_at', 'ceil(lapse_threshold_days / ' ~ var('lapse_gap_multiple') ~ ')') }} as overdue_at,
    contract_covered_until,
    net_amount,
    lapse_threshold_days,
    period_number > 1 and (covered_before is null or purchased_at > covered_before) as is_reactivation,
    coalesce(
        purchase_number >= {{ var('regular_purchases_minimum') }}
        and (
            gap_variation <= {{ var('regular_gap_variation_maximum') }}
            or purchased_at >= first_purchased_at + interval '1' year * {{ var('regular_years_minimum') }}
        ),
        false
    ) as is_regular,
    {{ differs_from_past('net_amount < ' ~ var('falling_value_share') ~ ' * earlier_mean_amount') }} as is_falling_value,
    {{ differs_from_past('net_amount > ' ~ var('rising_value_share') ~ ' * earlier_mean_amount') }} as is_rising_value,
    {{ differs_from_past('gap_days < ' ~ var('rising_frequency_share') ~ ' * earlier_mean_gap_days') }}
        as is_rising_frequency,
from numbered
