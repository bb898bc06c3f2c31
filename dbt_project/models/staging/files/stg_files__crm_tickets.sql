with

crm_tickets as (

    select * from {{ source('raw_files', 'crm_tickets') }}

)

select
    'files:' || trim(ticket_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(ticket_id), '') as ticket_id,
    nullif(trim(contact_id), '') as contact_id,
    nullif(lower(trim(email)), '') as email,
    nullif(trim(channel), '') as channel,
    nullif(trim(topic), '') as topic,
    opened_at,
    first_response_at,
    resolved_at,
    is_self_service,
    updated_at
from crm_tickets
