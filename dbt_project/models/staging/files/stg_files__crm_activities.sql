with

crm_activities as (

    select * from {{ source('raw_files', 'crm_activities') }}

)

select
    'files:' || activity_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    activity_id,
    contact_id,
    type,
    occurred_at,
    direction,
    outcome,
    campaign
from crm_activities
