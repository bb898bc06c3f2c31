with

reference_identity_overrides as (

    select * from {{ source('raw_files', 'reference_identity_overrides') }}

)

select
    'files:' || override_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    override_id,
    action,
    left_type,
    left_value,
    right_type,
    right_value,
    reason,
    created_at
from reference_identity_overrides
