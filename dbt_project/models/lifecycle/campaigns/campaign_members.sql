with

email_campaigns as (

    select * from {{ ref('email_campaigns') }}

),

assigned as (

    select
        owners.source,
        members.campaign_id,
        identifiers.customer_id,
        -- Somebody in both groups was contacted and tells nothing about those who were not.
        min(members."group" = 'holdout') as is_held_out,
        min(members.assigned_at) as assigned_at,
    from {{ ref('email_campaign_members') }} as members
    join {{ ref('campaign_owners') }} as owners
        on owners.assigned_by = members.source
        and owners.campaign_id = members.campaign_id
    join {{ ref('customer_identifiers_map') }} as identifiers
        on identifiers.identifier_key = members.identifier_key
    where members.assigned_at < {{ as_of_end() }}
    group by all

),

-- A campaign without assignments went to those it was sent to.
addressed as (

    select
        source,
        campaign as campaign_id,
        customer_id,
        false as is_held_out,
        min(occurred_at) as assigned_at,
    from {{ ref('touchpoints') }} as touchpoints
    where touchpoint in ('email_sent', 'email_delivered')
        and campaign is not null
        and not exists (
            select 1
            from assigned
            where assigned.source = touchpoints.source
                and assigned.campaign_id = touchpoints.campaign
        )
    group by all

),

members as (

    select * from assigned
    union all
    select * from addressed

),

dated as (

    select
        members.*,
        email_campaigns.name,
        email_campaigns.goal,
        email_campaigns.channel,
        coalesce(
            email_campaigns.sent_at,
            min(members.assigned_at) over (partition by members.source, members.campaign_id)
        ) as started_at,
    from members
    left join email_campaigns
        on email_campaigns.source = members.source
        and email_campaigns.campaign_id = members.campaign_id

)

select
    dated.source,
    dated.campaign_id,
    dated.customer_id,
    coalesce(dated.name, dated.campaign_id) as campaign,
    dated.goal,
    dated.channel,
    case when dated.is_held_out then 'holdout' else 'treated' end as member_group,
    dated.started_at,
    {{ add_days('dated.started_at', '-' ~ var('campaign_window_days')) }} as window_starts_at,
    {{ add_days('dated.started_at', var('campaign_window_days')) }} as window_ends_at,
    coalesce(stays.stage, 'unknown') as customer_segment,
from dated
asof left join (select * from {{ ref('stage_stays') }} where model = 'three_r') as stays
    on stays.customer_id = dated.customer_id
    and stays.entered_at <= dated.started_at
where dated.started_at < {{ as_of_end() }}
