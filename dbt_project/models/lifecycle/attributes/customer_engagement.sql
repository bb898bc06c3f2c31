{#- The first instant that counts as the last 90 days. -#}
{%- set recently = as_of_end() ~ " - interval '90' day" -%}

with

touchpoints as (

    select
        touchpoints.customer_id,
        touchpoints.occurred_at,
        touchpoints.domain,
        touchpoints.touchpoint,
        touchpoints.channel,
        touchpoints.campaign,
        touchpoint_types.is_by_person,
        touchpoint_types.lead_points,
        touchpoint_types.engagement_points,
        {{ decay('touchpoints.occurred_at', as_of_end(), var('lead_score_half_life_days')) }} as weight,
    from {{ ref('touchpoints') }} as touchpoints
    join {{ ref('touchpoint_types') }} as touchpoint_types
        on touchpoint_types.touchpoint = touchpoints.touchpoint

),

-- Millionths of a point are added as whole numbers: their sum does not depend on the order of the rows.
activity as (

    select
        customer_id,
        max(occurred_at) filter (where is_by_person) as last_seen_at,
        sum(round(lead_points * weight * 1000000)::bigint) / 1000000 as lead_score,
        sum(round(engagement_points * weight * 1000000)::bigint) / 1000000 as engagement_score,
        count(*) filter (where domain = 'social' and occurred_at >= {{ recently }}) as social_interaction_count_90d,
        count(*) filter (where touchpoint = 'loyalty_scan' and occurred_at >= {{ recently }}) as loyalty_scan_count_90d,
    from touchpoints
    group by customer_id

),

last_channels as (

    select
        touchpoints.customer_id,
        min(touchpoints.channel) as last_channel,
    from touchpoints
    join activity
        on activity.customer_id = touchpoints.customer_id
        and activity.last_seen_at = touchpoints.occurred_at
    where touchpoints.is_by_person
    group by touchpoints.customer_id

),

mails as (

    select
        customer_id,
        campaign,
        count(*) filter (where touchpoint = 'email_delivered') as delivered_count,
        max((touchpoint = 'email_open')::integer) as is_opened,
        max((touchpoint = 'email_click')::integer) as is_clicked,
    from touchpoints
    where domain = 'email'
        and campaign is not null
    group by all

),

mail_rates as (

    select
        customer_id,
        sum(is_opened) / nullif(count(*), 0) as email_open_rate,
        sum(is_clicked) / nullif(count(*), 0) as email_click_rate,
    from mails
    where delivered_count > 0
    group by customer_id

)

select
    activity.customer_id,
    activity.last_seen_at,
    last_channels.last_channel,
    round(activity.lead_score, 2) as lead_score,
    round(activity.engagement_score, 2) as engagement_score,
    mail_rates.email_open_rate,
    mail_rates.email_click_rate,
    coalesce(recent_web_sessions.session_count, 0) as web_session_count_90d,
    activity.social_interaction_count_90d,
    activity.loyalty_scan_count_90d,
from activity
left join last_channels on last_channels.customer_id = activity.customer_id
left join mail_rates on mail_rates.customer_id = activity.customer_id
left join {{ ref('recent_web_sessions') }} as recent_web_sessions
    on recent_web_sessions.customer_id = activity.customer_id
