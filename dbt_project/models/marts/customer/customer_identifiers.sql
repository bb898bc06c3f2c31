select
    customer_id,
    identifier_type,
    identifier_value,
    source,
    first_seen_at,
    last_seen_at,
    is_bridging,
    {{ as_of() }} as as_of,
from {{ ref('customer_identifiers_map') }}
semi join {{ ref('customer_origins') }} as people using (customer_id)
