{%- set dimensions = {
    'all': "'all'",
    'acquisition_channel': "'acquisition_channel:' || coalesce(customer_origins.acquisition_channel, 'unknown')",
    'country': "'country:' || coalesce(customer_persons.country, 'unknown')",
    'customer_type': "'customer_type:' || case when customer_persons.is_business then 'business' else 'consumer' end",
    'sales_channel': "'sales_channel:' || coalesce(customer_orders.channel, 'unknown')",
} -%}

with

orders as (
    {%- for dimension, segment in dimensions.items() %}
    select
        date_trunc('month', customer_orders.ordered_on)::date as period_start,
        {{ segment }} as segment,
        customer_orders.customer_id,
        customer_orders.order_number,
        customer_orders.revenue_amount,
    from {{ ref('customer_orders') }} as customer_orders
    left join {{ ref('customer_origins') }} as customer_origins
        on customer_origins.customer_id = customer_orders.customer_id
    left join {{ ref('customer_persons') }} as customer_persons
        on customer_persons.customer_id = customer_orders.customer_id
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

),

buyers as (

    select
        period_start,
        segment,
        customer_id,
        count(*) as order_count,
        max(order_number) as highest_order_number,
    from orders
    where customer_id is not null
    group by all

),

by_order as (

    select
        period_start,
        segment,
        sum(revenue_amount)::double as revenue_amount,
        count(*)::double as order_count,
    from orders
    group by all

),

by_buyer as (

    select
        period_start,
        segment,
        count(*)::double as buyer_count,
        sum(order_count)::double as identified_order_count,
        count(*) filter (where order_count >= 2)::double as repeat_buyer_count,
        count(*) filter (where highest_order_number >= 2)::double as returning_buyer_count,
    from buyers
    group by all

),

figures as (

    select 'average_transaction_value' as kpi, period_start, segment, revenue_amount as numerator,
        order_count as denominator
    from by_order
    union all
    select 'purchase_frequency', period_start, segment, identified_order_count, buyer_count from by_buyer
    union all
    select 'repeat_purchase_rate', period_start, segment, repeat_buyer_count, buyer_count from by_buyer
    union all
    select 'returning_buyer_rate', period_start, segment, returning_buyer_count, buyer_count from by_buyer

)

select
    figures.kpi,
    figures.period_start,
    figures.segment,
    figures.numerator,
    figures.denominator,
    business_months.is_complete as is_mature,
from figures
join {{ ref('business_months') }} as business_months on business_months.month_start = figures.period_start
