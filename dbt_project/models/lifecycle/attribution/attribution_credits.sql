with

orders as (

    select * from {{ ref('customer_orders') }}

),

credited as (

    select
        order_record_key,
        touchpoint_id,
        occurred_at,
        channel,
        campaign,
        position,
        path_length,
        model,
        earned,
        lag(earned, 1, 0) over (partition by order_record_key, model order by position) as earned_before,
    from {{ ref('attribution_shares') }}
    union all
    -- Orders that no touch led to stay in every total.
    select
        orders.record_key,
        null,
        null,
        'unattributed',
        null,
        null,
        0,
        unnest([{{ text_list(attribution_models()) }}]),
        1,
        0,
    from orders
    anti join {{ ref('attribution_shares') }} as shares on shares.order_record_key = orders.record_key

)

select
    credited.* exclude (earned, earned_before),
    orders.source,
    orders.order_id,
    orders.customer_id,
    orders.ordered_on,
    coalesce(orders.order_number = 1, false) as is_first_order,
    credited.earned - credited.earned_before as credit,
    round(orders.revenue_amount * credited.earned, 2)
    - round(orders.revenue_amount * credited.earned_before, 2) as revenue_amount,
from credited
join orders on orders.record_key = credited.order_record_key
where credited.earned > credited.earned_before
