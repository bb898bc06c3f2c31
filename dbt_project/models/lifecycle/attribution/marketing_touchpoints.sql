with

visits as (

    select
        arrival_touchpoint_id as touchpoint_id,
        customer_id,
        arrived_at as occurred_at,
        channel,
        campaign,
        false as is_lead_source,
    from {{ ref('web_sessions') }}

),

contacts as (

    select
        touchpoint_id,
        customer_id,
        occurred_at,
        channel,
        campaign,
        touchpoint = 'contact_created' as is_lead_source,
    from {{ ref('touchpoints') }}
    where touchpoint in ({{ text_list(var('attribution_touchpoints')) }})
        and channel <> 'direct'

),

touches as (

    select
        *,
        min(occurred_at) filter (where not is_lead_source) over (partition by customer_id) as first_touched_at,
    from (select * from visits union all select * from contacts) as all_touches

),

-- The lead source of a contact is a touch only where nothing tells of an earlier one: it may repeat what was seen.
-- The click in a mail and the visit it leads to are one touch, as are several likes in a row.
followed as (

    select
        *,
        lag(occurred_at) over (partition by customer_id, channel order by occurred_at, touchpoint_id) as previous_at,
    from touches
    where not is_lead_source
        or first_touched_at is null
        or occurred_at < first_touched_at

),

-- Mails are known by their campaign's name or its identifier; an identifier that two sources use names no campaign.
email_campaigns as (

    select
        campaign_id,
        min(name) as name,
    from {{ ref('email_campaigns') }}
    group by campaign_id
    having count(distinct name) = 1

)

select
    followed.touchpoint_id,
    followed.customer_id,
    followed.occurred_at,
    followed.channel,
    coalesce(email_campaigns.name, followed.campaign) as campaign,
from followed
left join email_campaigns
    on email_campaigns.campaign_id = followed.campaign
    and followed.channel = 'email'
where followed.previous_at is null
    or followed.occurred_at > followed.previous_at + interval '1' minute * {{ var('session_gap_minutes') }}
