with

crm_loyalty_events as (

    select * from {{ source('raw_files', 'crm_loyalty_events') }}

)

select
    'files:' || trim(event_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(event_id), '') as event_id,
    nullif(trim(loyalty_id), '') as loyalty_id,
    nullif(trim(contact_id), '') as contact_id,
    nullif(lower(trim(email)), '') as email,
    lower(trim(type)) as type,
    points,
    occurred_at
from crm_loyalty_events
