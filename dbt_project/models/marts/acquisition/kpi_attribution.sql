with

credits as (

    select * from {{ ref('attribution_credits') }}

)

select
    order_id,
    source,
    model,
    touchpoint_id,
    customer_id,
    ordered_on,
    is_first_order,
    occurred_at as touched_at,
    channel,
    campaign,
    position::integer as touch_position,
    path_length::integer as touch_count,
    credit::decimal(18, 10) as credit,
    revenue_amount::decimal(18, 2) as revenue_amount,
    {{ as_of() }} as as_of,
from credits
