with

events as (

    select * from {{ source('raw_brevo', 'events') }}

)

select
    'brevo:' || id as record_key,
    'brevo' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as event_id,
    lower(email) as email,
    -- Transactional mails belong to no campaign.
    cast(null as varchar) as campaign_id,
    case event
        when 'requests' then 'sent'
        when 'delivered' then 'delivered'
        when 'opened' then 'open'
        when 'loadedByProxy' then 'open'
        when 'clicks' then 'click'
        when 'hardBounces' then 'bounce'
        when 'softBounces' then 'bounce'
        when 'bounces' then 'bounce'
        when 'unsubscribed' then 'unsubscribe'
        when 'spam' then 'complaint'
        else event
    end as type,
    {{ utc('date') }} as occurred_at,
    case when event = 'clicks' then link end as url,
    case event when 'loadedByProxy' then true when 'opened' then false end as is_machine,
    cast(null as varchar) as user_agent
from events
where event not in ('blocked', 'deferred', 'error', 'invalid')
