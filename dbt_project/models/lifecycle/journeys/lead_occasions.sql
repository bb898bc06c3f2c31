with

carts as (

    select
        customer_id,
        max({'occurred_at': occurred_at, 'touchpoint_id': touchpoint_id}) as latest,
    from {{ ref('touchpoints') }}
    where touchpoint in ({{ text_list(var('cart_touchpoints')) }})
    group by customer_id

),

-- An order that is not paid yet, or was cancelled, ends a cart as a purchase does: nobody walked away from it.
last_orders as (

    select
        customer_id,
        max(ordered_at) as ordered_at,
    from (
        select customer_id, purchased_at as ordered_at from {{ ref('purchases') }}
        union all
        select customer_id, occurred_at from {{ ref('touchpoints') }}
        where touchpoint = 'order_placed'
    )
    group by customer_id

),

newcomers as (

    select
        customer_id,
        identified_at,
        case when lead_at = identified_at then lead_touchpoint_id end as lead_touchpoint_id,
    from {{ ref('customer_milestones') }}
    where identified_at is not null
        and first_purchase_at is null

),

persons as (

    select
        customer_id,
        birth_on,
    from {{ ref('customer_persons') }}
    where birth_on is not null

)

select
    carts.customer_id,
    'abandoned_cart' as trigger,
    {{ business_date('carts.latest.occurred_at') }} as anchored_on,
    carts.latest.touchpoint_id as evidence_touchpoint_id,
from carts
left join last_orders on last_orders.customer_id = carts.customer_id
where last_orders.ordered_at is null or last_orders.ordered_at < carts.latest.occurred_at
union all
select
    customer_id,
    'welcome' as trigger,
    {{ business_date('identified_at') }} as anchored_on,
    lead_touchpoint_id as evidence_touchpoint_id,
from newcomers
union all
select
    customer_id,
    'birthday' as trigger,
    {{ next_birthday('birth_on') }} as anchored_on,
    null as evidence_touchpoint_id,
from persons
