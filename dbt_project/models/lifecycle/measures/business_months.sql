with

bounds as (

    select {{ business_month('min(first_touchpoint_at)') }} as first_month
    from {{ ref('customer_origins') }}

),

order_bounds as (

    select date_trunc('month', min(ordered_on))::date as first_month
    from {{ ref('customer_orders') }}

),

months as (

    select unnest(generate_series(
        least(bounds.first_month, order_bounds.first_month)::timestamp,
        date_trunc('month', {{ as_of() }})::timestamp,
        interval '1' month
    ))::date as month_start
    from bounds
    cross join order_bounds

)

select
    month_start,
    (month_start + interval '1' month)::date as next_month_start,
    (month_start + interval '1' month)::date <= {{ as_of() }} + 1 as is_complete,
    {{ add_days(start_of_business_date("(month_start + interval '1' month)"), var('conversion_window_days')) }}
        <= {{ as_of_end() }} as is_conversion_mature,
from months
