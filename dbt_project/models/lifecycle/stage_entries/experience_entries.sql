with

customer_milestones as (

    select
        *,
        coalesce(first_purchase_at, {{ as_of_end() }}) as recruited_until,
    from {{ ref('customer_milestones') }}

),

product_uses as (

    select * from {{ ref('product_uses') }}

),

purchases as (

    select * from {{ ref('purchases') }}

),

research_cycles as (

    select * from {{ ref('research_cycles') }}

)

select
    customer_id,
    'awareness' as stage,
    first_touchpoint_at as entered_at,
    'first_touchpoint' as rule,
    first_touchpoint_id as touchpoint_id,
from customer_milestones
union all
select customer_id, 'engagement', engagement_at, 'engaged', engagement_touchpoint_id
from customer_milestones
where engagement_at
    < least(coalesce(research_at, recruited_until), coalesce(closing_at, recruited_until), recruited_until)
union all
select customer_id, 'evaluation', research_at, 'researched', research_touchpoint_id
from customer_milestones
where research_at < least(coalesce(closing_at, recruited_until), recruited_until)
union all
select customer_id, 'purchase', closing_at, 'checkout_started', closing_touchpoint_id
from customer_milestones
where closing_at < recruited_until
union all
select customer_id, 'purchase', first_purchase_at, 'first_purchase', purchase_touchpoint_id
from customer_milestones
where first_purchase_at is not null
union all
select customer_id, stage, entered_at, rule, touchpoint_id
from product_uses
union all
select customer_id, 'loyalty', purchased_at, 'repeat_purchase', touchpoint_id
from purchases
where purchase_number > 1
union all
select customer_id, 'evaluation', researched_at, 'researched_again', research_touchpoint_id
from research_cycles
union all
select customer_id, 'purchase', checkout_at, 'checkout_started', checkout_touchpoint_id
from research_cycles
where checkout_at is not null
