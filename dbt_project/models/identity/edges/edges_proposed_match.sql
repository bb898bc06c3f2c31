select
    'proposed_match' as rule,
    left_key,
    right_key,
    record_key,
    first_seen_at,
    first_seen_at as last_seen_at,
    load_seq,
    1::bigint as row_count
from {{ ref('contact_matches') }}
where is_automatic
