with

email_campaigns as (

    select * from {{ ref('email_campaigns') }}

),

assigning as (

    select
        source as assigned_by,
        campaign_id,
    from {{ ref('email_campaign_members') }}
    group by all

)

-- Who was held out is often known to no vendor: files may assign people to a campaign that a vendor has sent.
select
    assigning.assigned_by,
    assigning.campaign_id,
    coalesce(
        max(email_campaigns.source) filter (where email_campaigns.source = assigning.assigned_by),
        case when count(distinct email_campaigns.source) = 1 then max(email_campaigns.source) end,
        assigning.assigned_by
    ) as source
from assigning
left join email_campaigns using (campaign_id)
group by assigning.assigned_by, assigning.campaign_id
