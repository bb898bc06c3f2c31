with

identifiers as (

    select * from {{ ref('customer_identifiers_map') }}

)

select
    customer_id,
    count(*) as identifier_count,
    count(distinct source) as source_count,
    min(first_seen_at) as first_seen_at,
    max(last_seen_at) as last_seen_at,
    bool_or(identifier_type not in ('anonymous_id', 'social_handle')) as is_identified
from identifiers
group by customer_id
