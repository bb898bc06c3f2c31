with

reference_identity_overrides as (

    select * from {{ source('raw_files', 'reference_identity_overrides') }}

)

select
    'files:' || trim(override_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(override_id), '') as override_id,
    lower(trim(action)) as action,
    nullif(trim(left_type), '') as left_type,
    nullif(trim(left_value), '') as left_value,
    nullif(trim(right_type), '') as right_type,
    nullif(trim(right_value), '') as right_value,
    nullif(trim(reason), '') as reason,
    created_at
from reference_identity_overrides
