with

touchpoints as (

    select
        rowid as stream_position,
        *,
    from {{ ref('touchpoints') }}

),

email_campaigns as (

    select
        campaign_id,
        source,
        any_value(name) as name,
    from {{ ref('email_campaigns') }}
    group by all

),

-- Sorting needs only who, what and when; the wide rows are joined back by their position in the stream.
numbered as (

    select
        stream_position,
        customer_id,
        domain,
        occurred_at,
        row_number() over (
            partition by customer_id, touchpoint order by occurred_at, touchpoint_id
        ) as occurrence,
        lag(occurred_at) over (partition by customer_id, domain order by occurred_at) as previous_at,
    from touchpoints

),

sessions as (

    select
        *,
        case
            when domain = 'web'
                then count(*) filter (
                    where previous_at is null
                        or occurred_at > previous_at + interval '1' minute * {{ var('session_gap_minutes') }}
                ) over (partition by customer_id, domain order by occurred_at)
        end as session_number,
    from numbered

),

staged as (

    select
        sessions.stream_position,
        sessions.occurrence,
        sessions.session_number,
        stage_timeline.* exclude (customer_id, valid_from),
    from sessions
    asof left join {{ ref('stage_timeline') }} as stage_timeline
        on stage_timeline.customer_id = sessions.customer_id
        and stage_timeline.valid_from <= sessions.occurred_at

)

select
    touchpoints.touchpoint_id,
    touchpoints.customer_id,
    touchpoints.occurred_at,
    touchpoints.domain,
    touchpoints.source,
    touchpoints.touchpoint,
    touchpoints.channel,
    case when touchpoints.domain = 'email' then coalesce(email_campaigns.name, touchpoints.campaign)
        else touchpoints.campaign
    end as campaign,
    touchpoints.customer_id || '-' || staged.session_number as session_id,
    staged.occurrence::integer as occurrence,
    touchpoints.revenue_amount,
    touchpoints.satisfaction_type,
    touchpoints.satisfaction_score,
    touchpoints.attributes,
    {%- for model in var('lifecycle_models') %}
    staged.{{ model }}_stage,
    {%- endfor %}
    {{ as_of() }} as as_of,
from touchpoints
join staged on staged.stream_position = touchpoints.stream_position
left join email_campaigns
    on email_campaigns.campaign_id = touchpoints.campaign
    and email_campaigns.source = touchpoints.source
    and touchpoints.domain = 'email'
