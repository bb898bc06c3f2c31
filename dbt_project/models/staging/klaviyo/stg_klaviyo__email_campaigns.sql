with

campaigns as (

    select * from {{ source('raw_klaviyo', 'campaigns') }}

)

select
    'klaviyo:' || id as record_key,
    'klaviyo' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as campaign_id,
    name,
    -- A campaign with several messages has no subject of its own.
    case
        when json_array_length(messages) = 1 then messages ->> '$[0].definition.content.subject'
    end as subject,
    {{ utc('send_time') }} as sent_at,
    'email' as channel,
    cast(null as varchar) as goal
from campaigns
where status in ('Sent', 'Sending', 'Sending Segments', 'Variations Sent')
