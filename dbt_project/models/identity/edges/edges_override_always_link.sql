select
    'override_always_link' as rule,
    left_key,
    right_key,
    min({'seen_at': created_at, 'record_key': record_key}).record_key as record_key,
    min(created_at) as first_seen_at,
    max(created_at) as last_seen_at,
    min(first_load_seq) as load_seq,
    count(*) as row_count
from {{ ref('overrides') }}
anti join {{ ref('refused_overrides') }} as refused_overrides using (override_id)
where action = 'always_link'
    and left_key is not null
    and right_key is not null
group by left_key, right_key
