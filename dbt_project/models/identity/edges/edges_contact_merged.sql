with

merges as (

    select
        {{ identifier_key('contact_id', 'contact_id') }} as left_key,
        {{ identifier_key('contact_id', 'merged_into_contact_id') }} as right_key,
        record_key,
        coalesce(deleted_at, updated_at, created_at) as merged_at,
        first_load_seq,
    from {{ ref('crm_contacts') }}

)

select
    'contact_merged' as rule,
    left_key,
    right_key,
    record_key,
    merged_at as first_seen_at,
    merged_at as last_seen_at,
    first_load_seq as load_seq,
    1::bigint as row_count
from merges
where left_key is not null
    and right_key is not null
    and left_key <> right_key
