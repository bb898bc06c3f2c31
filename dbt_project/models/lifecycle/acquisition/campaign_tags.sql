with

campaigns as (

    select
        platform,
        coalesce(campaign_name, campaign_id) as campaign,
        campaign_id,
        channel,
    from {{ ref('social_ad_spend') }}
    group by all

),

-- Visits name a campaign by its name or by its identifier on the platform.
tagged as (

    select
        lower(trim(campaign)) as tag,
        channel,
        platform,
        campaign,
    from campaigns
    union
    select
        lower(trim(campaign_id)),
        channel,
        platform,
        campaign,
    from campaigns

),

scoped as (

    select * from tagged where channel is not null
    union
    select * replace ('any' as channel) from tagged

)

select
    tag,
    channel,
    min(platform) as platform,
    min(campaign) as campaign,
from scoped
group by all
having count(*) = 1
