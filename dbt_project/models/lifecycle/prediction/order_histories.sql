with

-- Orders of one day are one: who orders twice on a day has not come back.
order_days as (

    select
        customer_id,
        ordered_on,
        sum(revenue_amount) as revenue_amount,
    from {{ ref('customer_orders') }}
    where customer_id is not null
    group by customer_id, ordered_on

),

windows as (

    select 'validation' as purpose, validated_until as observed_until from {{ ref('prediction_terms') }}
    union all
    select 'forecast', as_of from {{ ref('prediction_terms') }}

),

counted as (

    select
        windows.purpose,
        windows.observed_until,
        order_days.customer_id,
        min(ordered_on) as first_on,
        min_by(revenue_amount, ordered_on) as first_amount,
        max(ordered_on) filter (where ordered_on <= observed_until) as last_on,
        count(*) filter (where ordered_on <= observed_until) as day_count,
        sum(revenue_amount) filter (where ordered_on <= observed_until) as revenue_amount,
        count(*) filter (where ordered_on > observed_until) as later_count,
        avg(revenue_amount) filter (where ordered_on > observed_until) as later_mean_amount,
    from order_days
    cross join windows
    group by windows.purpose, windows.observed_until, order_days.customer_id

)

-- The first day tells nothing about repeats.
select
    purpose,
    customer_id,
    observed_until,
    (day_count - 1)::integer as repeat_count,
    (last_on - first_on)::integer as recency_days,
    (observed_until - first_on)::integer as age_days,
    ((revenue_amount - first_amount) / nullif(day_count - 1, 0))::decimal(18, 6) as mean_repeat_amount,
    later_count::integer as later_count,
    later_mean_amount::decimal(18, 6) as later_mean_amount,
from counted
where first_on <= observed_until
