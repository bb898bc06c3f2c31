with

order_days as (

    select
        customer_id,
        ordered_on,
        sum(revenue_amount) as revenue_amount,
        min(ordered_on) over (partition by customer_id) as first_on,
    from {{ ref('customer_orders') }}
    where customer_id is not null
    group by customer_id, ordered_on

),

windows as (

    select 'validation' as purpose, validated_until as observed_until from {{ ref('prediction_terms') }}
    union all
    select 'forecast', as_of from {{ ref('prediction_terms') }}

)

-- Orders of one day are one: who orders twice on a day has not come back. The first day tells nothing about repeats.
select
    windows.purpose,
    order_days.customer_id,
    windows.observed_until,
    (count(*) filter (where ordered_on <= observed_until) - 1)::integer as repeat_count,
    (max(ordered_on) filter (where ordered_on <= observed_until) - min(first_on))::integer as recency_days,
    (observed_until - min(first_on))::integer as age_days,
    (avg(revenue_amount) filter (where ordered_on <= observed_until and ordered_on > first_on))::decimal(18, 6)
        as mean_repeat_amount,
    (count(*) filter (where ordered_on > observed_until))::integer as later_count,
    (avg(revenue_amount) filter (where ordered_on > observed_until))::decimal(18, 6) as later_mean_amount,
from order_days
join windows on order_days.first_on <= windows.observed_until
group by windows.purpose, windows.observed_until, order_days.customer_id
