{%- set keys = [] -%}
{%- for identifier_type in identifier_types() %}{% do keys.append(identifier_type ~ '_key') %}{% endfor -%}

with

sightings as (

    select * from {{ ref('sightings') }}

),

unusable as (

    select
        entity,
        role,
        source,
        unnest(string_split(unusable_identifiers, ' ')) as unusable,
        row_count,
        first_seen_at,
        last_seen_at,
    from sightings
    where unusable_identifiers is not null

),

by_type as (

    select
        entity,
        role,
        source,
        split_part(unusable, ':', 1) as identifier_type,
        split_part(unusable, ':', 2) as reason,
        row_count,
        first_seen_at,
        last_seen_at,
    from unusable
    union all
    select entity, role, source, 'any', 'nobody_named', row_count, first_seen_at, last_seen_at
    from sightings
    where role <> 'merged_into'
        and coalesce({{ keys | join(', ') }}) is null

),

counted as (

    select
        entity,
        role,
        source,
        identifier_type,
        reason,
        sum(row_count)::bigint as row_count,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at,
    from by_type
    group by all

),

delivered as (

    select
        entity,
        role,
        source,
        {%- for identifier_type in identifier_types() %}
        sum(row_count) filter (
            where {{ identifier_type }}_key is not null or contains(unusable_identifiers, '{{ identifier_type }}:')
        ) as {{ identifier_type }}_count,
        {%- endfor %}
        sum(row_count) as row_count,
    from sightings
    group by all

)

select
    counted.entity,
    counted.role,
    counted.source,
    counted.identifier_type,
    counted.reason,
    counted.row_count,
    (case counted.identifier_type
        {%- for identifier_type in identifier_types() %}
        when '{{ identifier_type }}' then delivered.{{ identifier_type }}_count
        {%- endfor %}
        else delivered.row_count
    end)::bigint as delivered_row_count,
    counted.first_seen_at,
    counted.last_seen_at
from counted
inner join delivered using (entity, role, source)
