select
    'contact_merged' as rule,
    merged_key as left_key,
    into_key as right_key,
    record_key,
    merged_at as first_seen_at,
    merged_at as last_seen_at,
    first_load_seq as load_seq,
    1::bigint as row_count
from {{ ref('contact_merges') }}
where merged_key <> into_key
