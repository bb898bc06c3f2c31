with

crm_tickets as (

    select * from {{ source('raw_files', 'crm_tickets') }}

)

select
    'files:' || ticket_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    ticket_id,
    contact_id,
    lower(email) as email,
    channel,
    topic,
    opened_at,
    first_response_at,
    resolved_at,
    is_self_service,
    updated_at
from crm_tickets
