with

identifiers as (

    select * from {{ ref('identifiers') }}

),

breaches as (

    select * from {{ ref('strong_breaches') }}
    union all
    select * from {{ ref('weak_breaches') }}

),

cut_links as (

    select
        links.left_number,
        links.right_number,
        cut_links.reason,
        links.first_seen_at,
    from {{ ref('cut_links') }} as cut_links
    inner join {{ ref('links') }} as links using (link_number)

),

unknown_overrides as (

    select
        overrides.override_id,
        overrides.left_key,
        overrides.right_key,
        overrides.created_at,
    from {{ ref('overrides') }} as overrides
    left join identifiers as left_identifiers on left_identifiers.identifier_key = overrides.left_key
    left join identifiers as right_identifiers on right_identifiers.identifier_key = overrides.right_key
    where left_identifiers.identifier_key is null
        or right_identifiers.identifier_key is null

)

select
    'limit' as violation,
    breaches.severity,
    identifiers.identifier_key,
    null::varchar as linked_key,
    breaches.linked_type,
    breaches.linked_count,
    breaches.allowed,
    breaches.reason,
    identifiers.first_seen_at
from breaches
inner join identifiers using (identifier_number)
union all
select
    'cut_link',
    'cut',
    left_identifiers.identifier_key,
    right_identifiers.identifier_key,
    right_identifiers.identifier_type,
    null,
    null,
    cut_links.reason,
    cut_links.first_seen_at
from cut_links
inner join identifiers as left_identifiers on left_identifiers.identifier_number = cut_links.left_number
inner join identifiers as right_identifiers on right_identifiers.identifier_number = cut_links.right_number
union all
select
    'unknown_override',
    'warn',
    left_key,
    right_key,
    null,
    null,
    null,
    'override ' || override_id || ' names an identifier that no row has',
    created_at
from unknown_overrides
