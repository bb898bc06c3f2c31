with

orders as (

    select
        customer_id,
        max({'purchased_at': purchased_at, 'touchpoint_id': touchpoint_id}) as latest,
    from {{ ref('purchases') }}
    where kind = 'order'
    group by customer_id

),

reviews as (

    select
        customer_id,
        max(occurred_at) as reviewed_at,
    from {{ ref('touchpoints') }}
    where touchpoint in ('review_positive', 'review_critical')
    group by customer_id

),

current_stays as (

    select
        customer_id,
        entered_at,
        case
            when model = 'three_r' and stage = 'first_time_buyer' then 'second_purchase'
            when model = 'three_r' and stage = 'lost' then 'win_back'
            when model = 'relationship' and entered_by_rule = 'overdue' then 'overdue'
        end as trigger,
    from {{ ref('stage_stays') }}
    where is_current

)

-- Waits for the second order from the first one on; lost and overdue customers from the instant they became so.
select
    current_stays.customer_id,
    current_stays.trigger,
    {{ business_date("case current_stays.trigger when 'second_purchase' then orders.latest.purchased_at else current_stays.entered_at end") }}
        as anchored_on,
    orders.latest.touchpoint_id as evidence_touchpoint_id,
from current_stays
join orders on orders.customer_id = current_stays.customer_id
where current_stays.trigger is not null
union all
select
    orders.customer_id,
    'review_request' as trigger,
    {{ business_date('orders.latest.purchased_at') }} as anchored_on,
    orders.latest.touchpoint_id as evidence_touchpoint_id,
from orders
left join reviews on reviews.customer_id = orders.customer_id
where reviews.reviewed_at is null or reviews.reviewed_at < orders.latest.purchased_at
