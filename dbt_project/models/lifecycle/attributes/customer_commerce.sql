with

customer_orders as (

    select
        *,
        lag(ordered_at) over (partition by customer_id order by order_number) as previous_at,
    from {{ ref('customer_orders') }}
    where customer_id is not null

),

categories as (

    select
        customer_id,
        count(*) as distinct_category_count,
    from {{ ref('customer_categories') }}
    group by customer_id

),

totals as (

    select
        customer_id,
        count(*) as order_count,
        min(ordered_at) as first_order_at,
        max(ordered_at) as last_order_at,
        sum(revenue_amount) as revenue_amount,
        sum(refunded_amount) as refunded_amount,
        sum(contribution_amount) as contribution_amount,
        median({{ days_between('previous_at', 'ordered_at') }}) as median_days_between_orders,
    from customer_orders
    group by customer_id

),

ranked as (

    select
        *,
        count(*) over () as buyer_count,
        rank() over (order by {{ business_date('last_order_at') }}) as recency_rank,
        rank() over (order by order_count) as frequency_rank,
        rank() over (order by revenue_amount) as monetary_rank,
    from totals

)

select
    ranked.customer_id,
    ranked.first_order_at,
    ranked.last_order_at,
    ranked.order_count,
    ranked.revenue_amount,
    ranked.refunded_amount,
    ranked.contribution_amount,
    ranked.median_days_between_orders,
    categories.distinct_category_count,
    1 + 5 * (ranked.recency_rank - 1) // ranked.buyer_count as rfm_recency_score,
    1 + 5 * (ranked.frequency_rank - 1) // ranked.buyer_count as rfm_frequency_score,
    1 + 5 * (ranked.monetary_rank - 1) // ranked.buyer_count as rfm_monetary_score,
from ranked
left join categories on categories.customer_id = ranked.customer_id
