with

web_events as (

    select * from {{ ref('web_events') }}

),

channel_rules as (

    select * from {{ ref('channel_rules') }}

),

origins as (

    select
        utm_source,
        utm_medium,
        {{ referrer_host('referrer', 'page_url') }} as referrer_host,
        {{ click_id_kind('click_id', 'page_url') }} as click_id,
    from web_events
    group by all

),

matches as (

    select
        origins.*,
        channel_rules.rule_order,
        channel_rules.channel,
    from origins
    left join channel_rules
        on (channel_rules.field = 'utm_medium' and regexp_matches(lower(origins.utm_medium), channel_rules.pattern))
        or (channel_rules.field = 'utm_source' and regexp_matches(lower(origins.utm_source), channel_rules.pattern))
        or (channel_rules.field = 'click_id' and regexp_matches(origins.click_id, channel_rules.pattern))
        or (channel_rules.field = 'referrer_host' and regexp_matches(origins.referrer_host, channel_rules.pattern))

)

select
    coalesce(utm_source, '') as utm_source,
    coalesce(utm_medium, '') as utm_medium,
    coalesce(referrer_host, '') as referrer_host,
    coalesce(click_id, '') as click_id,
    coalesce(arg_min(channel, rule_order), 'direct') as channel,
from matches
group by all
