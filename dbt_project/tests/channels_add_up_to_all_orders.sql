with

reported as (

    select
        sum(order_count) as order_count,
        sum(revenue_amount) as revenue_amount,
        sum(refunded_amount) as refunded_amount,
    from {{ ref('kpi_transactions') }}

),

delivered as (

    select
        count(*) as order_count,
        sum(revenue_amount) as revenue_amount,
        sum(net_amount - revenue_amount) as refunded_amount,
    from {{ ref('crm_orders') }}
    where is_purchase

)

select *
from reported
cross join delivered
where reported.order_count is distinct from nullif(delivered.order_count, 0)
    or reported.revenue_amount is distinct from delivered.revenue_amount
    or reported.refunded_amount is distinct from delivered.refunded_amount
