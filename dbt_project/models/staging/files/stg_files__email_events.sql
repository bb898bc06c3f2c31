with

email_events as (

    select * from {{ source('raw_files', 'email_events') }}

)

select
    'files:' || trim(event_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(event_id), '') as event_id,
    nullif(lower(trim(email)), '') as email,
    nullif(trim(campaign_id), '') as campaign_id,
    lower(trim(type)) as type,
    occurred_at,
    nullif(trim(url), '') as url,
    is_machine,
    nullif(trim(user_agent), '') as user_agent
from email_events
