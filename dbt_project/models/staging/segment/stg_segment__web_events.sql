with

events as (

    {{ current_exports(source('raw_segment', 'events')) }}

),

-- The device's clock may be wrong; how long it kept the event before sending is right.
timed as (

    select
        *,
        coalesce(
            {{ utc('timestamp') }},
            {{ utc('received_at') }} - ({{ utc('sent_at') }} - {{ utc('original_timestamp') }}),
            {{ utc('original_timestamp') }},
            {{ utc('received_at') }}
        ) as occurred_at,
        coalesce(traits ->> 'email', context ->> '$.traits.email', properties ->> 'email') as trait_email,
        cast(
            coalesce(properties ->> 'value', properties ->> 'revenue', properties ->> 'total') as decimal(18, 4)
        ) as value_amount,
        lower(context ->> '$.device.type') as device_kind,
    from events
    where type <> 'group'

)

select
    'segment:' || message_id as record_key,
    'segment' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    message_id as event_id,
    coalesce(anonymous_id, case when type = 'alias' then previous_id end) as anonymous_id,
    {{ own_user_id('user_id') }} as user_id,
    coalesce({{ email_of_user_id('user_id') }}, lower(trim(trait_email))) as email,
    case
        when type in ('page', 'screen') then 'page_view'
        when type in ('identify', 'alias') then 'identify'
        else {{ web_event('event') }}
    end as event,
    occurred_at,
    coalesce(properties ->> 'url', context ->> '$.page.url') as page_url,
    nullif(coalesce(properties ->> 'referrer', context ->> '$.page.referrer'), '') as referrer,
    context ->> '$.campaign.source' as utm_source,
    context ->> '$.campaign.medium' as utm_medium,
    context ->> '$.campaign.name' as utm_campaign,
    context ->> '$.campaign.content' as utm_content,
    context ->> '$.campaign.term' as utm_term,
    coalesce(properties ->> 'product_id', properties ->> '$.products[0].product_id') as product_id,
    value_amount,
    case when value_amount is not null then upper(properties ->> 'currency') end as currency,
    case when device_kind in ('ios', 'android') then 'mobile' end as device_type,
    {{ json_of({'type': 'type', 'name': 'coalesce(event, name)', 'order_id': "properties ->> 'order_id'"}) }}::json
        as properties
from timed
