with

orders as (

    select
        *,
        coalesce(channel, 'unknown') as sales_channel,
    from {{ ref('customer_orders') }}

)

select
    ordered_on,
    {{ iso_week('ordered_on') }} as iso_week,
    sales_channel as channel,
    count(*)::integer as order_count,
    count(customer_id)::integer as identified_order_count,
    count(distinct customer_id)::integer as buyer_count,
    sum(revenue_amount)::decimal(18, 2) as revenue_amount,
    sum(refunded_amount)::decimal(18, 2) as refunded_amount,
    (sum(revenue_amount) / nullif(count(*), 0))::decimal(18, 2) as average_order_amount,
    count(customer_id) / nullif(count(distinct customer_id), 0) as orders_per_buyer,
    count(distinct customer_id) filter (where order_number = 1)::integer as new_buyer_count,
    (
        count(distinct customer_id) - count(distinct customer_id) filter (where order_number = 1)
    )::integer as returning_buyer_count,
    {{ is_period_complete('week', 'ordered_on') }} as is_week_complete,
    {{ is_period_complete('month', 'ordered_on') }} as is_month_complete,
    {{ as_of() }} as as_of,
from orders
group by ordered_on, sales_channel
