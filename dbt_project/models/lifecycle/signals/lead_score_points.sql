with

touchpoints as (

    select
        customer_id,
        touchpoint,
        occurred_at,
        touchpoint_id,
    from {{ ref('touchpoints') }}

),

scored_types as (

    select
        touchpoint,
        lead_points,
    from {{ ref('touchpoint_types') }}
    where lead_points > 0

),

customer_milestones as (

    select * from {{ ref('customer_milestones') }}

),

earned as (

    select
        touchpoints.customer_id,
        touchpoints.touchpoint_id,
        touchpoints.occurred_at,
        customer_milestones.identified_at,
        customer_milestones.first_purchase_at,
        scored_types.lead_points * {{ decay_scale('touchpoints.occurred_at') }} as scaled_points,
    from touchpoints
    join scored_types on scored_types.touchpoint = touchpoints.touchpoint
    join customer_milestones on customer_milestones.customer_id = touchpoints.customer_id
    where customer_milestones.identified_at is not null
        and (
            customer_milestones.first_purchase_at is null
            or touchpoints.occurred_at < customer_milestones.first_purchase_at
        )

)

select
    customer_id,
    touchpoint_id,
    occurred_at,
    identified_at,
    first_purchase_at,
    scaled_points,
    round(
        sum(scaled_points) over (
            partition by customer_id order by occurred_at, touchpoint_id
            rows between unbounded preceding and current row
        ) / {{ decay_scale('occurred_at') }},
        4
    ) as qualifying_score,
from earned
