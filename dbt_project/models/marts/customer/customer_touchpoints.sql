with

email_campaigns as (

    select
        campaign_id,
        source,
        'email' as domain,
        min(name) as name,
    from {{ ref('email_campaigns') }}
    group by all

),

-- Sorting needs only who, what and when, and numbers sort faster than texts: the wide rows are joined back by their
-- position in the stream, which holds within this one statement. The stream is named twice instead of in a CTE, which
-- would be held in memory whole. Sorting wide rows takes four times as long.
narrow as (

    select
        touchpoints.rowid as stream_position,
        customer_numbers.customer_number,
        touchpoints.occurred_at,
        hash(touchpoints.touchpoint) as touchpoint_hash,
        hash(touchpoints.touchpoint_id) as touchpoint_id_hash,
        touchpoints.domain = 'web' as is_web,
    from {{ ref('touchpoints') }} as touchpoints
    join {{ ref('customer_numbers') }} as customer_numbers on customer_numbers.customer_id = touchpoints.customer_id

),

numbered as (

    select
        stream_position,
        customer_number,
        occurred_at,
        is_web,
        row_number() over (partition by customer_number, touchpoint_hash order by occurred_at, touchpoint_id_hash)
            as occurrence,
        lag(occurred_at) over (partition by customer_number, is_web order by occurred_at) as previous_at,
    from narrow

),

sessions as (

    select
        *,
        count(*) filter (
            where previous_at is null
                or occurred_at > previous_at + interval '1' minute * {{ var('session_gap_minutes') }}
        ) over (partition by customer_number, is_web order by occurred_at) as session_number,
    from numbered

),

staged as (

    select
        sessions.stream_position,
        sessions.occurrence::integer as occurrence,
        case when sessions.is_web then sessions.session_number::integer end as session_number,
        stage_timeline.combination_number,
    from sessions
    asof left join {{ ref('stage_timeline') }} as stage_timeline
        on stage_timeline.customer_number = sessions.customer_number
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
    coalesce(email_campaigns.name, touchpoints.campaign) as campaign,
    touchpoints.customer_id || '-' || staged.session_number as session_id,
    staged.occurrence,
    touchpoints.revenue_amount,
    touchpoints.satisfaction_type,
    touchpoints.satisfaction_score,
    touchpoints.attributes,
    {%- for model in models_with_columns() %}
    stage_combinations.{{ model }}_stage,
    {%- endfor %}
    {{ further_stages('stage_combinations') }} as further_stages,
    {{ as_of() }} as as_of,
from {{ ref('touchpoints') }} as touchpoints
left join staged on staged.stream_position = touchpoints.rowid
left join {{ ref('stage_combinations') }} as stage_combinations
    on stage_combinations.combination_number = staged.combination_number
left join email_campaigns
    on email_campaigns.campaign_id = touchpoints.campaign
    and email_campaigns.source = touchpoints.source
    and email_campaigns.domain = touchpoints.domain
