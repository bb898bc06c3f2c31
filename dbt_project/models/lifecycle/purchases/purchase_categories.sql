with

crm_orders as (

    select * from {{ ref('crm_orders') }}

),

category_amounts as (

    select
        source,
        order_id,
        category,
        sum(coalesce(net_amount, quantity * unit_price)) as amount,
    from {{ ref('crm_order_lines') }}
    where category is not null
    group by source, order_id, category

),

ranked as (

    select
        *,
        row_number() over (partition by source, order_id order by amount desc, category) as category_rank,
    from category_amounts

)

select
    'crm_orders:' || crm_orders.record_key as touchpoint_id,
    ranked.category,
from ranked
join crm_orders
    on crm_orders.source = ranked.source
    and crm_orders.order_id = ranked.order_id
where ranked.category_rank = 1
    and crm_orders.is_purchase
