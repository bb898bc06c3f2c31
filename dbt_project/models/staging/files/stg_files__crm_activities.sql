with

crm_activities as (

    select * from {{ source('raw_files', 'crm_activities') }}

)

select
    'files:' || trim(activity_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(activity_id), '') as activity_id,
    nullif(trim(contact_id), '') as contact_id,
    lower(trim(type)) as type,
    occurred_at,
    nullif(trim(direction), '') as direction,
    nullif(trim(outcome), '') as outcome,
    nullif(trim(campaign), '') as campaign
from crm_activities
