{#- People of a cohort month who first bought within the conversion window after their first touchpoint. -#}
{%- set compared = var('conversion_trend_months') -%}

with

months as (

    select
        month_start,
        row_number() over (order by month_start desc) as months_ago,
    from {{ ref('business_months') }}
    where {{ add_days(start_of_business_date('next_month_start'), var('conversion_window_days')) }}
        <= {{ as_of_end() }}

),

first_orders as (

    select
        customer_id,
        ordered_at,
    from {{ ref('customer_orders') }}
    where order_number = 1

),

people as (

    select
        coalesce(origins.acquisition_channel, 'unknown') as acquisition_channel,
        months.months_ago <= {{ compared }} as is_recent,
        coalesce(
            first_orders.ordered_at
            <= {{ add_days('origins.first_touchpoint_at', var('conversion_window_days')) }},
            false
        ) as is_converted,
    from {{ ref('customer_origins') }} as origins
    join months on months.month_start = {{ business_month('origins.first_touchpoint_at') }}
    left join first_orders on first_orders.customer_id = origins.customer_id
    where months.months_ago <= 2 * {{ compared }}

)

select
    acquisition_channel,
    count(*) filter (where is_recent) as recent_people_count,
    count(*) filter (where is_recent and is_converted) as recent_converted_count,
    count(*) filter (where not is_recent) as earlier_people_count,
    count(*) filter (where not is_recent and is_converted) as earlier_converted_count,
from people
group by acquisition_channel
