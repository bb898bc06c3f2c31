{#- KPI: where its numerator and denominator stand. -#}
{%- set kpis = {
    'average_transaction_value': ('by_order', 'revenue_amount', 'order_count'),
    'purchase_frequency': ('by_buyer', 'identified_order_count', 'buyer_count'),
    'repeat_purchase_rate': ('by_buyer', 'repeat_buyer_count', 'buyer_count'),
    'returning_buyer_rate': ('by_buyer', 'returning_buyer_count', 'buyer_count'),
} -%}

with

orders as (

    select
        date_trunc('month', ordered_on)::date as period_start,
        customer_id,
        order_number,
        revenue_amount,
        coalesce(channel, 'unknown') as sales_channel,
    from {{ ref('customer_orders') }}

),

-- An order counts in the segment its customer was in when the month began; who was not known then was in none.
segmented as (

    select
        orders.*,
        unnest(
            {{ person_segments('customer_origins', 'customer_persons', 'segment_months.segment') }}
            || ['sales_channel:' || orders.sales_channel]
        ) as segment,
    from orders
    {{ segment_of_month('orders.customer_id', 'orders.period_start') }}
    left join {{ ref('customer_origins') }} as customer_origins on customer_origins.customer_id = orders.customer_id
    left join {{ ref('customer_persons') }} as customer_persons on customer_persons.customer_id = orders.customer_id

),

buyers as (

    select
        period_start,
        segment,
        customer_id,
        count(*) as order_count,
        max(order_number) as highest_order_number,
    from segmented
    where customer_id is not null
    group by all

),

by_order as (

    select
        period_start,
        segment,
        sum(revenue_amount) as revenue_amount,
        count(*) as order_count,
    from segmented
    group by all

),

by_buyer as (

    select
        period_start,
        segment,
        count(*) as buyer_count,
        sum(order_count) as identified_order_count,
        count(*) filter (where order_count >= 2) as repeat_buyer_count,
        count(*) filter (where highest_order_number >= 2) as returning_buyer_count,
    from buyers
    group by all

)
{%- for kpi, (relation, numerator, denominator) in kpis.items() %}
select
    '{{ kpi }}' as kpi,
    period_start,
    segment,
    {{ numerator }}::double as numerator,
    {{ denominator }}::double as denominator,
    business_months.is_complete as is_mature,
from {{ relation }}
join {{ ref('business_months') }} as business_months on business_months.month_start = period_start
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
