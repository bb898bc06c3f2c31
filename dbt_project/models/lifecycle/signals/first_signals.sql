with

touchpoint_types as (

    select *
    from {{ ref('touchpoint_types') }}
    where gives_intent or gives_personal_contact or gives_closing or gives_research or gives_engagement
        or gives_loyalty_use or gives_support or gives_decline or gives_lead

),

touchpoints as (

    select
        customer_id,
        touchpoint,
        occurred_at,
        touchpoint_id,
    from {{ ref('touchpoints') }}
    where touchpoint in (select touchpoint from touchpoint_types)

),

purchases as (

    select
        customer_id,
        purchase_number,
        purchased_at,
    from {{ ref('purchases') }}

),

-- People who never bought need no look at purchases: that keeps most visitors out of the join.
of_visitors as (

    select
        touchpoints.*,
        0 as purchase_number,
        null::timestamp as purchased_at,
    from touchpoints
    anti join purchases on purchases.customer_id = touchpoints.customer_id

),

of_buyers as (

    select
        touchpoints.*,
        coalesce(purchases.purchase_number, 0) as purchase_number,
        purchases.purchased_at,
    from touchpoints
    asof left join purchases
        on purchases.customer_id = touchpoints.customer_id
        and purchases.purchased_at <= touchpoints.occurred_at
    semi join purchases as buyers on buyers.customer_id = touchpoints.customer_id

),

placed as (

    select * from of_visitors
    union all
    select * from of_buyers

)

select
    customer_id,
    purchase_number,
    touchpoint,
    coalesce(occurred_at >= {{ add_days('purchased_at', var('new_cycle_quiet_days')) }}, false) as is_after_quiet_time,
    min(occurred_at) as first_at,
    min({'occurred_at': occurred_at, 'touchpoint_id': touchpoint_id}).touchpoint_id as touchpoint_id,
from placed
group by all
