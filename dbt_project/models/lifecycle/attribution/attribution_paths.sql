with

touches as (

    select * from {{ ref('marketing_touchpoints') }}

),

-- Of several orders of one instant the first in the person's own sequence takes the touches.
orders as (

    select
        customer_id,
        ordered_at,
        arg_min(record_key, order_number) as record_key,
    from {{ ref('customer_orders') }}
    where customer_id is not null
    group by all

),

followed as (

    select
        touches.*,
        orders.record_key as next_record_key,
        orders.ordered_at as next_ordered_at,
        coalesce(
            touches.occurred_at
            >= {{ add_days('orders.ordered_at', '-' ~ var('attribution_lookback_days')) }},
            false
        ) as is_converting,
    from touches
    asof left join orders
        on orders.customer_id = touches.customer_id
        and orders.ordered_at >= touches.occurred_at

)

select
    touchpoint_id,
    customer_id,
    occurred_at,
    channel,
    campaign,
    is_converting,
    case when is_converting then next_record_key end as order_record_key,
    case when is_converting then {{ days_between('occurred_at', 'next_ordered_at') }} end as days_before_order,
    row_number() over path as position,
    count(*) over (partition by customer_id, next_record_key, is_converting) as path_length,
    lead(channel) over path as next_channel,
from followed
window path as (partition by customer_id, next_record_key, is_converting order by occurred_at, touchpoint_id)
