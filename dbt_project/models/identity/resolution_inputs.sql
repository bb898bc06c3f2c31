{{ config(materialized='view', pre_hook="{{ forget_incomplete_resolution() }}") }}

{%- set sighted = [] -%}
{%- for identifier_type in identifier_types() %}{% do sighted.append(identifier_type ~ '_key') %}{% endfor %}

with

rules as (

    select md5(string_agg(rule, ';' order by rule)) as rules
    from (
        select hash(identifier_limits)::varchar as rule from {{ ref('identifier_limits') }} as identifier_limits
        union all
        select local_part from {{ ref('role_mailboxes') }}
    )

),

sightings as (

    select
        {%- for identifier_type in identifier_types() %}
        {{ identifier_type }}_key as key_{{ loop.index }},
        {%- endfor %}
        hash(
            entity, role, source, first_seen_at, record_key, load_seq, {{ sighted | join(', ') }}
        ) as structure,
        hash(last_seen_at, row_count) as activity,
    from {{ ref('sightings') }}

),

overrides as (

    select
        left_key as key_1,
        right_key as key_2,
        hash(override_id, action, left_key, right_key, record_key, created_at, first_load_seq, contradicts) as structure,
    from {{ ref('overrides') }}
    left join {{ ref('refused_overrides') }} as refused_overrides using (override_id)

),

merges as (

    select
        merged_key as key_1,
        into_key as key_2,
        hash('merge', record_key, merged_key, into_key, merged_at, first_load_seq) as structure,
    from {{ ref('contact_merges') }}

),

proposed_matches as (

    select
        left_key as key_1,
        right_key as key_2,
        hash('proposed', left_key, right_key, record_key, first_seen_at, load_seq) as structure,
    from {{ ref('contact_matches') }}
    where is_automatic

),

inputs as (

    select * from sightings
    union all by name
    select * from overrides
    union all by name
    select * from merges
    union all by name
    select * from proposed_matches

)

select
    {{ input_keys() }},
    hash(rules, structure) as structure_hash,
    hash(rules, structure, activity) as content_hash
from inputs
cross join rules
