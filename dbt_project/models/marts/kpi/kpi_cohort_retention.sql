with

orders as (

    select
        *,
        date_trunc('month', ordered_on)::date as order_month,
    from {{ ref('customer_orders') }}
    where customer_id is not null

),

cohorts as (

    select
        customer_id,
        order_month as cohort_month,
    from orders
    where order_number = 1

),

cohort_sizes as (

    select
        cohort_month,
        count(*) as cohort_size,
    from cohorts
    group by cohort_month

),

-- Every month from the cohort's own to the one of as_of: a month in which nobody bought counts 0, not nothing.
grid as (

    select
        cohort_sizes.cohort_month,
        cohort_sizes.cohort_size,
        periods.month_start as period_month,
    from cohort_sizes
    join {{ ref('business_months') }} as periods on periods.month_start >= cohort_sizes.cohort_month

),

activity as (

    select
        cohorts.cohort_month,
        orders.order_month as period_month,
        count(distinct orders.customer_id) as active_count,
        sum(orders.revenue_amount) as revenue_amount,
    from orders
    join cohorts on cohorts.customer_id = orders.customer_id
    group by all

),

measured as (

    select
        grid.*,
        coalesce(activity.active_count, 0) as active_count,
        coalesce(activity.revenue_amount, 0) as revenue_amount,
        (grid.period_month + interval '1' month)::date <= {{ as_of() }} + 1 as is_complete,
    from grid
    left join activity
        on activity.cohort_month = grid.cohort_month
        and activity.period_month = grid.period_month

)

select
    cohort_month,
    ({{ month_number('period_month') }} - {{ month_number('cohort_month') }})::integer as months_since_first_order,
    period_month,
    cohort_size::integer as cohort_size,
    active_count::integer as active_count,
    case when is_complete then active_count / nullif(cohort_size, 0) end as retention_rate,
    revenue_amount::decimal(18, 2) as revenue_amount,
    is_complete,
    {{ as_of() }} as as_of,
from measured
