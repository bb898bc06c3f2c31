with

customer_orders as (

    select * from {{ ref('customer_orders') }}

),

totals as (

    select
        sum(revenue_amount) as revenue_amount,
        sum(contribution_amount) as contribution_amount,
        sum(revenue_amount) filter (where contribution_amount is not null) as costed_revenue_amount,
    from customer_orders

)

-- Profit is what counts, unless too few orders say what they cost: then value is told as revenue.
select
    case
        when costed_revenue_amount >= {{ var('clv_cost_coverage_minimum') }} * revenue_amount
            and costed_revenue_amount > 0 then 'contribution'
        else 'revenue'
    end as value_basis,
    case
        when costed_revenue_amount >= {{ var('clv_cost_coverage_minimum') }} * revenue_amount
            and costed_revenue_amount > 0 then (contribution_amount / costed_revenue_amount)::double
        else 1.0
    end as margin,
from totals
