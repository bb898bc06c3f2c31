with

email_events as (

    select * from {{ source('raw_files', 'email_events') }}

)

select
    'files:' || event_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    event_id,
    lower(email) as email,
    campaign_id,
    type,
    occurred_at,
    url,
    is_machine,
    user_agent
from email_events
