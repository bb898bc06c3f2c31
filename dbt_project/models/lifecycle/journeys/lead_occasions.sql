with

carts as (

    select
        customer_id,
        max({'occurred_at': occurred_at, 'touchpoint_id': touchpoint_id}) as latest,
    from {{ ref('touchpoints') }}
    where touchpoint in ({{ text_list(var('cart_touchpoints')) }})
    group by customer_id

),

last_purchases as (

    select
        customer_id,
        max(purchased_at) as purchased_at,
    from {{ ref('purchases') }}
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
left join last_purchases on last_purchases.customer_id = carts.customer_id
where last_purchases.purchased_at is null or last_purchases.purchased_at < carts.latest.occurred_at
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
