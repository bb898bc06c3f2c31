with

page_kinds as (

    select
        touchpoint_number,
        touchpoint in ({{ text_list(var('web_page_touchpoints')) }}) as is_page,
        touchpoint in ({{ text_list(var('web_key_touchpoints')) }}) as is_key_event,
    from {{ ref('touchpoint_numbers') }}

),

-- A visit came by its first touchpoint that names a channel; pages within the own site name none and count as direct.
sessions as (

    select
        steps.customer_number,
        steps.session_number,
        min(steps.occurred_at) as started_at,
        max(steps.occurred_at) as ended_at,
        count(*) filter (where page_kinds.is_page) as page_count,
        bool_or(page_kinds.is_key_event) as has_key_event,
        min({
            'is_direct': steps.is_direct,
            'occurred_at': steps.occurred_at,
            'touchpoint_id_hash': steps.touchpoint_id_hash
        }) as arrival,
    from {{ ref('numbered_touchpoints') }} as steps
    join page_kinds on page_kinds.touchpoint_number = steps.touchpoint_number
    where steps.session_number is not null
    group by all

)

select
    touchpoints.customer_id || '-' || sessions.session_number as session_id,
    touchpoints.customer_id,
    sessions.started_at,
    sessions.ended_at,
    touchpoints.touchpoint_id as arrival_touchpoint_id,
    touchpoints.occurred_at as arrived_at,
    touchpoints.channel,
    touchpoints.campaign,
    sessions.page_count,
    sessions.has_key_event,
    sessions.page_count >= 2
    or sessions.has_key_event
    or sessions.ended_at >= sessions.started_at + interval '{{ var("engaged_session_seconds") }}' second as is_engaged,
from sessions
join {{ ref('customer_numbers') }} as customer_numbers
    on customer_numbers.customer_number = sessions.customer_number
join {{ ref('touchpoints') }} as touchpoints
    on hash(touchpoints.touchpoint_id) = sessions.arrival.touchpoint_id_hash
    and touchpoints.customer_id = customer_numbers.customer_id
    and touchpoints.occurred_at = sessions.arrival.occurred_at
    and touchpoints.domain = 'web'
