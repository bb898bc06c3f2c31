with

crm_contacts as (

    select * from {{ ref('crm_contacts') }}

),

channel_rules as (

    select * from {{ ref('channel_rules') }}

),

lead_sources as (

    select lead_source
    from crm_contacts
    where lead_source is not null
    group by lead_source

)

select
    lead_sources.lead_source,
    arg_min(channel_rules.channel, channel_rules.rule_order) as channel,
from lead_sources
left join channel_rules
    on channel_rules.field = 'lead_source'
    and regexp_matches(lower(lead_sources.lead_source), channel_rules.pattern)
group by lead_sources.lead_source
