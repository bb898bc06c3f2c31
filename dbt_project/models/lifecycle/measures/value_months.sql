{#- What is counted from the first month on. -#}
{%- set sums = [
    'customer_count', 'revenue_amount', 'contribution_amount', 'costed_revenue_amount', 'category_buyer_count',
    'category_count', 'cross_buyer_count',
] -%}

with

orders as (

    select
        customer_id,
        date_trunc('month', ordered_on)::date as month_start,
        order_number,
        revenue_amount,
        contribution_amount,
        first_value(revenue_amount) over (partition by customer_id order by order_number) as first_amount,
    from {{ ref('customer_orders') }}
    where customer_id is not null

),

categories as (

    select
        customer_id,
        {{ business_month('first_bought_at') }} as month_start,
        row_number() over (partition by customer_id order by first_bought_at, category) as category_number,
    from {{ ref('customer_categories') }}

),

facts as (

    select
        customer_id,
        month_start,
        count(*) filter (where order_number = 1) as customer_count,
        sum(revenue_amount) as revenue_amount,
        sum(contribution_amount) as contribution_amount,
        sum(revenue_amount) filter (where contribution_amount is not null) as costed_revenue_amount,
        sum(revenue_amount) filter (where order_number > 1) as repeat_amount,
        sum(first_amount) filter (where order_number > 1) as compared_amount,
    from orders
    group by all
    union all by name
    select
        customer_id,
        month_start,
        count(*) filter (where category_number = 1) as category_buyer_count,
        count(*) as category_count,
        count(*) filter (where category_number = 2) as cross_buyer_count,
    from categories
    group by all

),

segmented as (

    select
        facts.*,
        unnest({{ person_segments('customer_origins', 'customer_persons') }}) as segment,
    from facts
    left join {{ ref('customer_origins') }} as customer_origins on customer_origins.customer_id = facts.customer_id
    left join {{ ref('customer_persons') }} as customer_persons on customer_persons.customer_id = facts.customer_id

),

-- A month in which nobody of a segment bought still tells what its customers are worth.
filled as (

    select
        segments.segment,
        months.month_start,
        months.is_complete,
        segmented.* exclude (segment, month_start, customer_id),
    from (select segment, min(month_start) as first_month from segmented group by segment) as segments
    join {{ ref('business_months') }} as months on months.month_start >= segments.first_month
    left join segmented
        on segmented.segment = segments.segment
        and segmented.month_start = months.month_start

)

select
    segment,
    month_start,
    is_complete,
    coalesce(sum(repeat_amount), 0) as repeat_amount,
    coalesce(sum(compared_amount), 0) as compared_amount,
    {%- for column in sums %}
    coalesce(sum(sum({{ column }})) over so_far, 0) as {{ column }},
    {%- endfor %}
from filled
group by segment, month_start, is_complete
window so_far as (partition by segment order by month_start rows between unbounded preceding and current row)
