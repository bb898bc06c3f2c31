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

ordered as (

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

),

discovered as (

    select
        customer_id,
        month_start,
        count(*) filter (where category_number = 1) as category_buyer_count,
        count(*) as category_count,
        count(*) filter (where category_number = 2) as cross_buyer_count,
    from categories
    group by all

)

select *
from ordered
full join discovered using (customer_id, month_start)
