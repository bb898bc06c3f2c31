with

delivered as (

    {{ latest_delivery(staged('reference_identity_overrides')) }}

)

select
    record_key,
    source,
    override_id,
    action,
    left_type,
    left_value,
    right_type,
    right_value,
    reason,
    created_at,
    load_seq,
    first_load_seq
from delivered
