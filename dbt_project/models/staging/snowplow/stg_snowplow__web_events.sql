with

events as (

    {{ current_exports(source('raw_snowplow', 'events')) }}

),

-- A ping says that somebody still reads, every ten seconds; nothing was done.
named as (

    select
        *,
        case mkt_network
            when 'Google' then 'gclid'
            when 'Microsoft' then 'msclkid'
            when 'DoubleClick' then 'dclid'
        end as click_id_kind,
        {{ web_event("case event when 'struct' then se_action else coalesce(event_name, event) end") }} as event_word,
    from events
    where event <> 'page_ping'

)

select
    'snowplow:' || event_id as record_key,
    'snowplow' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    event_id,
    coalesce(domain_userid, network_userid) as anonymous_id,
    {{ own_user_id('user_id') }} as user_id,
    {{ email_of_user_id('user_id') }} as email,
    event_word as event,
    coalesce({{ utc('derived_tstamp') }}, {{ utc('collector_tstamp') }}) as occurred_at,
    page_url,
    nullif(page_referrer, '') as referrer,
    mkt_source as utm_source,
    mkt_medium as utm_medium,
    mkt_campaign as utm_campaign,
    mkt_content as utm_content,
    mkt_term as utm_term,
    click_id_kind || ':' || mkt_clickid as click_id,
    case
        when dvce_type = 'Computer' then 'desktop'
        when dvce_type in ('Mobile', 'Tablet') then lower(dvce_type)
        when dvce_type <> '' then 'other'
    end as device_type,
    upper(geo_country) as country,
    {{ json_of({
        'name': 'coalesce(event_name, event)',
        'category': 'se_category',
        'action': 'se_action',
        'label': 'se_label',
        'session': 'domain_sessionid',
    }) }}::json as properties
from named
