with

crm_stage_changes as (

    select * from {{ source('raw_files', 'crm_stage_changes') }}

)

select
    'files:' || change_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    change_id,
    contact_id,
    lower(stage) as stage,
    changed_at,
    changed_by
from crm_stage_changes
