with

touchpoints as (

    select
        *,
        hash(touchpoint_id) as touchpoint_id_hash,
    from {{ ref('touchpoints') }}
    where domain = 'web'

),

-- Sorting needs only who, when and what kind, and numbers sort faster than texts; the texts are joined back.
narrow as (

    select
        customer_numbers.customer_number,
        touchpoints.occurred_at,
        touchpoints.touchpoint_id_hash,
        touchpoints.channel = 'direct' as is_direct,
        touchpoints.touchpoint in ({{ text_list(var('web_page_touchpoints')) }}) as is_page,
        touchpoints.touchpoint in ({{ text_list(var('web_key_touchpoints')) }}) as is_key_event,
        lag(touchpoints.occurred_at) over (
            partition by customer_numbers.customer_number order by touchpoints.occurred_at
        ) as previous_at,
    from touchpoints
    join {{ ref('customer_numbers') }} as customer_numbers on customer_numbers.customer_id = touchpoints.customer_id

),

numbered as (

    select
        *,
        count(*) filter (
            where previous_at is null
                or occurred_at > previous_at + interval '1' minute * {{ var('session_gap_minutes') }}
        ) over (partition by customer_number order by occurred_at) as session_number,
    from narrow

),

-- A visit came by its first touchpoint that names a channel; pages within the own site name none and count as direct.
sessions as (

    select
        customer_number,
        session_number,
        min(occurred_at) as started_at,
        max(occurred_at) as ended_at,
        count(*) filter (where is_page) as page_count,
        bool_or(is_key_event) as has_key_event,
        min({
            'is_direct': is_direct,
            'occurred_at': occurred_at,
            'touchpoint_id_hash': touchpoint_id_hash
        }) as arrival,
    from numbered
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
join touchpoints
    on touchpoints.touchpoint_id_hash = sessions.arrival.touchpoint_id_hash
    and touchpoints.customer_id = customer_numbers.customer_id
    and touchpoints.occurred_at = sessions.arrival.occurred_at
