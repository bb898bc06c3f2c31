with

events as (

    select
        *,
        event_properties ->> '$."$flow"' as flow_id,
        event_properties ->> '$."$message"' as message_id,
        -- Flags of machines are told under several names; every flag that is there counts.
        list_transform(
            list_filter(
                [
                    event_properties ->> 'machine_open',
                    event_properties ->> '$."$machine_open"',
                    event_properties ->> 'Machine Open',
                    event_properties ->> 'Apple Privacy Open',
                    event_properties ->> 'Bot Click'
                ],
                lambda flag: flag is not null
            ),
            lambda flag: lower(flag) in ('true', '1')
        ) as machine_flags,
    from {{ source('raw_klaviyo', 'events') }}

),

campaigns as (

    select * from {{ source('raw_klaviyo', 'campaigns') }}
    qualify row_number() over (partition by id order by _load_seq desc, _row_number desc) = 1

),

messages as (

    select
        id as campaign_id,
        unnest(from_json(coalesce(messages, '[]'), '[{"id": "VARCHAR"}]')).id as message_id,
    from campaigns

)

select
    'klaviyo:' || events.id as record_key,
    'klaviyo' as source,
    events._load_seq as load_seq,
    events._row_number as row_number,
    events.id as event_id,
    lower(events.email) as email,
    -- Mails of flows belong to no campaign. Others name their message, older ones the campaign itself.
    case when events.flow_id is null then coalesce(messages.campaign_id, events.message_id) end as campaign_id,
    case events.metric
        when 'Received Email' then 'delivered'
        when 'Opened Email' then 'open'
        when 'Clicked Email' then 'click'
        when 'Bounced Email' then 'bounce'
        when 'Marked Email as Spam' then 'complaint'
        when 'Unsubscribed' then 'unsubscribe'
        when 'Unsubscribed from Email Marketing' then 'unsubscribe'
        else events.metric
    end as type,
    {{ utc('events.occurred_at') }} as occurred_at,
    case when events.metric = 'Clicked Email' then events.event_properties ->> 'URL' end as url,
    case
        when events.metric in ('Opened Email', 'Clicked Email') then list_bool_or(events.machine_flags)
    end as is_machine,
    cast(null as varchar) as user_agent
from events
left join messages on messages.message_id = events.message_id
-- A mail that was dropped never left, and nobody can be told of without an address.
where events.metric <> 'Dropped Email' and events.email is not null
