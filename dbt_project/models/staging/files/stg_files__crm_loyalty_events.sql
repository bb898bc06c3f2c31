with

crm_loyalty_events as (

    select * from {{ source('raw_files', 'crm_loyalty_events') }}

)

select
    'files:' || event_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    event_id,
    loyalty_id,
    contact_id,
    lower(email) as email,
    type,
    points,
    occurred_at
from crm_loyalty_events
