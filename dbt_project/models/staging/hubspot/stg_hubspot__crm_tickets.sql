with

tickets as (

    select * from {{ source('raw_hubspot', 'tickets') }}

)

select
    'hubspot:' || id as record_key,
    'hubspot' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as ticket_id,
    contact_ids ->> 0 as contact_id,
    cast(null as varchar) as email,
    lower(source_type) as channel,
    lower(category) as topic,
    {{ utc('created_at') }} as opened_at,
    {{ utc('first_reply_at') }} as first_response_at,
    {{ utc('closed_at') }} as resolved_at,
    cast(null as boolean) as is_self_service,
    {{ utc('updated_at') }} as updated_at
from tickets
where not is_archived
