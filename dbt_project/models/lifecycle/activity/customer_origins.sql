with

touchpoints as (

    select * from {{ ref('touchpoints') }}

),

identifiers as (

    select * from {{ ref('customer_identifiers_map') }}

),

spans as (

    select
        customer_id,
        min(occurred_at) as first_touchpoint_at,
    from touchpoints
    group by customer_id

),

-- Only the touchpoints of each person's first instant are compared by id: a sort of all of them is not needed.
first_touchpoints as (

    select
        spans.customer_id,
        min({
            'has_no_channel': touchpoints.channel is null,
            'touchpoint_id': touchpoints.touchpoint_id,
            'touchpoint': touchpoints.touchpoint,
            'channel': touchpoints.channel,
            'campaign': touchpoints.campaign
        }) as first_touch,
    from spans
    join touchpoints
        on touchpoints.customer_id = spans.customer_id
        and touchpoints.occurred_at = spans.first_touchpoint_at
    group by spans.customer_id

),

identifications as (

    select
        customer_id,
        min(first_seen_at) as identified_at,
    from identifiers
    where identifier_type not in ('anonymous_id', 'social_handle')
    group by customer_id

)

select
    spans.customer_id,
    first_touchpoints.first_touch.touchpoint_id as first_touchpoint_id,
    first_touchpoints.first_touch.touchpoint as first_touchpoint,
    first_touchpoints.first_touch.channel as acquisition_channel,
    first_touchpoints.first_touch.campaign as acquisition_campaign,
    spans.first_touchpoint_at,
    case
        when identifications.identified_at is not null
            then greatest(identifications.identified_at, spans.first_touchpoint_at)
    end as identified_at,
from spans
join first_touchpoints on first_touchpoints.customer_id = spans.customer_id
left join identifications on identifications.customer_id = spans.customer_id
