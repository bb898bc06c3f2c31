with

email_campaigns as (

    select
        source,
        campaign_id,
        min(name) as name,
    from {{ ref('email_campaigns') }}
    group by all

),

visits as (

    select
        arrival_touchpoint_id as touchpoint_id,
        customer_id,
        arrived_at as occurred_at,
        channel,
        campaign,
    from {{ ref('web_sessions') }}

),

contacts as (

    select
        touchpoints.touchpoint_id,
        touchpoints.customer_id,
        touchpoints.occurred_at,
        touchpoints.channel,
        coalesce(email_campaigns.name, touchpoints.campaign) as campaign,
    from {{ ref('touchpoints') }} as touchpoints
    left join email_campaigns
        on email_campaigns.source = touchpoints.source
        and email_campaigns.campaign_id = touchpoints.campaign
        and touchpoints.domain = 'email'
    where touchpoints.touchpoint in ({{ text_list(var('attribution_touchpoints')) }})
        and touchpoints.channel <> 'direct'

),

touches as (

    select * from visits
    union all
    select * from contacts

),

-- The click in a mail and the visit it leads to are one touch, as are several likes in a row.
followed as (

    select
        *,
        lag(occurred_at) over (partition by customer_id, channel order by occurred_at, touchpoint_id) as previous_at,
    from touches

)

select
    touchpoint_id,
    customer_id,
    occurred_at,
    channel,
    campaign,
from followed
where previous_at is null
    or occurred_at > previous_at + interval '1' minute * {{ var('session_gap_minutes') }}
