with

overrides as (

    select * from {{ ref('overrides') }}

),

identifiers as (

    select identifier_key from {{ ref('customer_identifiers_map') }}
    where identifier_key in (select left_key from overrides union all select right_key from overrides)

),

merges as (

    select
        {{ identifier_key('contact_id', 'contact_id') }} as merged_key,
        {{ identifier_key('contact_id', 'merged_into_contact_id') }} as into_key,
        coalesce(deleted_at, updated_at, created_at) as merged_at,
    from {{ ref('crm_contacts') }}
    where trim(merged_into_contact_id) <> ''

)

select
    'contradictory_override' as violation,
    'refused' as severity,
    overrides.left_key as identifier_key,
    overrides.right_key as linked_key,
    'override ' || override_id || ' (' || overrides.action || ') contradicts '
    || case
        when refused_overrides.contradicts = override_id then 'itself and is not applied'
        else refused_overrides.contradicts || ': none of them is applied'
    end as reason,
    overrides.created_at as first_seen_at
from overrides
inner join {{ ref('refused_overrides') }} as refused_overrides using (override_id)
union all
select
    'unknown_override',
    'warn',
    overrides.left_key,
    overrides.right_key,
    'override ' || overrides.override_id || ' names an identifier that no row has',
    overrides.created_at
from overrides
left join identifiers as left_identifiers on left_identifiers.identifier_key = overrides.left_key
left join identifiers as right_identifiers on right_identifiers.identifier_key = overrides.right_key
where left_identifiers.identifier_key is null
    or right_identifiers.identifier_key is null
union all
select
    'override_on_itself',
    'warn',
    left_key,
    right_key,
    'override ' || override_id || ' links an identifier with itself, which says nothing',
    created_at
from overrides
where action = 'always_link'
    and left_key = right_key
union all
select
    'dangling_merge',
    'warn',
    merged_key,
    into_key,
    'merged into a contact that no row describes',
    merged_at
from {{ ref('contact_merges') }}
where not is_into_known
union all
select
    'dangling_merge',
    'warn',
    merged_key,
    null,
    'merged into a contact_id that never names a contact',
    merged_at
from merges
where merged_key is not null
    and into_key is null
union all
select
    'merge_cycle',
    'warn',
    contact_merges.merged_key,
    contact_merges.into_key,
    'merged in a circle: no contact of it is the remaining one',
    contact_merges.merged_at
from {{ ref('contact_merges') }} as contact_merges
inner join {{ ref('merge_cycles') }} as merge_cycles on merge_cycles.identifier_key = contact_merges.merged_key
